import { digest } from '../stand-in/names.ts';
import { stamp } from '../stand-in/times.ts';
import { isStuck, type Pod, podsOf } from '../stand-in/tree.ts';
import type { Live } from '../stand-in/types.ts';
import { type PullTimes, pullStage } from './pod.ts';
import type { KubeObject } from './types.ts';

export interface Happening {
  readonly about: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly at: number;
}

/** An event of the core API, as it was first written: none of the stand-in happens twice. */
export function eventOf({ about, type, reason, message, component, at }: Happening): KubeObject {
  const id = digest(`${about.name}${reason}${message}${at}`).slice(0, 16);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${about.name}.${id}`, namespace: about.namespace },
    involvedObject: about,
    reason,
    message,
    source: { component },
    firstTimestamp: stamp(at),
    lastTimestamp: stamp(at),
    count: 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: '',
  };
}

/** What the controllers and the kubelet have said by now of an applied object and its pods. */
export function happeningsOf(live: Live, times: PullTimes, now: number): readonly Happening[] {
  if (live.manifest.kind !== 'Deployment') return [];
  const { name, namespace = '' } = live.manifest;
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
  const scaled = live.podSets.map(({ hash, since }) => ({
    about: deployment,
    type: 'Normal' as const,
    reason: 'ScalingReplicaSet',
    message: `Scaled up replica set ${name}-${hash}`,
    component: 'deployment-controller',
    at: since,
  }));
  return [...scaled, ...podsOf({ live: [live] }, now).flatMap((pod) => podHappenings(pod, times, now))];
}

function podHappenings(pod: Pod, times: PullTimes, now: number): readonly Happening[] {
  const { name, namespace, podSet } = pod;
  const image = podSet.images[0] ?? '';
  const say = (type: Happening['type'], reason: string, message: string, later = 0): Happening => ({
    about: { apiVersion: 'v1', kind: 'Pod', namespace, name },
    type,
    reason,
    message,
    component: reason === 'Scheduled' ? 'default-scheduler' : 'kubelet',
    at: podSet.since + later,
  });
  const stage = isStuck(pod) ? pullStage(pod, times, now) : 'ContainerCreating';
  const failed =
    stage === 'ContainerCreating'
      ? []
      : [
          say('Warning', 'Failed', `Failed to pull image "${image}": ${image}: not found`, times.pullFails),
          say('Warning', 'Failed', 'Error: ErrImagePull', times.pullFails),
        ];
  const backOff =
    stage === 'ImagePullBackOff'
      ? [say('Warning', 'BackOff', `Back-off pulling image "${image}"`, times.pullBacksOff)]
      : [];
  return [
    say('Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to stand-in`),
    say('Normal', 'Pulling', `Pulling image "${image}"`),
    ...failed,
    ...backOff,
  ];
}
