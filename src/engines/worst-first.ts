import type { Verdict, VerdictKind } from './delivery-engine.ts';

const WORST_FIRST: readonly VerdictKind[] = [
  'failed',
  'unreachable',
  'timedOut',
  'waiting',
  'blocked',
  'superseded',
  'landed',
];

/** Sorted by verdict, the worst first; those of one kind stay in their order. */
export function worstFirst<T extends { readonly verdict: Verdict }>(all: readonly T[]): readonly T[] {
  const rank = ({ verdict }: T) => WORST_FIRST.indexOf(verdict.kind);
  return all.toSorted((a, b) => rank(a) - rank(b));
}
