/**
 * How pods behave in the lab, told by the tag of their image, as kwok's Stage objects
 * (https://kwok.sigs.k8s.io/docs/user/stages-configuration/):
 *   ...bad...     the image cannot be pulled
 *   ...never...   starts, and its readiness probe never passes
 *   ...crash...   ends before it is ready, again and again
 *   ...flap...    the same, but ready for a second before each end
 *   any other     ready after the annotation `lab/ready-after`, 2 s without one
 *   of a Job      done after the annotation `lab/done-after`, 2 s without one; failed where the tag holds "fail"
 */
export function podStages(): readonly object[] {
  return [
    stage('pod-begin', 200, [absent('.metadata.deletionTimestamp'), absent('.status.podIP')], BEGUN),
    stage('pod-ready', after('ready', 2000), [...pending, tagged(false, 'bad|never|crash|flap')], RUNNING),
    stage('pod-never-ready', 1000, [...pending, tagged(true, 'never')], UNREADY),
    stage('pod-not-pulled', 1000, [...pending, tagged(true, 'bad'), waiting('ContainerCreating')], NOT_PULLED),
    stage('pod-crashed', 3000, [...pending, tagged(true, 'crash')], CRASHED),
    stage('pod-up-again', 3000, [...alive, tagged(true, 'flap'), down], RUNNING_AGAIN),
    stage('pod-down-again', 1200, [...alive, tagged(true, 'flap'), upNow], DOWN_AGAIN),
    stage('pod-of-job-done', after('done', 2000), [running, ofJob], DONE),
    { ...named('pod-gone'), spec: { ...pods, selector: all([present('.metadata.deletionTimestamp')]), ...GONE } },
  ];
}

/** A node that takes any number of pods; kwok answers for its kubelet. */
export const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'lab', labels: { 'kubernetes.io/hostname': 'lab', type: 'kwok' } },
};

/** kwok plays pods only on nodes that it manages, which begins with a stage of the node itself. */
export function nodeStage(kubeletPort: number): object {
  const room = { cpu: '1k', memory: '1Ti', pods: '100k' };
  const ready = { type: 'Ready', status: 'True', reason: 'Lab', message: '', lastTransitionTime: '{{ Now }}' };
  const status = {
    capacity: room,
    allocatable: room,
    phase: 'Running',
    conditions: [ready],
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
  };
  const resourceRef = { apiGroup: 'v1', kind: 'Node' };
  const selector = all([{ key: '.status.phase', operator: 'NotIn', values: ['Running'] }]);
  return { ...named('node-ready'), spec: { resourceRef, selector, next: { statusTemplate: JSON.stringify(status) } } };
}

const pods = { resourceRef: { apiGroup: 'v1', kind: 'Pod' } };
const absent = (key: string) => ({ key, operator: 'DoesNotExist' });
const present = (key: string) => ({ key, operator: 'Exists' });
const isIn = (key: string, value: string) => ({ key, operator: 'In', values: [value] });
const running = isIn('.status.phase', 'Running');
const ofJob = isIn('.metadata.ownerReferences.[].kind', 'Job');
const waiting = (reason: string) => isIn(whyWaiting, reason);
const pending = [absent('.metadata.deletionTimestamp'), present('.status.podIP'), isIn('.status.phase', 'Pending')];
const alive = [absent('.metadata.deletionTimestamp'), present('.status.podIP')];
const whyWaiting = '.status.containerStatuses.[].state.waiting.reason';
const down = { key: whyWaiting, operator: 'In', values: ['ContainerCreating', 'CrashLoopBackOff'] };
const upNow = isIn('.status.containerStatuses.[].ready', 'true');
const tagged = (holds: boolean, words: string) =>
  isIn(`[.spec.containers[].image | test(":.*(${words})")] | any`, String(holds));
const all = (matchExpressions: readonly object[]) => ({ matchExpressions });
const named = (name: string) => ({ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage', metadata: { name } });

type Delay = { readonly durationMilliseconds: number; readonly durationFrom?: object };

function after(what: 'ready' | 'done', durationMilliseconds: number): Delay {
  const durationFrom = { expressionFrom: `.metadata.annotations["lab/${what}-after"]` };
  return { durationMilliseconds, durationFrom };
}

function stage(name: string, delay: number | Delay, selector: readonly object[], next: Next): object {
  const wait = typeof delay === 'number' ? { durationMilliseconds: delay } : delay;
  const event = next.event === undefined ? {} : { event: next.event };
  const spec = { ...pods, selector: all(selector), delay: wait, next: { ...event, statusTemplate: next.status } };
  return { ...named(name), spec };
}

interface Next {
  readonly event?: { readonly type: string; readonly reason: string; readonly message: string };
  readonly status: string;
}

const GONE = { delay: { durationMilliseconds: 300 }, next: { finalizers: { empty: true }, delete: true } };

/** Conditions that depend on readiness, as the kubelet writes them. */
const conditions = (ready: boolean, reason: string) => `
{{ $now := Now }}
conditions:
${['Initialized', 'PodReadyToStartContainers'].map((type) => condition(type, true, '')).join('\n')}
${['Ready', 'ContainersReady'].map((type) => condition(type, ready, reason)).join('\n')}`;

const condition = (type: string, holds: boolean, reason: string) =>
  `- {type: ${type}, status: "${holds ? 'True' : 'False'}", reason: "${reason}", lastTransitionTime: {{ $now | Quote }}}`;

/** One entry for each container; `state` is YAML in flow style and may use `$c`, the container, and `$now`. */
const containers = (state: string, more: string, restarts = '0') => `
containerStatuses:
{{ range $i, $c := .spec.containers }}
- {name: {{ $c.name | Quote }}, image: {{ $c.image | Quote }}, imageID: "", restartCount: ${restarts}, ${more}, state: ${state}}
{{ end }}`;

const ADDRESSES = `
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
startTime: {{ Now | Quote }}`;

const NOT_YET = 'ready: false, started: false';

const BEGUN: Next = {
  event: { type: 'Normal', reason: 'Pulling', message: 'Pulling the image' },
  status: `${conditions(false, 'ContainersNotReady')}${containers('{waiting: {reason: ContainerCreating}}', NOT_YET)}${ADDRESSES}
phase: Pending`,
};

const RUNNING: Next = {
  event: { type: 'Normal', reason: 'Started', message: 'Started container' },
  status: `${conditions(true, '')}${containers('{running: {startedAt: {{ $now | Quote }}}}', 'ready: true, started: true')}
phase: Running`,
};

const UNREADY: Next = {
  event: {
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
  },
  status: `{{ $now := Now }}${containers('{running: {startedAt: {{ $now | Quote }}}}', 'ready: false, started: true')}
phase: Running`,
};

const NOT_PULLED: Next = {
  event: { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
  status: containers(
    '{waiting: {reason: ImagePullBackOff, message: {{ printf "Back-off pulling image %q: not found" $c.image | Quote }}}}',
    NOT_YET,
  ),
};

const ENDED = '{exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}';

/** How often a container was started again: once more than before, or as often. */
const ONCE_MORE = '{{ add (index $root.status.containerStatuses $i).restartCount 1 }}';
const AS_OFTEN = '{{ (index $root.status.containerStatuses $i).restartCount }}';

const CRASHED: Next = {
  event: { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  status: `{{ $now := Now }}{{ $root := . }}${containers(
    `{waiting: {reason: CrashLoopBackOff, message: "back-off 10s restarting failed container"}}`,
    `${NOT_YET}, lastState: {terminated: ${ENDED}}`,
    ONCE_MORE,
  )}`,
};

const RUNNING_AGAIN: Next = {
  ...RUNNING,
  status: `{{ $root := . }}${conditions(true, '')}${containers('{running: {startedAt: {{ $now | Quote }}}}', 'ready: true, started: true', AS_OFTEN)}
phase: Running`,
};

const DOWN_AGAIN: Next = {
  event: { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  status: `{{ $root := . }}${conditions(false, 'ContainersNotReady')}${containers(
    `{waiting: {reason: CrashLoopBackOff, message: "back-off 10s restarting failed container"}}`,
    `${NOT_YET}, lastState: {terminated: ${ENDED}}`,
    ONCE_MORE,
  )}
phase: Running`,
};

const FAILS = '(contains "fail" (index .spec.containers 0).image)';

const DONE: Next = {
  status: `${conditions(false, 'PodCompleted')}
{{ $fails := ${FAILS} }}${containers(
    '{terminated: {exitCode: {{ if $fails }}1{{ else }}0{{ end }}, reason: {{ if $fails }}Error{{ else }}Completed{{ end }}, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}',
    NOT_YET,
  )}
phase: {{ if $fails }}Failed{{ else }}Succeeded{{ end }}`,
};
