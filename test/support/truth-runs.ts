import type { VerdictKind } from '../../src/engines/delivery-engine.ts';

/**
 * How a target stands for one who sees everything at once.
 * - `live`: exactly what is wanted runs.
 * - `coming`: on its way, and nothing is wrong.
 * - `broken`: something is wrong that seldom passes by itself.
 * - `lost`: the server itself says that it has failed.
 * - `stuck`: nothing but a deed of somebody brings it on.
 * - `other`: something else stands in its place.
 * - `gone`: it is not there.
 */
export type Truth = 'live' | 'coming' | 'broken' | 'lost' | 'stuck' | 'other' | 'gone';

/** From `from` on, up to the next one. */
export interface Run {
  readonly truth: Truth;
  readonly from: number;
  readonly until: number;
}

/** One run for as long as the truth stays the same, the last one without an end. */
export function runsOf(times: readonly number[], truthAt: (t: number) => Truth): readonly Run[] {
  const runs: Run[] = [];
  for (const t of [...new Set([0, ...times])].toSorted((a, b) => a - b)) {
    const truth = truthAt(t);
    const last = runs.at(-1);
    if (last?.truth === truth) continue;
    if (last !== undefined) runs[runs.length - 1] = { ...last, until: t };
    runs.push({ truth, from: t, until: Number.POSITIVE_INFINITY });
  }
  return runs;
}

export interface Ended {
  readonly kind: VerdictKind;
  /** When the wait began and ended, milliseconds of the recording. */
  readonly began: number;
  readonly t: number;
  readonly stableFor: number;
  readonly degradedGrace: number;
  /** By how much what is known may be older than what is, milliseconds. */
  readonly lag: number;
  /** By how much that may differ between two things that are known. */
  readonly skew: number;
  /** Whether failures of pods can be seen. */
  readonly pods: boolean;
  /** Whether the server answers what it is asked. */
  readonly answers: boolean;
  /** Whether something else in its place may only not have been replaced yet. */
  readonly patient: boolean;
}

/** Server times are whole seconds. */
const SECOND = 1_000;
/** Milliseconds in which two reads come, give or take. */
const PATIENCE = 40_000;

/** What speaks against a verdict; undefined where it is true. */
export function objection(ended: Ended, runs: readonly Run[]): string | undefined {
  const { kind, began, t, stableFor, lag } = ended;
  const seen = runs.filter(({ from, until }) => from <= t && until >= began - lag);
  const has = (...truths: readonly Truth[]) => seen.some(({ truth }) => truths.includes(truth));
  switch (kind) {
    case 'landed':
      return isLive(ended, runs) ? undefined : `it was not live for ${stableFor} ms`;
    case 'failed':
      return has('lost') || isBroken(ended, runs) ? undefined : 'nothing had failed for long enough';
    case 'superseded':
      return has('other') ? undefined : 'nothing had taken its place';
    case 'blocked':
      return has('other', 'stuck') ? undefined : 'nothing stood in its way';
    case 'unreachable':
      return has('gone') || !ended.answers ? undefined : 'it could be asked';
    default:
      return missed(ended, runs);
  }
}

/** At one stretch, up to the newest that can have been known of it. */
function isLive({ t, stableFor, lag, skew }: Ended, runs: readonly Run[]): boolean {
  return runs.some(({ truth, from, until }) => {
    const end = Math.min(until, t);
    return truth === 'live' && from <= t && end >= t - lag && end - from >= stableFor - SECOND - skew;
  });
}

/** Milliseconds between two ends of a container that are one and the same trouble. */
const SAME_TROUBLE = 60_000;

function isBroken({ t, degradedGrace, lag }: Ended, runs: readonly Run[]): boolean {
  const broken = runs.filter(({ truth, from }) => truth === 'broken' && from <= t);
  const until = Math.min(broken.at(-1)?.until ?? 0, t);
  const begin = broken.findLastIndex(
    ({ from }, index) => from - (broken[index - 1]?.until ?? Number.NEGATIVE_INFINITY) > SAME_TROUBLE,
  );
  const since = broken[begin]?.from ?? Number.POSITIVE_INFINITY;
  return until >= t - lag - SECOND && t - since >= degradedGrace - SECOND - lag;
}

/** What should have been told before the time was over. */
function missed(
  { began, t, stableFor, degradedGrace, lag, pods, patient }: Ended,
  runs: readonly Run[],
): string | undefined {
  for (const { truth, from, until } of runs) {
    const shown = Math.min(until, t) - Math.max(from, began) - lag - PATIENCE;
    if (truth === 'live' && shown >= stableFor) return `it was live for ${Math.min(until, t) - from} ms`;
    if (truth === 'lost' && shown >= degradedGrace) return 'it had failed';
    if (truth === 'broken' && pods && shown >= degradedGrace) return 'it was broken';
    if (truth === 'stuck' && pods && shown >= 0) return 'it could never come';
    if (truth === 'other' && !patient && shown >= 0) return 'it could never come';
  }
  return undefined;
}
