import { type Attention, startAttention } from '../../src/engines/argocd/attention.ts';
import { type Message, receive } from '../../src/engines/argocd/receive.ts';
import type { Observation, Target, VerdictKind, Wanted } from '../../src/engines/delivery-engine.ts';
import {
  arrivedAt,
  concerned,
  departed,
  isComing,
  isDecided,
  relatedHistory,
  withMembers,
} from '../../src/engines/family.ts';
import { type JudgeOptions, judge } from '../../src/engines/judge.ts';
import { remember, startWatching, type Watched } from '../../src/engines/watched.ts';
import { normaliseRepositoryUrl } from '../../src/forges/repository-url.ts';
import type { Recording } from './recordings.ts';
import { comparedAgain, DEFAULTS, readStep, type Step, stepsOf } from './replay.ts';

/** One thing that reaches the wait, with the application it is about. */
export interface FamilyStep extends Step {
  readonly app: string;
}

export interface FamilyReplay {
  readonly recording: Recording;
  readonly roots: readonly string[];
  readonly wanted: Wanted;
  readonly options?: Partial<JudgeOptions>;
  readonly tail?: number;
  readonly every?: number;
  /** Called when a target has its verdict, with what every application looked like then. */
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
  readonly onVerdict?: (app: string, kind: VerdictKind, world: ReadonlyMap<string, any>, t: number) => void;
}

export interface FamilyVerdict {
  readonly kind: VerdictKind;
  readonly t: number;
  readonly reason: string;
}

const ABSENT: Message = {
  kind: 'answer',
  answer: { kind: 'refused', status: 404, message: 'not found' },
  refresh: false,
  covers: undefined,
};

/** What waits for several applications would have got, in the order of time. */
export function familyStepsOf(recording: Recording, from: number): readonly FamilyStep[] {
  const apps = new Set(
    recording.lines.flatMap(({ via, app }) => (via === 'stream' || via === 'get' ? (app ?? []) : [])),
  );
  return [...apps]
    .flatMap((app) => stepsOf(recording, app, from).map((step) => ({ ...step, app })))
    .sort((a, b) => a.t - b.t);
}

/**
 * One wait for all of a family, as `watch` does it, without its tasks: members join when they are named, with a read of how they
 * stand then, and are judged together after every step. The verdicts by name; nobody who is not in it has one.
 */
export function replayFamily(steps: readonly FamilyStep[], replay: FamilyReplay): ReadonlyMap<string, FamilyVerdict> {
  const { recording, roots, wanted, options = {}, tail = 0, every = 5_000, onVerdict } = replay;
  const family = new Map<string, Watched>();
  const attentions = new Map<string, Attention>();
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
  const world = new Map<string, any>();
  const verdicts = new Map<string, FamilyVerdict>();
  const related = (revision: string) => recording.relation(revision, wanted.revision);
  const join = (target: Target, t: number): void => {
    family.set(target.name, startWatching(target, t));
    attentions.set(target.name, startAttention(t));
    const object = world.get(target.name);
    take({ ...(object === undefined ? { t, message: ABSENT } : readStep(t, object)), app: target.name });
  };
  const take = (step: FamilyStep): void => {
    const one = family.get(step.app);
    const attention = attentions.get(step.app);
    if (one === undefined || attention === undefined || isDecided(one)) return;
    const received = receive(attention, withServerTime(step, recording), receptionOf(one.target, wanted, step.t));
    attentions.set(step.app, received.attention);
    if (received.observation !== undefined)
      meet(remember(one, received.observation, arrivedAt(one, family, related)), received.observation, step.t);
  };
  const meet = (one: Watched, { members = [] }: Observation, t: number): void => {
    family.set(one.target.name, one);
    for (const target of members) if (!family.has(target.name)) join(target, t);
    for (const { target } of departed(one, family, related)) family.delete(target.name);
  };
  const judgeAfter = ({ app, t }: FamilyStep): void => {
    const about = family.get(app);
    for (const { target } of about === undefined ? [] : concerned(about, family)) {
      const one = family.get(target.name);
      if (one === undefined || isDecided(one)) continue;
      const all = { ...DEFAULTS, ...options };
      const judged = judge(relatedHistory(one, family, related), wanted, all, t, one.since);
      const isLate = judged.code === 'missing' && isComing(one, family, related, all.appearTimeout);
      const verdict = isLate ? { ...judged, kind: 'waiting' as const } : withMembers(judged, one, family);
      const isEnd = verdict.kind !== 'waiting';
      family.set(target.name, { ...one, verdict, ...(isEnd ? { diagnosis: Promise.resolve(undefined) } : {}) });
      if (!isEnd) continue;
      verdicts.set(target.name, { kind: verdict.kind, t, reason: verdict.reasons[0] ?? '' });
      onVerdict?.(target.name, verdict.kind, world, t);
    }
  };
  const [first] = steps;
  const start = first?.t ?? 0;
  for (const { app, object, t } of steps) if (t === start && object !== undefined) world.set(app, object);
  for (const name of roots) join({ name, kind: 'Application' }, start);
  for (const step of [...steps, ...tailOf(steps, recording, tail, every)]) {
    // The newest that was delivered, whatever comes late.
    if (step.object !== undefined && versionOf(step.object) >= versionOf(world.get(step.app))) {
      world.set(step.app, step.object);
    }
    take(step);
    judgeAfter(step);
    if (roots.every((name) => verdicts.has(name))) break;
  }
  return verdicts;
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
function versionOf(object: any): number {
  return Number(object?.metadata?.resourceVersion ?? 0);
}

function receptionOf(target: Target, wanted: Wanted, now: number) {
  return {
    target,
    wanted,
    normalise: normaliseRepositoryUrl,
    location: 'recording',
    forbidden: 'may not be read',
    now,
    random: 0.5,
  };
}

function withServerTime({ t, message }: Step, { startedAt }: Recording): Message {
  if (message.kind !== 'answer' || message.answer.kind !== 'ok') return message;
  return { ...message, answer: { ...message.answer, serverNow: Math.floor((startedAt + t) / 1000) * 1000 } };
}

/** Every application as it was in the end, read and compared again and again. */
function* tailOf(
  steps: readonly FamilyStep[],
  { startedAt }: Recording,
  tail: number,
  every: number,
): Generator<FamilyStep> {
  const end = steps.at(-1)?.t ?? 0;
  const last = new Map(steps.flatMap(({ app, object }) => (object === undefined ? [] : [[app, object] as const])));
  for (let t = end + every; t <= end + tail; t += every) {
    const seconds = new Date(Math.floor((startedAt + t) / 1000) * 1000).toISOString().replace('.000', '');
    for (const [app, object] of last) yield { ...readStep(t, comparedAgain(object, seconds)), app };
  }
}
