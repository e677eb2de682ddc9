import { describe, expect, it } from '@jest/globals';
import { spliceAndProve } from '../../src/editing/prove.ts';
import { type Expectation, scalarRange } from '../../src/editing/splice.ts';
import { parseText, type YamlFile } from '../../src/editing/yaml-file.ts';

function parse(text: string): YamlFile {
  const parsed = parseText('a.yaml', text, false);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.file;
}

/** What the proof says to `from` becoming `to` in the text, when `tag` alone is to become `value`. */
function prove(text: string, from: string, to: string, value = 'v2'): string {
  const start = text.indexOf(from);
  const expected: Expectation = { document: 0, path: ['tag'], kind: 'value', value, everywhere: true };
  const proved = spliceAndProve(parse(text), [{ splice: { start, end: start + from.length, text: to }, expected }]);
  return proved.ok ? proved.text : proved.problem;
}

describe('the proof of an edit', () => {
  it('accepts exactly the planned value', () =>
    expect(prove('tag: v1 # c\nb: 1\n', 'v1', 'v2')).toBe('tag: v2 # c\nb: 1\n'));

  it.each<[string, string, string, string, string, string?]>([
    ['another value than planned', 'tag: v1\n', 'v1', 'v3', 'change tag in another way'],
    ['nothing at all', 'tag: v2\n', 'v2', 'v2', 'leave tag as it is'],
    ['a second value as well', 'tag: v1\nb: 1\n', 'v1\nb: 1', 'v2\nb: 2', 'change b in another way'],
    ['a key more', 'tag: v1\n', 'v1', 'v2\nb: 1', 'change b in another way'],
    ['a key less', 'tag: v1\nb: 1\n', 'v1\nb: 1', 'v2', 'change b in another way'],
    ['a document more', 'tag: v1\n', 'v1', 'v2\n---\nx', 'change the document in another way'],
    ['a lost anchor', 'tag: &a v1\nb: *a\n', '&a v1\nb: *a', 'v2\nb: v2', 'change tag in another way'],
    ['an anchor that was taken', 'tag: &a v1\nb: &b 1\nc: *b\n', '*b', '*a', 'change c in another way'],
    ['a comment that swallows the rest', 'tag: v1\n', 'v1', '# v2', 'change tag in another way'],
    ['text that does not parse', 'tag: v1\n', 'v1', '"v2', 'would not parse'],
    ['a number where a string was planned', 'tag: v1\n', 'v1', '1.10', 'change tag in another way', '1.10'],
    ['a date that only YAML 1.1 knows', 'tag: v1\n', 'v1', '2024-01-01', 'YAML 1.1 would read tag', '2024-01-01'],
    ['a list that became longer', 'tag: v1\nl: [a]\n', 'v1\nl: [a]', 'v2\nl: [a, b]', 'change l[1] in another way'],
    [
      'a block map that became a flow map',
      'tag: v1\nm:\n  a: 1\n',
      'v1\nm:\n  a: 1',
      'v2\nm: {a: 1}',
      'change m in another way',
    ],
    [
      'keys in another order',
      'tag: v1\nb: 1\nc: 1\n',
      'v1\nb: 1\nc: 1',
      'v2\nc: 1\nb: 1',
      'change the document in another way',
    ],
  ])('refuses %s', (_title, text, from, to, problem, value = 'v2') =>
    expect(prove(text, from, to, value)).toContain(problem),
  );

  it('refuses splices that overlap', () => {
    const expected: Expectation = { document: 0, path: ['tag'], kind: 'value', value: 'v2', everywhere: true };
    const twice = [
      { splice: { start: 5, end: 7, text: 'v2' }, expected },
      { splice: { start: 6, end: 8, text: 'x' }, expected },
    ];
    expect(spliceAndProve(parse('tag: v1\n'), twice)).toEqual({ ok: false, problem: 'two edits overlap' });
  });

  it('finds no range in a block scalar of several lines', () => {
    const [document] = parse('a: |\n  x\n  y\n').documents;
    const node = (document?.root as { items?: { value: unknown }[] } | null)?.items?.[0]?.value;
    expect(scalarRange('a: |\n  x\n  y\n', node as never)).toBeUndefined();
  });
});
