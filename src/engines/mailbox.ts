import type { Clock } from '../host.ts';

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

/** Until woken or until the time is over, whichever is first. */
async function rest(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  onWake: (resolve: () => void) => void,
): Promise<void> {
  const woken = new AbortController();
  const alarm = clock.sleep(Math.max(0, milliseconds), AbortSignal.any([signal, woken.signal])).catch(() => undefined);
  await Promise.race([alarm, new Promise<void>(onWake)]);
  woken.abort();
  signal.throwIfAborted();
}
