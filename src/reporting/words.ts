import type { Edit } from '../editing/edit.ts';
import type { Phase, RelatedObservation, TargetState, Verdict, VerdictKind } from '../engines/delivery-engine.ts';
import type { Result, TargetOutcome } from '../outcome.ts';

/** How a result feels, for its sign and its colour. */
export type Mood = 'good' | 'bad' | 'warn' | 'busy';

interface VerdictWords {
  readonly word: string;
  /** After a target's name: `shop-api was superseded`. */
  readonly clause: string;
  readonly mood: Mood;
}

const VERDICTS: Readonly<Record<VerdictKind, VerdictWords>> = {
  landed: { word: 'landed', clause: 'landed', mood: 'good' },
  waiting: { word: 'waiting', clause: 'is waiting', mood: 'busy' },
  failed: { word: 'failed', clause: 'failed', mood: 'bad' },
  superseded: { word: 'superseded', clause: 'was superseded', mood: 'warn' },
  blocked: { word: 'blocked', clause: 'is blocked', mood: 'warn' },
  timedOut: { word: 'timed out', clause: 'timed out', mood: 'bad' },
  unreachable: { word: 'unreachable', clause: 'is unreachable', mood: 'bad' },
};

export function verdictWord(kind: VerdictKind): string {
  return VERDICTS[kind].word;
}

export function verdictClause(kind: VerdictKind): string {
  return VERDICTS[kind].clause;
}

export function verdictMood(kind: VerdictKind): Mood {
  return VERDICTS[kind].mood;
}

/** `landed, healthy`; the state is left out where it only repeats the verdict. */
export function outcomeWords(verdict: Verdict): string {
  const state = verdict.observation?.state;
  const word = verdictWord(verdict.kind);
  return state === undefined || state === verdict.kind ? word : `${word}, ${state}`;
}

const RESULT_MOODS: Readonly<Record<Result, Mood>> = {
  ok: 'good',
  failed: 'bad',
  superseded: 'warn',
  blocked: 'warn',
  'timed-out': 'bad',
  unreachable: 'bad',
  cancelled: 'warn',
  error: 'bad',
};

export function resultMood(result: Result): Mood {
  return RESULT_MOODS[result];
}

const STATES: Readonly<Record<TargetState, string>> = {
  absent: 'not there yet',
  forbidden: 'not there, or not to be read with this token',
  unreachable: 'cannot be asked',
  blocked: 'blocked',
  unseen: 'not compared with its source yet',
  pending: 'out of sync, nothing started yet',
  syncing: 'syncing',
  progressing: 'rolling out',
  healthy: 'healthy',
  suspended: 'suspended',
  degraded: 'degraded',
  failed: 'in error',
};

const PHASES: Readonly<Record<Phase, string>> = {
  resolve: 'not read yet',
  unseen: 'not seen yet',
  seen: 'seen, not applied yet',
  syncing: 'syncing',
  applied: 'applied',
  rolling: 'rolling out',
  settling: 'healthy, settling',
};

const TOLD_AS_STATE: ReadonlySet<TargetState> = new Set([
  'absent',
  'forbidden',
  'unreachable',
  'blocked',
  'suspended',
  'degraded',
  'failed',
]);

/** How far a target has come; what is wrong with it goes before, once that is about the change. */
export function progressWords(phase: Phase, { state, trusted }: RelatedObservation): string {
  const isAboutChange = phase === 'resolve' || phase === 'rolling' || state === 'blocked' || state === 'failed';
  if (TOLD_AS_STATE.has(state) && isAboutChange) return STATES[state];
  if (phase === 'applied' && state === 'healthy' && !trusted) return 'healthy, to be confirmed';
  return PHASES[phase];
}

/** The revision that a target ended at, in full; empty where it never named one. */
export function revisionOf(outcome: TargetOutcome): string {
  const observation = outcome.verdict.observation;
  return observation?.appliedRevision ?? observation?.seenRevision ?? '';
}

/** Seven digits of a commit id or a digest; a chart version stays as it is. */
export function shortRevision(revision: string): string {
  const [, algorithm = '', digits] = /^(sha256:)?([0-9a-f]{40,64})$/.exec(revision) ?? [];
  return digits === undefined ? revision : algorithm + digits.slice(0, 7);
}

/** Image references with the digests cut to twelve digits: enough to tell two apart, and a line stays a line. */
export function shortDigests(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');
}

/** What people look for: the whole image reference before and after, where the edit is about one; else the plain values. */
export function editValues({ before, after, imageBefore, imageAfter }: Edit): readonly [string, string] {
  return imageBefore !== undefined && imageAfter !== undefined ? [imageBefore, imageAfter] : [before, after];
}

/** `0:41`, `12:05`, `1:02:03`. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}
