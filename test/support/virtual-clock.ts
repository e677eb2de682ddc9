import type { Clock } from '../../src/host.ts';

/** More than any test needs; a loop that lets no time pass comes to it quickly. */
const MOST_TURNS = 20_000;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only while everybody sleeps, so that an hour takes no longer than what happens in it. */
export interface VirtualClock extends Clock {
  /** Lets time pass until the work is done. Fails when it waits for something that no time brings. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function virtualClock(startsAt = Date.parse('2026-11-22T10:00:00Z')): VirtualClock {
  let now = 0;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => startsAt + now,
    monotonic: () => now,
    sleep(milliseconds, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + milliseconds, wake: () => end(resolve) };
        const cancel = () => end(() => reject(signal?.reason));
        const end = (settle: () => void) => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', cancel);
          settle();
        };
        signal?.addEventListener('abort', cancel, { once: true });
        sleepers.add(sleeper);
      });
    },
    async run(work) {
      let done = false;
      const finish = () => {
        done = true;
      };
      work.then(finish, finish);
      for (let turns = 0; ; turns++) {
        await settled();
        if (done) return work;
        if (turns > MOST_TURNS) throw new Error(`at ${now} ms nothing comes to an end: somebody asks again and again`);
        const next = Math.min(...[...sleepers].map(({ at }) => at));
        if (next === Number.POSITIVE_INFINITY) throw new Error(`at ${now} ms everybody waits and nothing is due`);
        now = Math.max(now, next);
        for (const sleeper of [...sleepers].filter(({ at }) => at <= now)) sleeper.wake();
      }
    },
  };
}

/** Until nothing can go on without time passing. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
