import type { Clock } from '../../host.ts';

/** Wakes a controller. */
export interface Bell {
  ring(): void;
  /** Until it rings, or for so many milliseconds; at once where it has rung since the last time. @throws the signal's reason */
  wait(milliseconds: number): Promise<void>;
}

export function createBell(clock: Clock, signal: AbortSignal): Bell {
  let rung = false;
  let sleeping = new AbortController();
  return {
    ring() {
      rung = true;
      sleeping.abort();
    },
    async wait(milliseconds) {
      sleeping = new AbortController();
      if (!rung) await clock.sleep(milliseconds, AbortSignal.any([sleeping.signal, signal])).catch(() => undefined);
      signal.throwIfAborted();
      rung = false;
    },
  };
}
