import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DifferenceLine, differenceOf } from '../../src/rendering/line-difference.ts';

const print = (lines: readonly DifferenceLine[]) => lines.map(({ sign, text }) => `${sign}${text}`);

describe('the difference between lists of lines', () => {
  it('is nothing where they are equal', () => {
    expect(differenceOf(['a', 'b'], ['a', 'b'])).toEqual([]);
  });

  it('shows three lines around a change and counts the rest', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    const after = before.map((line) => (line === '5' ? 'five' : line));
    expect(print(differenceOf(before, after))).toEqual([
      '@one line',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      ' 8',
      '@one line',
    ]);
  });

  it('is the shortest', () => {
    expect(
      print(differenceOf(['a', 'b', 'c', 'a', 'b', 'b', 'a'], ['c', 'b', 'a', 'b', 'a', 'c'])).filter((line) =>
        /^[-+]/.test(line),
      ),
    ).toHaveLength(5);
  });

  it('leads from the one to the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 7 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const difference = differenceOf(before, after);
        if (difference.length === 0) return expect(before).toEqual(after);
        if (difference.some(({ sign }) => sign === '@')) return undefined;
        const side = (without: string) => difference.filter(({ sign }) => sign !== without).map(({ text }) => text);
        expect(side('+')).toEqual(before);
        expect(side('-')).toEqual(after);
        return undefined;
      }),
    );
  });

  it('shows all of both where too much differs', () => {
    const side = (name: string) => Array.from({ length: 3_000 }, (_, index) => `${name}${index}`);
    expect(differenceOf(side('a'), side('b'))).toHaveLength(6_000);
  });
});
