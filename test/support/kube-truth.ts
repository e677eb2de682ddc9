import { type ContainerImages, containerImages } from '../../src/engines/object-health/pod-template.ts';
import type { Story } from './story.ts';
import { stateAt } from './story.ts';
import { type Run, runsOf, type Truth } from './truth-runs.ts';

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
type Foreign = any;

const WAITING = ['CrashLoopBackOff', 'ErrImagePull', 'ImagePullBackOff'];
/** Milliseconds for which a container has to run before its last end is forgotten. */
const FORGIVEN = 10_000;

/** How `Kind/name` stands to those images at every time, told from the pods by other rules than those of the program. */
export function kubeTruth(story: Story, target: string, images: ContainerImages): readonly Run[] {
  const times = story.writes.flatMap(({ t }) => [t, t + FORGIVEN]);
  const [begin, ...rest] = runsOf(times, (t) => truthAt(story, target, images, t));
  // What a story begins with was there before it.
  return begin === undefined ? [] : [{ ...begin, from: Number.NEGATIVE_INFINITY }, ...rest];
}

function truthAt(story: Story, target: string, images: ContainerImages, t: number): Truth {
  const { objects } = stateAt(story, t);
  const object: Foreign = objects.find((one: Foreign) => `${one.kind}/${one.metadata.name}` === target);
  if (object === undefined) return 'gone';
  if (!same(containerImages(object.spec.template), images)) return 'other';
  if (object.kind === 'Job') return jobTruth(object, podsOf(objects, object));
  if (hasFailed(object)) return 'lost';
  return podsTruth(object, podsOf(objects, object), images, story.serverClock + t);
}

function same(a: ContainerImages, b: ContainerImages): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** In these recordings a label and the namespace tell whose a pod is. */
function podsOf(objects: readonly Foreign[], owner: Foreign): readonly Foreign[] {
  const { app } = owner.spec.template.metadata.labels ?? {};
  return objects.filter(
    ({ kind, metadata }) => kind === 'Pod' && metadata.labels?.app === app && metadata.deletionTimestamp === undefined,
  );
}

function conditionsOf(object: Foreign): readonly Foreign[] {
  return (object.status?.conditions ?? []).filter(({ status }: Foreign) => status === 'True');
}

function jobTruth(job: Foreign, pods: readonly Foreign[]): Truth {
  const met = conditionsOf(job).map(({ type }) => type);
  if (met.includes('Complete')) return 'live';
  if (met.includes('Failed') || met.includes('FailureTarget')) return 'lost';
  return pods.some((pod) => waitingOf(pod).some((reason) => WAITING.includes(reason))) ? 'broken' : 'coming';
}

function hasFailed({ metadata, status }: Foreign): boolean {
  const isAbout = status?.observedGeneration === metadata.generation;
  return isAbout && (status.conditions ?? []).some(({ reason }: Foreign) => reason === 'ProgressDeadlineExceeded');
}

function podsTruth(object: Foreign, pods: readonly Foreign[], images: ContainerImages, now: number): Truth {
  const own = pods.filter(({ spec }) => same(containerImages({ spec }), images));
  const older = pods.filter((pod) => !own.includes(pod));
  if (own.some((pod) => isBroken(pod, now))) return 'broken';
  if (object.kind === 'StatefulSet' && older.some((pod) => isBroken(pod, now))) return 'stuck';
  const wanted = object.spec.replicas ?? object.status?.desiredNumberScheduled ?? 1;
  return own.length === wanted && older.length === 0 && own.every(isReady) ? 'live' : 'coming';
}

function containersOf(pod: Foreign): readonly Foreign[] {
  return pod.status?.containerStatuses ?? [];
}

function waitingOf(pod: Foreign): readonly string[] {
  return containersOf(pod).flatMap(({ state }) => state?.waiting?.reason ?? []);
}

function isBroken(pod: Foreign, now: number): boolean {
  return containersOf(pod).some(({ state, restartCount = 0 }) => {
    if (WAITING.includes(state?.waiting?.reason) || state?.terminated !== undefined) return true;
    return restartCount > 0 && now - Date.parse(state?.running?.startedAt ?? 0) < FORGIVEN;
  });
}

function isReady(pod: Foreign): boolean {
  return conditionsOf(pod).some(({ type }) => type === 'Ready');
}
