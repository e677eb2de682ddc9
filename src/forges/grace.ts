import type { Host } from '../host.ts';

/** Milliseconds that a write under way may still take after the run was cancelled, so that it ends in a known state. */
const GRACE = 3_000;

export interface Grace {
  readonly signal: AbortSignal;
  /** To be called when the write has ended. */
  dispose(): void;
}

/** A signal that follows the host's one after 3 s: for what must not be broken off half-way. */
export function withGrace(host: Pick<Host, 'clock' | 'signal'>): Grace {
  const late = new AbortController();
  const done = new AbortController();
  const start = () => {
    host.clock.sleep(GRACE, done.signal).then(
      () => late.abort(host.signal.reason),
      () => undefined,
    );
  };
  if (host.signal.aborted) start();
  else host.signal.addEventListener('abort', start, { once: true });
  const dispose = () => {
    host.signal.removeEventListener('abort', start);
    done.abort();
  };
  return { signal: late.signal, dispose };
}
