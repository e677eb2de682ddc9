import type { Host } from '../host.ts';

/** Milliseconds that work may go on for without a pause. */
const LONGEST = 100;

/**
 * Gives signals and timers of the process their turn in the midst of long work. The answer is asked for after every piece of
 * it, and is nothing but a look at the clock where no pause is due.
 * @returns what to wait for; undefined where it can go on. It rejects with the signal's reason once that is aborted.
 */
export function createPauses({ clock, signal }: Pick<Host, 'clock' | 'signal'>): () => Promise<void> | undefined {
  let last = clock.monotonic();
  return () => {
    if (clock.monotonic() - last < LONGEST) return undefined;
    return clock.sleep(0, signal).then(() => {
      last = clock.monotonic();
    });
  };
}

/** Takes step after step, with a pause where one is due. */
export async function withPauses<T>(host: Pick<Host, 'clock' | 'signal'>, steps: Iterator<undefined, T>): Promise<T> {
  const pauses = createPauses(host);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const pause = pauses();
    if (pause !== undefined) await pause;
  }
}
