import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBlockYamlReader } from '../../src/manifests/block-yaml.ts';
import { createLibraryReader } from '../../src/manifests/library-yaml.ts';
import type { YamlMode } from '../../src/manifests/plain-scalar.ts';
import { anyYamlLines, yamlText } from '../support/yaml-texts.ts';

const MODES: readonly YamlMode[] = ['cluster', 'kustomize'];
const read = createBlockYamlReader(64);
const library = createLibraryReader(64);

/** Texts that the reader must take itself, as most documents are like them. */
const COMMON: readonly string[] = [
  '',
  '# only a comment\n',
  '---\n# a comment\n\n',
  '--- # who wrote it\napiVersion: v1\nkind: Service\n',
  'a: 1\nb: -2\nc: 0777\nd: 1_000\ne: 1e3\nf: .5\ng: 0x1F\nh: 12345678901234567890\ni: 1.2.3\nj: 007\n',
  'a: yes\nb: No\nc: on\nd: ~\ne: null\nf: True\ng: y\nh: nope\ni: none\nj: 2001-01-01\nk:\nl: # nothing\nm: n\n',
  'yes: a\n12: b\n0x10: c\nnull: d\nname: e\nno: f\n"x": g\n',
  'list:\n- a\n- b: c\n  d: e\n-   - f\n    - - g\n-\n  h: i\n-\n',
  'list:\n  - a # first\n\n  # between\n  - "b"\nmore:\n    deep:\n     deeper: x\n',
  'a: |\n  x\n   y\n\n  z\nb: |-\n  x\n\n\nc: |+\n  x\n\n\nd: >\n  p\n  q\n\n  r\n   s\n  t\ne: >-\n  u\nf: |2\n    v\ng: |\n',
  'a: "x"\nb: "x\\ty\\u00e9\\x41\\U0001F600\\/\\"\\\\"\nc: \'it\'\'s\'\nd: "x\n  y\n\n  z\\\n  w\\n\n  v"\ne: \'x  \n  y\'\n',
  'a: plain\n  text  \n  on\n\n  lines # end\nb: a#b :c:d [x] {y}, z\nc: http://example.com:80/?a=b&c=*\n',
  'a: []\nb: {}\nc: [a, "b", \'c\', 1, yes, ~, [d], {e: f}, ]\nd: {a: b, "c":1, e: , f, g: [h]}\ne: [\n  a,\n  {b: c,\n   d: e}\n]\n',
  '{"apiVersion": "v1", "items": [1, 2.5, true, null, {"a\\n": "b"}],\n\t"kind": "List"}\n',
  'a: é\nb: 😀\nc: \u00a0x\n日本: 語\n',
  'a: 1\r\nb: |\r\n  x\r\n  y\r\nc: "d\r\n  e"\r\n',
  'a: :8080\nb: =\nc: <<x\nd: -x\ne: .y\nf: +\n',
  'constructor: 1\ntoString: 2\nhasOwnProperty:\n  valueOf: 3\n',
  '"a": 1\n\'b\' : 2\nc : 3\n"d e":\n- f\n',
];

/** Texts that are left to the library, right or wrong. */
const UNUSUAL: readonly (readonly [string, string])[] = [
  ['an anchor', 'a: &x 1\n'],
  ['an alias', 'a: &x 1\nb: *x\n'],
  ['a merge', 'a: {<<: {b: 1}}\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a key in the long form', '? a\n: b\n'],
  ['a map as a key', '{{a: b}: c}\n'],
  ['a directive', '%YAML 1.2\n---\na: 1\n'],
  ['a second document', 'a: 1\n---\nb: 2\n'],
  ['an end of the document', 'a: 1\n...\n'],
  ['a tab that indents', 'a:\n\tb: 1\n'],
  ['a tab behind a colon', 'a:\tb\n'],
  ['a lone carriage return', 'a: 1\rb: 2\n'],
  ['NUL', 'a: "\0"\n'],
  ['half a pair', 'a: \ud83d\n'],
  ['a control character', 'a: x\x07\n'],
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n'],
  ['a duplicate key of another spelling', 'yes: 1\n"true": 2\nyes: 3\n'],
  ['a map that would change its prototype', '__proto__: {a: 1}\n'],
  ['a colon too many', 'a: b: c\n'],
  ['a key without a colon', 'a: 1\nb\n'],
  ['too little indentation', 'a:\n   b: 1\n  c: 2\n'],
  ['too much indentation', 'a: 1\n  b: 2\n'],
  ['an open bracket', 'a: [b\n'],
  ['an open quote', 'a: "b\n'],
  ['text alone', 'a\n'],
  ['a mark', '\ufeffa: 1\n'],
  ['63 levels', `${'['.repeat(63)}${']'.repeat(63)}\n`],
  ['a map of 70 levels', Array.from({ length: 70 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
];

/** Fails where the reader gives something, and not just what the library gives; true where it gives something. */
function agrees(text: string, mode: YamlMode): boolean {
  const own = read(text, mode);
  if (own === undefined) return false;
  const { value, ambiguous } = own;
  const wanted = library.read(text, mode);
  expect(wanted).toStrictEqual({ ok: true, value, ambiguous });
  expect(print(value)).toBe(wanted.ok ? print(wanted.value) : '');
  return true;
}

/** With the order of the keys, which equality passes over. */
function print(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
}

describe('createBlockYamlReader', () => {
  it.each(COMMON)('reads %j as the library does', (text) => {
    for (const mode of MODES) expect(agrees(text, mode)).toBe(true);
  });

  it.each(UNUSUAL)('leaves %s to the library', (_title, text) => {
    for (const mode of MODES) expect(read(text, mode)).toBeUndefined();
  });

  it('counts maps, lists and scalars', () => {
    expect(read('a: 1\nb: [c, {d: , e: f}]\ng:\n- h\n-\n', 'cluster')?.nodes).toBe(10);
  });

  it('keeps nothing from one text to the next', () => {
    read('key: yes\nother: [1, 2', 'cluster');
    expect(read('kez: "no"\n', 'cluster')).toEqual({ value: { kez: 'no' }, ambiguous: false, nodes: 2 });
  });

  it('never reaches the prototype of what it gives', () => {
    const { value } = read('constructor: 1\nvalueOf: {a: 2}\n', 'cluster') ?? {};
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value as object)).toEqual(['constructor', 'valueOf']);
  });

  it('takes time in proportion to the text, however it is made', () => {
    const parts = ['a', ' ', '\n ', '"', "'", '[', '- ', '# ', ': ', '\\', '|\n', '>\n \n', 'a: |\n  x\n', '- - '];
    const texts = parts.flatMap((part) => [`a: ${part.repeat(200_000)}`, `a: "${part.repeat(200_000)}"`]);
    const started = performance.now();
    for (const text of texts) read(text, 'cluster');
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('against js-yaml', () => {
  it('reads generated documents alike, and most of them by itself', () => {
    let own = 0;
    fc.assert(
      fc.property(yamlText, fc.constantFrom(...MODES), (text, mode) => {
        if (agrees(text, mode)) own++;
      }),
      { numRuns: 2_000 },
    );
    expect(own).toBeGreaterThan(1_800);
  });

  it('reads them alike after a mutation', () => {
    const piece = fc.constantFrom(
      ' ',
      '\n',
      ':',
      ': ',
      '- ',
      '"',
      "'",
      '#',
      ' #',
      '[',
      '}',
      ',',
      '|',
      '\\',
      '\t',
      '\r',
      '&a ',
      '---\n',
      '\n...\n',
      '<<',
      '\ufeff',
      '😀',
    );
    const mutation = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(3), piece });
    fc.assert(
      fc.property(yamlText, fc.array(mutation, { minLength: 1, maxLength: 3 }), (text, mutations) => {
        const mutated = mutations.reduce((before, { at, cut, piece: added }) => {
          const from = Math.floor(at * before.length);
          return before.slice(0, from) + added + before.slice(from + cut);
        }, text);
        for (const mode of MODES) agrees(mutated, mode);
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads any sequence of lines alike', () => {
    fc.assert(
      fc.property(anyYamlLines, (text) => {
        for (const mode of MODES) agrees(text, mode);
      }),
      { numRuns: 5_000 },
    );
  });
});
