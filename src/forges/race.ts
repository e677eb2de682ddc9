import type { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 8_000;

/** One try at something that others may do at the same time. */
export type Tried<T> = { readonly won: T } | Conflict;

export interface Conflict {
  readonly conflict: string;
  readonly branch: string;
}

export interface Race<T> {
  readonly host: Host;
  /** Milliseconds of losing until it gives up. */
  readonly conflictTimeout: number;
  /** Reads, decides and writes anew. @param attempt from 1 */
  readonly attempt: (attempt: number) => Promise<Tried<T>>;
  readonly onConflict?: (text: string) => void;
  readonly lost: (conflict: Conflict, attempts: number) => ToolError;
}

/** Tries until it wins, with growing random pauses. @throws what `lost` makes after `conflictTimeout`, and what a try throws */
export async function race<T>({ host, conflictTimeout, attempt, onConflict, lost }: Race<T>): Promise<T> {
  const deadline = host.clock.monotonic() + conflictTimeout;
  for (let attempts = 1; ; attempts++) {
    const tried = await attempt(attempts);
    if ('won' in tried) return tried.won;
    onConflict?.(tried.conflict);
    const pause = host.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempts);
    if (host.clock.monotonic() + pause >= deadline) throw lost(tried, attempts);
    await host.clock.sleep(pause, host.signal);
  }
}
