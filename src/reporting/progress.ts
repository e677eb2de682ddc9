import type { Phase, RelatedObservation, Target, Verdict } from '../engines/delivery-engine.ts';
import { safeText } from './foreign-text.ts';
import { clockTime, outcomeWords, progressWords, shortDigests } from './words.ts';

/** Milliseconds since the wait began, and until its deadline. */
export interface ProgressTime {
  readonly elapsed: number;
  readonly remaining: number;
}

/** What is known of a target at a moment of its wait. */
export interface ProgressState {
  readonly phase: Phase;
  readonly observation: RelatedObservation;
}

/** The line to print when a target has come further, or something new stands in its way; undefined when it has not. */
export function changeLine(
  previous: ProgressState | undefined,
  next: ProgressState,
  time: ProgressTime,
): string | undefined {
  if (previous !== undefined && gist(previous) === gist(next)) return undefined;
  return line(next.observation.target, describe(next), time);
}

/** The line that shows, after `HEART_BEAT` without a change, that the wait still lives and for how long it can. */
export function heartBeatLine(last: ProgressState | undefined, target: Target, time: ProgressTime): string {
  const words = last === undefined ? 'no answer from the engine yet' : `still ${describe(last)}`;
  return line(target, `${words}; ${clockTime(time.remaining)} left`, time);
}

/** The line that ends a target's wait. */
export function verdictLine(target: Target, verdict: Verdict, time: ProgressTime): string {
  if (verdict.kind === 'landed') return line(target, 'live and healthy', time);
  const why = verdict.reasons.slice(0, 2).map((reason) => safeText(reason, 300));
  return line(target, outcomeWords(verdict) + (why.length === 0 ? '' : `: ${why.join('; ')}`), time);
}

function line(target: Target, words: string, time: ProgressTime): string {
  return `${clockTime(time.elapsed).padStart(6)}  ${safeText(target.name)}  ${words}`;
}

/** What makes two moments differ for somebody who watches: not every status that an engine writes on its way. */
function gist(state: ProgressState): string {
  const [, ...others] = state.observation.reasons;
  return [progressWords(state.phase, state.observation), ...others].join('\n');
}

/** The words, and after them those of the engine, so that people can search for them. */
function describe({ phase, observation }: ProgressState): string {
  const words = progressWords(phase, observation);
  const [status, problem] = observation.reasons.map((reason) => shortDigests(safeText(reason, 300)));
  if (status === undefined) return words;
  return `${words} (${status})${problem === undefined ? '' : `: ${problem}`}`;
}
