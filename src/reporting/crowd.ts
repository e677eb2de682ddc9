import type { Verdict } from '../engines/delivery-engine.ts';
import type { ProgressTime } from './progress.ts';
import { clockTime, progressWords, verdictWord } from './words.ts';

/** Targets from which on one line for all of them is the sign of life, not one for each. */
export const MANY = 9;

/** `0:30  412 of 500 live and healthy; 60 rolling out, 28 not seen yet; 9:30 left`. Those that are not there are not read yet. */
export function crowdLine(verdicts: readonly Verdict[], total: number, time: ProgressTime): string {
  const counts = new Map<string, number>();
  const landed = verdicts.filter(({ kind }) => kind === 'landed').length;
  const open = verdicts.filter(({ kind }) => kind !== 'landed');
  for (const words of open.map(wordsOf)) counts.set(words, (counts.get(words) ?? 0) + 1);
  const unread = total - verdicts.length;
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([words, count]) => `${count} ${words}`);
  const told = [...parts, ...(unread > 0 ? [`${unread} not read yet`] : [])].join(', ');
  const rest = told === '' ? '' : `; ${told}`;
  const elapsed = clockTime(time.elapsed).padStart(6);
  return `${elapsed}  ${landed} of ${total} live and healthy${rest}; ${clockTime(time.remaining)} left`;
}

function wordsOf({ kind, phase, observation }: Verdict): string {
  if (kind !== 'waiting') return verdictWord(kind);
  return observation === undefined ? 'not read yet' : progressWords(phase, observation);
}
