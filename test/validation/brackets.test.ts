import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsBracketed, holdsVariable, textAround } from '../../src/validation/brackets.ts';

const PIECES = ['${', '}', '$(', ')', '{{', '}}', '<<', '>>', '$', 'a', 'b1', '-', ' '];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((parts) => parts.join(''));

describe('what stands in brackets', () => {
  it('is found as the expressions find it', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(holdsVariable(value)).toBe(/\$\{[^}]+\}/.test(value));
        expect(holdsBracketed(value, '$(', ')')).toBe(/\$\([^)]+\)/.test(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is taken out as the expression splits it', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(textAround(value)).toEqual(value.split(/\$\{[^}]*\}|\$\w+|\{\{.*?\}\}|<<.*?>>/));
      }),
      { numRuns: 2_000 },
    );
  });
});
