import type { Clock } from '../host.ts';

/** A reason that nobody sees: without one an error with its stack would be made for each message. */
const NOBODY_ASKS = null;

/** A queue between tasks that run side by side. */
export interface Mailbox<T> {
  put(message: T): void;
  /**
   * The oldest message, or undefined when there is none for `milliseconds`.
   * @throws the signal's reason when it is aborted
   */
  take(milliseconds: number, signal: AbortSignal): Promise<T | undefined>;
}

export function mailbox<T>(clock: Clock): Mailbox<T> {
  const waiting: T[] = [];
  let wake: (() => void) | undefined;
  return {
    put(message) {
      waiting.push(message);
      wake?.();
    },
    async take(milliseconds, signal) {
      signal.throwIfAborted();
      if (waiting.length === 0) await rest(clock, milliseconds, signal, (resolve) => (wake = resolve));
      wake = undefined;
      return waiting.shift();
    },
  };
}

/**
 * Until woken or until the time is over, whichever is first. A signal composed for each rest would stay in the memory of the
 * one that lasts until the next full garbage collection, and there is a rest for each message.
 */
async function rest(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  onWake: (resolve: () => void) => void,
): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  signal.addEventListener('abort', end, { once: true });
  const alarm = clock.sleep(Math.max(0, milliseconds), ended.signal).catch(() => undefined);
  await Promise.race([alarm, new Promise<void>(onWake)]);
  signal.removeEventListener('abort', end);
  ended.abort(NOBODY_ASKS);
  signal.throwIfAborted();
}
