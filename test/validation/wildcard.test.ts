import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAffixes } from '../../src/validation/delivery/affixes.ts';
import { isMadeOf } from '../../src/validation/wildcard.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 });
const parts = fc.array(word, { minLength: 1, maxLength: 4 });
const pair = fc.tuple(word, word);

describe('a text with anything between its parts', () => {
  it('is what the expression takes', () => {
    fc.assert(
      fc.property(word, word, parts, (left, right, of) => {
        expect(isMadeOf(left + right, of)).toBe(new RegExp(`^${of.join('.*')}$`).test(left + right));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is told at once where there are very many places for each part', () => {
    expect(isMadeOf('a'.repeat(100_000), [...Array(2_000).fill('a'), 'b'])).toBe(false);
    expect(isMadeOf('a'.repeat(100_000), [...Array(2_000).fill('a'), 'a'])).toBe(true);
  });
});

describe('affixes', () => {
  it('are found as if each was tried', () => {
    fc.assert(
      fc.property(word, word, fc.array(pair, { maxLength: 5 }), (left, right, all) => {
        const name = left + right;
        const fits = (one: readonly string[]) => isMadeOf(name, one);
        expect(createAffixes(all).some(name, fits)).toBe(all.some(fits));
      }),
      { numRuns: 2_000 },
    );
  });

  it('asks of those alone that a name begins and ends with', () => {
    const all = Array.from({ length: 10_000 }, (_, n) => [`p${n}-`, `-s${n}`]);
    const asked: (readonly string[])[] = [];
    const found = createAffixes(all).some('p42-x-s42', (one) => {
      asked.push(one);
      return false;
    });
    expect([found, asked]).toEqual([false, [['p42-', '-s42']]]);
  });
});
