import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../../src/image/linear-pattern.ts';

function matches(pattern: string, text: string): boolean | string {
  const compiled = compilePattern(pattern);
  return 'problem' in compiled ? compiled.problem : compiled.matches(text);
}

/** Patterns that mean the same to JavaScript. */
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', '-', '.', '\\.', '\\d', '\\w', '[ab]', '[^a]', '[a-c1-3]', '[\\d-]', '^', '$', ''),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?'))
      .map(([a, count]) => `(${a})${count}`),
  ),
}));

describe('a linear pattern', () => {
  it('agrees with the engine of JavaScript', () => {
    let matched = 0;
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[abc123.-]{0,8}$/), (source, text) => {
        const expected = new RegExp(`^(?:${source})$`, 's').test(text);
        if (expected) matched++;
        expect([source, text, matches(source, text)]).toEqual([source, text, expected]);
      }),
      { numRuns: 3000 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it.each<[string, string]>([
    ['(a*)*b', 'a'.repeat(128)],
    ['(a|a)*b', 'a'.repeat(128)],
    ['(a+)+$x', 'a'.repeat(128)],
    ['a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(128)],
    ['(\\w+\\d+)+!', 'a1'.repeat(64)],
    ['(a?){100}a{100}', 'a'.repeat(99)],
  ])('takes no time for %s', (source, text) => {
    const start = process.cpuUsage().user;
    expect(matches(source, text)).toBe(false);
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(500);
  });

  it.each<[string, string]>([
    ['(a', '( without its )'],
    ['a)', ') without its ('],
    ['[a', '[ without its ]'],
    ['[]', '[ without its ]'],
    ['[z-a]', 'cannot be read'],
    ['[\\d-z]', 'cannot be read'],
    ['*a', 'nothing before *'],
    ['a**', 'repeats a repetition'],
    ['(?=a)', 'looks around'],
    ['(?<!a)b', 'looks around'],
    ['(a)\\1', '\\1, which is not known'],
    ['\\b', '\\b, which is not known'],
    ['a\\', '\\, which is not known'],
    ['a{3,2}', 'the count {3,2}'],
    ['a{9999}', 'the count {9999}'],
    ['((a{900}){900}){900}', 'more than 5000 steps'],
    ['a'.repeat(1001), '1001 characters'],
    ['('.repeat(60), 'groups in each other'],
  ])('refuses %s', (source, problem) => expect(matches(source, 'a')).toEqual(expect.stringContaining(problem)));

  it('never throws for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 10 }), (source, text) => {
        expect(['boolean', 'string']).toContain(typeof matches(source, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads groups with names, as Go and JavaScript write them', () => {
    expect(matches('main-(?P<hash>[0-9a-f]{7})-(?<time>\\d+)', 'main-1234abc-42')).toBe(true);
  });
});
