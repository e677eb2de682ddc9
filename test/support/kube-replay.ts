import type { Json } from '../../src/engines/api/json.ts';
import type { Observation, RelatedObservation, Verdict, Wanted } from '../../src/engines/delivery-engine.ts';
import { type JudgeOptions, judge } from '../../src/engines/judge.ts';
import { memory } from '../../src/engines/kubernetes/memory.ts';
import { parseObjectTarget } from '../../src/engines/kubernetes/object-ref.ts';
import type { Sighting } from '../../src/engines/kubernetes-api/follow.ts';
import { keyOf, resourceVersionOf } from '../../src/engines/kubernetes-api/objects.ts';
import { type ContainerImages, containerImages, podTemplateOf } from '../../src/engines/object-health/pod-template.ts';
import { relate } from '../../src/engines/relations.ts';
import { remember, startWatching, type Watched } from '../../src/engines/watched.ts';
import { type Change, type KubeRecording, listAt } from './kube-recordings.ts';

export const DEFAULTS: JudgeOptions = {
  stableFor: 10_000,
  degradedGrace: 30_000,
  appearTimeout: 60_000,
  suspended: 'wait',
  sync: 'never',
};

export const WANTED: Wanted = { revision: 'what was applied', images: [] };
const READ_EVERY = 15_000;

export interface Replay {
  readonly recording: KubeRecording;
  /** Number of the apply after which the wait begins. */
  readonly apply: number;
  readonly options?: Partial<JudgeOptions>;
  /** What the watch brings in place of what it brought. */
  readonly events?: readonly Change[];
  /** Milliseconds after the recording's end, during which nothing changes any more. */
  readonly tail?: number;
  /** Whether pods may be read. */
  readonly pods?: boolean;
  /** Whether the file that was applied is known. */
  readonly file?: boolean;
}

export interface Judged {
  readonly t: number;
  readonly verdict: Verdict;
}

/** The one object that is not a pod. */
export function targetObject(recording: KubeRecording, t: number): Json | undefined {
  return listAt(recording, t, (kind) => kind !== 'pods')[0];
}

/** The images of the object right after that apply. */
export function imagesApplied(recording: KubeRecording, apply: number): ContainerImages {
  const from = recording.marks[apply]?.t ?? 0;
  return containerImages(podTemplateOf(targetObject(recording, from + 30) ?? {}));
}

interface Read {
  readonly t: number;
  readonly read: true;
}

/**
 * Everything in the order of time: what the watch brings, a list every 15 s and whenever the judge wants another look, which
 * tell how things stood at that time. Ends with the first verdict.
 */
export function replay(replaying: Replay): readonly Judged[] {
  const { recording, apply, options, tail = 120_000, pods = true, file = true } = replaying;
  const from = (recording.marks[apply]?.t ?? 0) + 30;
  const object = targetObject(recording, from) ?? {};
  const { name, namespace = '' } = keyOf(object);
  const target = parseObjectTarget(`${String(object.kind)}/${namespace}/${name}`, 'default');
  const applied = new Map(file ? [[target.name, imagesApplied(recording, apply)]] : []);
  const known = memory({ wanted: WANTED, applied });
  const events = (replaying.events ?? recording.changes).filter(({ t }) => t > from);
  const end = recording.end + tail;
  let one: Watched = startWatching(target, from);
  const judged: Judged[] = [];
  const versions = new Map<string, string>();
  const queue: (Change | Read)[] = [...events];
  for (let t = from; t <= end; t += READ_EVERY) queue.push({ t, read: true });
  queue.sort((a, b) => a.t - b.t);

  const see = (t: number, observations: readonly Observation[]): void => {
    for (const observation of observations) one = remember(one, observation);
    const verdict = judge(related(one), WANTED, { ...DEFAULTS, ...options }, t, from);
    judged.push({ t, verdict });
    if (
      verdict.due !== undefined &&
      !queue.some((step) => 'read' in step && step.t >= t && step.t <= Number(verdict.due))
    ) {
      queue.push({ t: Math.max(t + 20, verdict.due), read: true });
      queue.sort((a, b) => a.t - b.t);
    }
  };
  // As the reader of a watch does: what is older than what is known is dropped.
  const isNews = (object: Json): boolean => {
    const key = `${String(object.kind)}/${keyOf(object).name}`;
    const isOld = Number(resourceVersionOf(object)) < Number(versions.get(key) ?? 0);
    if (!isOld) versions.set(key, resourceVersionOf(object));
    return !isOld;
  };
  const tell = (t: number, isPod: boolean, sighting: Sighting): readonly Observation[] => {
    if (sighting.kind === 'object' && !isNews(sighting.object)) return [];
    return isPod ? known.seePods(namespace, sighting, t) : known.seeObjects([target], sighting, t);
  };
  const readAll = (t: number, isPod: boolean): readonly Observation[] => {
    if (isPod && !pods) {
      const reading = { kind: 'forbidden', status: 403, message: 'pods is forbidden' } as const;
      return tell(t, true, { kind: 'refused', reading });
    }
    const items = listAt(recording, t, (kind) => (kind === 'pods') === isPod);
    const listed: Sighting = { kind: 'listed', serverNow: recording.serverClock + t };
    const gone = [...versions.keys()].filter((key) => key.startsWith('Pod/') === isPod);
    const absent = gone.filter((key) => !items.some((item) => `${String(item.kind)}/${keyOf(item).name}` === key));
    for (const key of absent) versions.delete(key);
    return [
      ...items.flatMap((item) => tell(t, isPod, { kind: 'object', via: 'read', object: item })),
      ...absent.flatMap((key) =>
        tell(t, isPod, { kind: 'gone', via: 'read', key: { namespace, name: key.slice(key.indexOf('/') + 1) } }),
      ),
      ...tell(t, isPod, listed),
    ];
  };
  for (let step = queue.shift(); step !== undefined && step.t <= end; step = queue.shift()) {
    const { t } = step;
    if ('read' in step) {
      see(t, readAll(t, false));
      see(t, readAll(t, true));
    } else if (step.kind === 'pods' && !pods) continue;
    else see(t, tell(t, step.kind === 'pods', sightingOf(step, namespace)));
    if (judged.at(-1)?.verdict.kind !== 'waiting') break;
  }
  return judged;
}

function sightingOf({ object, name }: Change, namespace: string): Sighting {
  return object === undefined
    ? { kind: 'gone', via: 'stream', key: { namespace, name } }
    : { kind: 'object', via: 'stream', object };
}

function related(one: Watched): readonly RelatedObservation[] {
  return one.history.map((observation) =>
    relate(observation, (revision) => (revision === WANTED.revision ? 'equal' : 'lacks')),
  );
}

/** The verdict with which a wait over this recording ends; undefined where it goes on. */
export function ending(judged: readonly Judged[]): Judged | undefined {
  const last = judged.at(-1);
  return last === undefined || last.verdict.kind === 'waiting' ? undefined : last;
}

/** By the pods alone, whether exactly what was applied ran at that time; a Job is done when it says so. */
export function isTrulyLive(recording: KubeRecording, apply: number, t: number): boolean {
  const object = targetObject(recording, t);
  const images = Object.values(imagesApplied(recording, apply));
  if (object?.kind === 'Job') return JSON.stringify(object.status ?? {}).includes('"Complete"');
  const pods = listAt(recording, t, (kind) => kind === 'pods').filter((pod) => !isLeaving(pod));
  const wanted = Number((object?.spec as { replicas?: number } | undefined)?.replicas ?? 1);
  return pods.length === wanted && pods.every((pod) => isReady(pod) && hasImages(pod, images));
}

function isLeaving(pod: Json): boolean {
  return (pod.metadata as { deletionTimestamp?: string }).deletionTimestamp !== undefined;
}

function isReady(pod: Json): boolean {
  const { conditions = [] } = (pod.status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function hasImages(pod: Json, images: readonly string[]): boolean {
  return Object.values(containerImages(pod)).every((image) => images.includes(image));
}
