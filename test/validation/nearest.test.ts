import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearest } from '../../src/validation/nearest.ts';

/** By the definition, without anything left out. */
function distance(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    const row: number[] = [];
    rows.push(row);
    for (let j = 0; j <= b.length; j++) row.push(i === 0 || j === 0 ? i + j : cell(a, b, i, j, rows));
  }
  return rows[a.length]?.[b.length] ?? 0;
}

function cell(a: string, b: string, i: number, j: number, rows: readonly (readonly number[])[]): number {
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
  return Math.min(at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1, swapped);
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 10 });

describe('the nearest name', () => {
  it('is the first of those with the least distance, up to a third of the letters', () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 6 }), (name, candidates) => {
        const limit = Math.max(1, Math.floor(name.length / 3));
        const least = Math.min(...candidates.map((candidate) => distance(name, candidate)));
        const meant =
          least > Math.min(limit, name.length)
            ? undefined
            : candidates.find((candidate) => distance(name, candidate) === least);
        expect(nearest(name, candidates)).toBe(meant);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is looked for no longer than the effort lasts, which questions share', () => {
    const effort = { left: 2_000 };
    const asked: string[] = [];
    function* candidates() {
      for (let n = 0; n < 10_000; n++) {
        asked.push(`name-${n}`);
        yield `name-${n}`;
      }
    }
    expect(nearest('name-x', candidates(), 6, effort)).toBe('name-0');
    expect(asked.length).toBeLessThan(2_000);
    expect(nearest('nmae', ['name'], 4, effort)).toBeUndefined();
  });

  it('is none for a name of very many letters', () => {
    expect(nearest('a'.repeat(200), [`${'a'.repeat(199)}b`])).toBeUndefined();
  });
});
