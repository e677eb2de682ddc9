import type { TimelineEntry } from '../outcome.ts';
import type { ActResult, Diagnosis, Observation, Target, Verdict } from './delivery-engine.ts';
import type { JudgeOptions } from './judge.ts';

/** What a wait knows of one target. */
export interface Watched {
  readonly target: Target;
  readonly history: readonly Observation[];
  /** `Clock.monotonic` milliseconds of when it was first watched. */
  readonly since: number;
  /** The same of the last read, which is never older than what was known; a stream can be. */
  readonly readAt?: number;
  /** The newest one. */
  readonly verdict: Verdict;
  readonly timeline: readonly TimelineEntry[];
  /** `Clock.monotonic` milliseconds of the last line about it. */
  readonly toldAt: number;
  /** When another look was asked for. */
  readonly lookAt?: number;
  /** Of one that follows others: when its observing was begun anew, since those had arrived or it had become another. */
  readonly anewAt?: number;
  /** What was started already, so that nothing is started twice. */
  readonly acted: readonly string[];
  /** Why the engine refused what was started. */
  readonly refusal?: string | undefined;
  readonly decidedAt?: number;
  /** Present once there is a verdict; resolves to undefined where none is due. */
  readonly diagnosis?: Promise<Diagnosis | undefined>;
}

export function startWatching(target: Target, now: number): Watched {
  const verdict: Verdict = { kind: 'waiting', phase: 'resolve', reasons: ['nothing has been read yet'] };
  return { target, history: [], since: now, verdict, timeline: [], toldAt: now, acted: [] };
}

/**
 * Adds an observation. Of a run of equal ones only the first and the last are kept: when it began and that it lasts.
 * @param from `Clock.monotonic` milliseconds: what was observed before then is another run, since it meant something else
 */
export function remember(one: Watched, observation: Observation, from = 0): Watched {
  const [before, last] = one.history.slice(-2);
  const repeats =
    before !== undefined &&
    last !== undefined &&
    (before.at >= from || last.at < from) &&
    isSame(before, last) &&
    isSame(last, observation);
  const history = [...(repeats ? one.history.slice(0, -1) : one.history), observation];
  if (observation.via === 'stream') return { ...one, history };
  // Another look may be due at the same moment, which is another one.
  const { lookAt: _, ...rest } = one;
  return { ...rest, history, readAt: observation.at };
}

function isSame(a: Observation, b: Observation): boolean {
  return a.fingerprint === b.fingerprint && a.comparedAt === b.comparedAt;
}

/** A line for the timeline when this is another state than the last one of it. */
export function summarise(one: Watched, verdict: Verdict, milliseconds: number): TimelineEntry | undefined {
  const latest = one.history.at(-1);
  const state = verdict.kind === 'waiting' ? (latest?.state ?? 'unread') : verdict.kind;
  const reason = verdict.reasons[0] ?? '';
  const last = one.timeline.at(-1);
  if (last?.state === state && last.phase === verdict.phase && last.reason === reason) return undefined;
  return { seconds: Math.round(milliseconds / 100) / 10, phase: verdict.phase, state, reason };
}

/** What is started for a target that is stuck, where that was asked for and has not been tried at this revision. */
export function actionDue(one: Watched, options: JudgeOptions): 'sync' | 'terminate' | undefined {
  const latest = one.verdict.observation;
  if (options.sync !== 'if-needed' || one.refusal !== undefined || latest === undefined) return undefined;
  if (latest.seen !== 'equal' && latest.seen !== 'contains') return undefined;
  const action = latest.obstacle === 'manual' ? 'sync' : latest.obstacle === 'retries' ? 'terminate' : undefined;
  return action === undefined || one.acted.includes(`${action} ${latest.seenRevision}`) ? undefined : action;
}

/** A busy target may be asked again; a refusal is final for this wait. */
export function afterAction(one: Watched, action: string, result: ActResult): Watched {
  if (result.kind === 'busy') return { ...one, acted: one.acted.filter((earlier) => earlier !== action) };
  return result.kind === 'refused' ? { ...one, refusal: `${action} was refused: ${result.reason}` } : one;
}
