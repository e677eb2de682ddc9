import type { TargetOutcome } from '../outcome.ts';
import { type Mood, verdictMood, verdictWord } from './words.ts';

/** Targets up to which a table shows all of them, in the order in which they were named. */
export const MANY_TARGETS = 40;

const RANK: Readonly<Record<Mood, number>> = { bad: 0, busy: 1, warn: 2, good: 3 };

export interface WorstFirst {
  readonly shown: readonly TargetOutcome[];
  /** What is left out, in words; empty where all are shown. */
  readonly rest: string;
}

/** Where they are many, the worst come first, at most `limit` of them, and the rest becomes a number. */
export function worstFirst(targets: readonly TargetOutcome[], limit: number = MANY_TARGETS): WorstFirst {
  if (targets.length <= limit) return { shown: targets, rest: '' };
  const rank = ({ verdict }: TargetOutcome) => RANK[verdictMood(verdict.kind)];
  const sorted = [...targets].sort((a, b) => rank(a) - rank(b));
  const others = sorted.slice(limit);
  return { shown: sorted.slice(0, limit), rest: `and ${others.length} more: ${countByVerdict(others)}` };
}

function countByVerdict(targets: readonly TargetOutcome[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of targets) {
    const word = verdictWord(verdict.kind);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
