import type { RelatedObservation } from './delivery-engine.ts';

/** Whether a state has lasted for long enough. */
export interface Holding {
  readonly enough: boolean;
  /** `Clock.monotonic` milliseconds at which another look could find that it has. */
  readonly due: number;
}

/** The newest observations without a gap that all fulfil the predicate, oldest first. */
export function trailing(
  history: readonly RelatedObservation[],
  predicate: (observation: RelatedObservation) => boolean,
): readonly RelatedObservation[] {
  const end = history.findLastIndex((observation) => !predicate(observation));
  return history.slice(end + 1);
}

/**
 * A state has held when two observations show it and `needed` milliseconds lie between the first and the last of them, or
 * behind the last by the server's own times (`lasting`). Time that passes with no observation proves nothing.
 */
export function holding(run: readonly RelatedObservation[], needed: number, lasting: number): Holding {
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined) return { enough: false, due: 0 };
  const held = Math.max(last.at - first.at, lasting);
  return { enough: run.length >= 2 && held >= needed, due: last.at + Math.max(0, needed - held) };
}
