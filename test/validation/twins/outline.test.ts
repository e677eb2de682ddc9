import { describe, expect, it } from '@jest/globals';
import { contentStart, outlineOf } from '../../../src/validation/twins/outline.ts';

const TEXT = 'a: b\nc:\n  - d\n  - e: f\n    g: "h"\ni: |\n  j: k\n';

describe('an outline', () => {
  it.each([
    ['other scalars', 'a: bb\nc:\n  - dd\n  - e: ff\n    g: ""\ni: |\n  j: kk\n'],
    ['comments at its top', `---\n# why\n\n${TEXT}`],
  ])('is the same with %s', (_, other) => {
    expect(outlineOf(other)).toBe(outlineOf(TEXT));
  });

  it.each([
    ['another key', TEXT.replace('g:', 'h:')],
    ['another indentation', TEXT.replace('    g', '     g')],
    ['a line more', `${TEXT}l: m\n`],
    ['a line less', TEXT.replace('a: b\n', '')],
    ['another text in a line of its own', TEXT.replace('c:\n', 'd:\n')],
  ])('is another one with %s', (_, other) => {
    expect(outlineOf(other)).not.toBe(outlineOf(TEXT));
  });

  it('begins behind the marker, blank lines and comments', () => {
    expect(contentStart('---\n# a\n\nb: c\n', 0)).toBe(9);
    expect(contentStart('b: c\n---\nd: e\n', 5)).toBe(9);
    expect(contentStart('# only a comment', 0)).toBe(0);
    expect(contentStart('', 0)).toBe(0);
  });
});
