import type { Clock } from '../../src/host.ts';

/** Time that runs faster than it does. */
export function fastClock(speed: number): Clock {
  const zero = performance.now();
  const start = 1_790_000_000_000;
  const monotonic = () => (performance.now() - zero) * speed;
  return {
    now: () => start + monotonic(),
    monotonic,
    sleep: (milliseconds, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const cancel = () => reject(signal?.reason);
      const timer = setTimeout(resolve, milliseconds / speed);
      signal?.addEventListener('abort', cancel);
      return promise.finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      });
    },
  };
}

/** Time that stands still until a test moves it on. */
export function stoppedClock(): Clock & { advance(milliseconds: number): void } {
  let now = 1_790_000_000_000;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + milliseconds, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    advance(milliseconds) {
      now += milliseconds;
      for (const sleeper of sleepers.filter(({ at }) => at <= now)) {
        sleepers.splice(sleepers.indexOf(sleeper), 1);
        sleeper.wake();
      }
    },
  };
}
