import type { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';

/** Milliseconds. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 8_000;
/** In tries: a slow server is given more room, so that those who wait do not keep it from serving the one who wins. */
const LONGEST_PAUSE_IN_TRIES = 16;

/** One try at something that others may do at the same time. */
export type Tried<T> = { readonly won: T } | Conflict;

export interface Conflict {
  readonly conflict: string;
  readonly branch: string;
}

export interface Race<T> {
  readonly host: Pick<Host, 'clock' | 'random' | 'signal'>;
  /** Milliseconds of losing until it gives up. */
  readonly conflictTimeout: number;
  /** Reads, decides and writes anew. @param attempt from 1 */
  readonly attempt: (attempt: number) => Promise<Tried<T>>;
  readonly onConflict?: (text: string) => void;
  readonly lost: (conflict: Conflict, attempts: number) => ToolError;
}

/**
 * Tries until it wins. Between its tries it pauses for a random time that grows with their number and with what a try takes
 * (full jitter, https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), so that many writers come to
 * spread out over the time that the server needs for all of them. A last try is made just before the time is up.
 * @throws what `lost` makes after `conflictTimeout`, and what a try throws
 */
export async function race<T>({ host, conflictTimeout, attempt, onConflict, lost }: Race<T>): Promise<T> {
  const { clock } = host;
  const deadline = clock.monotonic() + conflictTimeout;
  for (let attempts = 1; ; attempts++) {
    const begun = clock.monotonic();
    const tried = await attempt(attempts);
    if ('won' in tried) return tried.won;
    onConflict?.(tried.conflict);
    const now = clock.monotonic();
    const [took, left] = [now - begun, deadline - now];
    if (left <= took) throw lost(tried, attempts);
    const pause = host.random() * longestPause(attempts, took, left);
    await clock.sleep(Math.min(pause, left - took), host.signal);
  }
}

/**
 * Pauses that grow with what a try takes let 64 writers win with a quarter of the tries that fixed ones need, since a try that
 * loses is work that the others wait for. They never take up so much of what is left that only a few tries remain.
 * @param took milliseconds of the last try
 * @param left milliseconds until the time is up
 */
function longestPause(attempts: number, took: number, left: number): number {
  const cap = Math.max(LONGEST_PAUSE, Math.min(LONGEST_PAUSE_IN_TRIES * took, left / 4));
  return Math.min(cap, Math.max(FIRST_PAUSE, took) * 2 ** attempts);
}
