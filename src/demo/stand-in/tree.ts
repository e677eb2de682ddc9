import { healthOf, isReady, presentPods, replicasOf } from './cluster.ts';
import { canonical, digest, uid } from './names.ts';
import { applicationUid, CONTROL_NAMESPACE } from './render.ts';
import { stamp } from './times.ts';
import type { ApplicationState, Live, PodSet } from './types.ts';

export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly owner: Live;
  readonly podSet: PodSet;
  readonly ready: boolean;
}

/** Every pod that there is at a moment. */
export function podsOf(state: Pick<ApplicationState, 'live'>, now: number): readonly Pod[] {
  return state.live.flatMap((owner) =>
    presentPods(owner, now)
      .flatMap((podSet) => podsOfSet(owner, podSet, now))
      .filter((pod) => pod.namespace !== ''),
  );
}

// While the newest pods are not ready, a rolling update runs one of them and keeps the old ones.
function podsOfSet(owner: Live, podSet: PodSet, now: number): readonly Pod[] {
  const ready = isReady(podSet, now);
  const alone = presentPods(owner, now).length === 1;
  const count = ready || alone ? replicasOf(owner.manifest) : 1;
  const { name, namespace = '' } = owner.manifest;
  return Array.from({ length: count }, (_, index) => {
    const suffix = digest(`${podSet.hash}/${index}`).slice(0, 5);
    return { name: `${name}-${podSet.hash}-${suffix}`, namespace, owner, podSet, ready };
  });
}

/** Whether the image of a pod is what holds it up, as far as the stand-in plays it: no other reason exists here. */
export function isStuck(pod: Pod): boolean {
  return pod.podSet.readyAt === undefined;
}

/** The answer of `/resource-tree`. */
export function renderTree(state: ApplicationState, now: number) {
  const objects = state.live.map((object) => objectNode(object, now));
  const sets = state.live.flatMap((owner) => presentPods(owner, now).map((podSet) => setNode(owner, podSet)));
  return { nodes: [...podsOf(state, now).map(podNode), ...sets, ...objects], hosts: [] };
}

function objectNode(object: Live, now: number) {
  const health = healthOf(object, now);
  const revision =
    object.podSets.length === 0 ? {} : { info: [{ name: 'Revision', value: `Rev:${object.generation}` }] };
  return {
    ...head(object),
    ...revision,
    resourceVersion: String(object.generation),
    ...(health === undefined ? {} : { health }),
    createdAt: stamp(object.createdAt),
  };
}

function head({ manifest, createdAt }: Live) {
  const { group, version, kind, namespace, name } = manifest;
  return {
    ...(group === '' ? {} : { group }),
    version,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid: uid(`${kind}/${namespace}/${name}/${createdAt}`),
  };
}

function setHead(owner: Live, podSet: PodSet) {
  const { namespace, name } = owner.manifest;
  const setName = `${name}-${podSet.hash}`;
  const identity = { group: 'apps', version: 'v1', kind: 'ReplicaSet', namespace, name: setName };
  return { ...identity, uid: uid(`ReplicaSet/${namespace}/${setName}`) };
}

function setNode(owner: Live, podSet: PodSet) {
  const parentRefs = [head(owner)].map(({ version: _, ...parent }) => parent);
  const rest = { info: [], resourceVersion: '1', health: { status: 'Healthy' }, createdAt: stamp(podSet.since) };
  return { ...setHead(owner, podSet), parentRefs, ...rest };
}

function podNode(pod: Pod) {
  const { version, kind, namespace, name, uid: parentUid, group } = setHead(pod.owner, pod.podSet);
  return {
    version: 'v1',
    kind: 'Pod',
    namespace: pod.namespace,
    name: pod.name,
    uid: podUid(pod),
    parentRefs: [{ group, version, kind, namespace, name, uid: parentUid }],
    info: [
      { name: 'Status Reason', value: pod.ready ? 'Running' : isStuck(pod) ? 'ImagePullBackOff' : 'ContainerCreating' },
      { name: 'Containers', value: `${pod.ready ? 1 : 0}/1` },
    ],
    resourceVersion: '1',
    images: pod.podSet.images,
    health: podHealth(pod),
    createdAt: stamp(pod.podSet.since),
  };
}

export function podUid(pod: Pod): string {
  return uid(`Pod/${pod.namespace}/${pod.name}`);
}

function podHealth(pod: Pod) {
  if (pod.ready) return { status: 'Healthy' };
  return isStuck(pod)
    ? { status: 'Degraded', message: `Back-off pulling image "${pod.podSet.images[0] ?? ''}"` }
    : { status: 'Progressing' };
}

/** The answer of `/managed-resources`: what the repository wants and what is live, each as JSON text. */
export function renderManaged(state: ApplicationState) {
  return {
    items: state.live.map((object) => {
      const { group, kind, namespace, name } = object.manifest;
      const live = canonical(object.manifest.content);
      const wanted = state.wanted?.find((manifest) => manifest.kind === kind && manifest.name === name);
      const resourceVersion = String(object.generation);
      const states = { liveState: live, normalizedLiveState: live, predictedLiveState: live, resourceVersion };
      const identity = {
        ...(group === '' ? {} : { group }),
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
      };
      return { ...identity, targetState: wanted ? canonical(wanted.content) : 'null', ...states };
    }),
  };
}

/** What an event is about. */
export function involvedApplication(state: ApplicationState) {
  const apiVersion = 'argoproj.io/v1alpha1';
  const { name } = state.application;
  return { kind: 'Application', namespace: CONTROL_NAMESPACE, name, uid: applicationUid(state), apiVersion };
}
