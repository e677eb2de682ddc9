import type { Clock } from '../host.ts';

/** A longer timer would fire at once (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  // The same clock as `performance`, which takes a millisecond to load.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  sleep(milliseconds, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      // A timer takes a millisecond at least; this lets all that has happened have its turn (https://nodejs.org/api/timers.html#setimmediatecallback-args).
      if (milliseconds <= 0) return void setImmediate(() => (signal?.aborted ? reject(signal.reason) : resolve()));
      const cancel = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', cancel);
          resolve();
        },
        Math.min(milliseconds, LONGEST),
      );
      signal?.addEventListener('abort', cancel, { once: true });
    });
  },
};
