import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { patternTest } from '../../src/validation/schema-pattern.ts';

describe('patternTest', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['^[a-z]+$', ['abc'], ['', 'aB', 'a\n']],
    ['b', ['abc'], ['ac']],
    ['^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$', ['1h30m', '1.5s'], ['10 minutes', '5']],
    ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
    ['^(?i)abc$', ['ABC'], ['ABD']],
    ['^(?:a|(?i:b))c$', ['Bc', 'ac'], ['Ac']],
    ['^[[:alpha:]_]+$', ['aB_'], ['a1']],
    ['^[^][a]+$', ['bc'], ['b]', 'a']],
    ['\\Aa\\z', ['a'], ['ba']],
    ['^\\PC*$', ['ä b'], ['a\u0007']],
    ['(?P<name>x)', ['yx'], ['y']],
    ['^.$', ['💡'], ['ab']],
    ['\\bcat\\b', ['a cat'], ['cats']],
    ['^$|^{a}$', ['', '{a}'], ['a']],
  ])('%s', (pattern, good, bad) => {
    for (const text of good) expect([text, patternTest(pattern)?.(text)]).toEqual([text, true]);
    for (const text of bad) expect([text, patternTest(pattern)?.(text)]).toEqual([text, false]);
  });

  it.each(['(', 'a)', '*a', '[a', '(?=a)', `${'('.repeat(200)}${')'.repeat(200)}`, '((a{1000}){1000}){1000}'])(
    'leaves %s alone',
    (pattern) => {
      expect(patternTest(pattern)).toBeUndefined();
    },
  );

  it('takes time in proportion to the text', () => {
    for (const pattern of ['^(a+)+$', '^(a|aa)+$', '^([a-z]*)*$', '(a*)*(a*)*b']) {
      expect(patternTest(pattern)?.(`${'a'.repeat(20_000)}!`)).toBe(false);
    }
  });

  it('agrees with the engine of this machine', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '[^a]', '.', '\\d', '(ab)', '(a|b)', '(a|ab)');
    const piece = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}', '{0,}'))
      .map((parts) => parts.join(''));
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(piece, { maxLength: 4 }), fc.constantFrom('', '$'))
      .map(([start, pieces, end]) => `${start}${pieces.join('')}${end}`);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        expect(patternTest(source)?.(value)).toBe(new RegExp(source, 'u').test(value));
      }),
      { numRuns: 2000 },
    );
  });
});
