import { readStep, type Step } from './replay.ts';

/** Messages keep the time at which they come; what they bring moves. */
export function retime<S extends Step>(order: readonly S[], original: readonly S[]): readonly S[] {
  const times = original.map(({ t }) => t);
  return order.map((step, index) => ({ ...step, t: times[Math.min(index, times.length - 1)] ?? step.t }));
}

/**
 * A recording with something wrong at every message in turn: it is lost, comes twice, comes after the next one, is followed by
 * a read that is older, or is the last before a silence that ends with a read.
 * @param isSame whether two messages are about the same thing, so that one can be older than the other
 */
export function* variationsOf<S extends Step>(
  steps: readonly S[],
  isSame: (a: S, b: S) => boolean = () => true,
): Generator<readonly S[]> {
  for (const [index, step] of steps.entries()) {
    const before = steps.slice(0, index);
    const after = steps.slice(index + 1);
    yield [...before, ...after];
    yield [...before, step, step, ...after];
    const [next, ...rest] = after;
    if (next !== undefined) yield retime([...before, next, step, ...rest], steps);
    // As a server that lags behind gives it.
    const earlier = before.filter((one) => isSame(one, step));
    for (const old of [earlier.at(-1), earlier.at(-3)]) {
      if (old?.object !== undefined) yield [...before, step, { ...old, ...readStep(step.t, old.object) }, ...after];
    }
    // As after a stream that broke.
    for (const silence of [1, 3, 8]) {
      const later = steps[index + silence];
      if (later?.object === undefined) continue;
      yield [...before, { ...later, ...readStep(later.t, later.object) }, ...steps.slice(index + silence + 1)];
    }
  }
}
