import { digest, uid } from './names.ts';
import { stamp } from './times.ts';
import { involvedApplication, isStuck, type Pod, podsOf, podUid } from './tree.ts';
import type { ApplicationState } from './types.ts';

interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly at: number;
}

/** The answer of `/events`: those of the object that is asked for, without one those of the Application. */
export function renderEvents(state: ApplicationState, query: URLSearchParams, now: number) {
  const name = query.get('resourceName');
  const pod = podsOf(state, now).find((candidate) => candidate.name === name);
  const items =
    name === null
      ? applicationHappenings(state).map((event) => eventOf(event, involvedApplication(state)))
      : pod === undefined
        ? []
        : podHappenings(pod, now).map((event) => eventOf(event, involvedPod(pod)));
  return { metadata: { resourceVersion: '1' }, items: items.length === 0 ? null : items };
}

function involvedPod(pod: Pod) {
  return { kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: podUid(pod), apiVersion: 'v1' };
}

function applicationHappenings(state: ApplicationState): readonly Happening[] {
  const started = state.history.map(({ revision, startedAt, username }) => ({
    type: 'Normal' as const,
    reason: 'OperationStarted',
    message: `Initiated ${username === undefined ? 'automated ' : ''}sync to '${revision}'`,
    at: startedAt,
  }));
  const { health } = state;
  if (health === undefined) return started;
  const message = `Updated health status:  -> ${health.status}`;
  return [...started, { type: 'Normal', reason: 'ResourceUpdated', message, at: health.since }];
}

// What the kubelet writes: https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff
function podHappenings(pod: Pod, now: number): readonly Happening[] {
  const image = pod.podSet.images[0] ?? '';
  const at = pod.podSet.since;
  const normal = (reason: string, message: string, later: number): Happening => ({
    type: 'Normal',
    reason,
    message,
    at: at + later,
  });
  const warning = (reason: string, message: string): Happening => ({ type: 'Warning', reason, message, at: now });
  const assigned = normal('Scheduled', `Successfully assigned ${pod.namespace}/${pod.name} to stand-in`, 0);
  const pulling = normal('Pulling', `Pulling image "${image}"`, 0);
  if (pod.ready) return [assigned, pulling, normal('Started', 'Started container', 500)];
  if (!isStuck(pod)) return [assigned, pulling];
  const failed = `Failed to pull image "${image}": rpc error: code = NotFound desc = ${image}: not found`;
  return [
    assigned,
    pulling,
    warning('Failed', failed),
    warning('Failed', 'Error: ErrImagePull'),
    warning('BackOff', `Back-off pulling image "${image}"`),
  ];
}

function eventOf({ type, reason, message, at }: Happening, involvedObject: ReturnType<typeof involvedPod>) {
  const name = `${involvedObject.name}.${digest(`${reason}${message}`).slice(0, 16)}`;
  const { namespace } = involvedObject;
  const component = involvedObject.kind === 'Pod' ? 'kubelet' : 'argocd-application-controller';
  return {
    metadata: { name, namespace, uid: uid(name), resourceVersion: '1', creationTimestamp: stamp(at) },
    involvedObject,
    reason,
    message,
    source: { component },
    firstTimestamp: stamp(at),
    lastTimestamp: stamp(at),
    count: 1,
    type,
    eventTime: null,
    ...(component === 'kubelet' ? { reportingComponent: component } : {}),
  };
}

/** The lines of `/logs`, newest last, and the empty line that says that these were all. */
export function renderLogs(state: ApplicationState, query: URLSearchParams, now: number): readonly string[] {
  const wanted = podsOf(state, now).filter((pod) => isAskedFor(pod, query));
  const lines = wanted.flatMap((pod) =>
    logOf(pod).map((content) => lineOf(content, pod.name, false, pod.podSet.since)),
  );
  const tail = Number(query.get('tailLines') ?? '0');
  return [...(tail > 0 ? lines.slice(-tail) : lines), lineOf('', '', true, now)];
}

function isAskedFor(pod: Pod, query: URLSearchParams): boolean {
  const name = query.get('podName');
  if (name !== null) return pod.name === name;
  return pod.owner.manifest.kind === query.get('kind') && pod.owner.manifest.name === query.get('resourceName');
}

// A log that cannot be read is a line of a good answer.
function logOf(pod: Pod): readonly string[] {
  if (pod.ready) return ['starting', `listening, image ${pod.podSet.images.join(', ')}`];
  const why = isStuck(pod) ? 'trying and failing to pull image' : 'ContainerCreating';
  return [`container in pod "${pod.name}" is waiting to start: ${why}`];
}

function lineOf(content: string, podName: string, last: boolean, at: number): string {
  const time = stamp(at);
  return `${JSON.stringify({ result: { content, timeStamp: time, last, timeStampStr: time, podName } })}\n`;
}
