import { describe, expect, it } from '@jest/globals';
import { holding, trailing } from '../../src/engines/holding.ts';
import { observation } from '../support/observations.ts';

const run = (...times: readonly number[]) => times.map((at) => observation({ at }));

describe('holding', () => {
  it('is nothing without an observation', () => {
    expect(holding([], 0, 0)).toEqual({ enough: false, due: 0 });
  });

  it('needs two observations, and the time between them or behind the last', () => {
    expect(holding(run(5), 0, 1_000)).toEqual({ enough: false, due: 5 });
    expect(holding(run(5, 6), 0, 0)).toEqual({ enough: true, due: 6 });
    expect(holding(run(5, 6), 10, 0)).toEqual({ enough: false, due: 15 });
    expect(holding(run(5, 6), 10, 4)).toEqual({ enough: false, due: 12 });
    expect(holding(run(5, 15), 10, 4)).toEqual({ enough: true, due: 15 });
    expect(holding(run(5, 6), 10, 10)).toEqual({ enough: true, due: 6 });
  });
});

describe('trailing', () => {
  it('is what has fulfilled it without a gap until now', () => {
    const history = run(1, 2, 3, 4);
    const times = (predicate: (at: number) => boolean) =>
      trailing(history, ({ at }) => predicate(at)).map(({ at }) => at);
    expect(times((at) => at !== 2)).toEqual([3, 4]);
    expect(times(() => true)).toEqual([1, 2, 3, 4]);
    expect(times((at) => at < 4)).toEqual([]);
  });
});
