import { podTemplate } from '../stand-in/manifests.ts';
import { isRecord, uid } from '../stand-in/names.ts';
import { stamp } from '../stand-in/times.ts';
import { isStuck, type Pod, podUid } from '../stand-in/tree.ts';
import type { Json, KubeObject, Pace } from './types.ts';

export type PullTimes = Pick<Pace, 'pullFails' | 'pullBacksOff'>;

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
export function renderPod(pod: Pod, times: PullTimes, now: number): KubeObject {
  const { name, namespace, owner, podSet } = pod;
  const template = podTemplate(owner.manifest.content) ?? {};
  const spec = withImages(isRecord(template.spec) ? template.spec : {}, podSet.images);
  const metadata = isRecord(template.metadata) ? template.metadata : {};
  const setName = `${owner.manifest.name}-${podSet.hash}`;
  const setUid = uid(`ReplicaSet/${namespace}/${setName}`);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${setName}-`,
      namespace,
      uid: podUid(pod),
      labels: { ...(isRecord(metadata.labels) ? metadata.labels : {}), 'pod-template-hash': podSet.hash },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: setName, uid: setUid, controller: true }],
    },
    spec: { ...spec, nodeName: 'stand-in' },
    status: statusOf(pod, spec, times, now),
  };
}

/** Of the template that the pod was made from, only its images are remembered; they stand in the order of `imagesOf`. */
function withImages(spec: Json, images: readonly string[]): Json {
  const { containers } = spec;
  if (!Array.isArray(containers) || images.length !== containers.length) return spec;
  return { ...spec, containers: containers.map((container: Json, index) => ({ ...container, image: images[index] })) };
}

function statusOf(pod: Pod, spec: Json, times: PullTimes, now: number): Json {
  const { podSet, ready } = pod;
  const names = containersOf(spec).map(({ name }) => String(name));
  const since = stamp(podSet.since);
  const readySince = stamp(ready ? (podSet.readyAt ?? podSet.since) : podSet.since);
  const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
  const readiness = (type: string) => ({
    type,
    status: ready ? 'True' : 'False',
    lastTransitionTime: readySince,
    ...(ready ? {} : unready),
  });
  return {
    phase: ready ? 'Running' : 'Pending',
    conditions: [
      { type: 'Initialized', status: 'True', lastTransitionTime: since },
      readiness('Ready'),
      readiness('ContainersReady'),
      { type: 'PodScheduled', status: 'True', lastTransitionTime: since },
    ],
    hostIP: '127.0.0.1',
    startTime: since,
    containerStatuses: containersOf(spec).map((container) => containerStatus(container, pod, times, now)),
    qosClass: 'BestEffort',
  };
}

function containersOf({ containers }: Json): readonly Json[] {
  return Array.isArray(containers) ? containers.filter(isRecord) : [];
}

function containerStatus({ name, image }: Json, pod: Pod, times: PullTimes, now: number): Json {
  const state = pod.ready
    ? { running: { startedAt: stamp(pod.podSet.readyAt ?? pod.podSet.since) } }
    : waiting(pod, times, now);
  return {
    name,
    state,
    lastState: {},
    ready: pod.ready,
    restartCount: 0,
    image,
    imageID: pod.ready ? image : '',
    started: pod.ready,
  };
}

/** https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff */
function waiting(pod: Pod, times: PullTimes, now: number): Json {
  const image = pod.podSet.images[0] ?? '';
  const stage = isStuck(pod) ? pullStage(pod, times, now) : 'ContainerCreating';
  const failure = `failed to pull and unpack image "${image}": not found`;
  const messages: Readonly<Record<string, Json>> = {
    ErrImagePull: { message: failure },
    ImagePullBackOff: { message: `Back-off pulling image "${image}": ErrImagePull: ${failure}` },
  };
  return { waiting: { reason: stage, ...messages[stage] } };
}

export function pullStage(pod: Pod, { pullFails, pullBacksOff }: PullTimes, now: number) {
  const age = now - pod.podSet.since;
  return age >= pullBacksOff ? 'ImagePullBackOff' : age >= pullFails ? 'ErrImagePull' : 'ContainerCreating';
}
