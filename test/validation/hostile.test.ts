import { describe, expect, it } from '@jest/globals';
import { checkFiles } from '../support/manifests.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
const keys = (count: number) => Array.from({ length: count }, (_, index) => `  k${index}: v\n`).join('');
const laughs = ['a: &a0 [x, x, x, x, x, x, x, x, x]']
  .concat(Array.from({ length: 9 }, (_, n) => `b${n}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`))
  .join('\n');
const utf16 = Uint8Array.from(Buffer.from(`\uFEFF${HEAD}`, 'utf16le'));

/** Case, content, and the rules that must answer; none where it passes. */
const CASES: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  ['billion laughs', `${HEAD}${laughs}\n`, ['yaml/limit']],
  [
    'one large anchor with 5,000 aliases',
    `${HEAD}a: &a "${'x'.repeat(100_000)}"\nb: [${Array(5_000).fill('*a').join(', ')}]\n`,
    ['yaml/limit'],
  ],
  ['40,000 distinct keys', `${HEAD}data:\n${keys(40_000)}`, []],
  [
    '20,000 anchors with aliases',
    HEAD + Array.from({ length: 20_000 }, (_, n) => `x${n}: &a${n} 1\ny${n}: *a${n}\n`).join(''),
    ['yaml/limit'],
  ],
  ['5,000 open brackets', `${HEAD}a: ${'['.repeat(5_000)}`, ['yaml/limit']],
  ['200,000 open brackets', '['.repeat(200_000), ['yaml/limit']],
  [
    'a block map of 2,000 levels',
    HEAD + Array.from({ length: 2_000 }, (_, n) => `${' '.repeat(n)}a:\n`).join(''),
    ['yaml/limit'],
  ],
  [
    'JSON of 70 levels',
    `{"apiVersion": "v1", "kind": "List", "items": ${'['.repeat(70)}${']'.repeat(70)}}`,
    ['yaml/limit'],
  ],
  ['100 KB of commas', ','.repeat(100_000), ['yaml/syntax']],
  ['100,000 closing braces', '}'.repeat(100_000), ['yaml/syntax']],
  ['100,000 documents', 'a: 1\n---\n'.repeat(100_000), ['yaml/limit']],
  ['a file of 5 MB', `${HEAD}data: {a: "${'x'.repeat(5 << 20)}"}\n`, ['yaml/limit']],
  ['a line of 3 MB', `${HEAD}data: {a: "${'x'.repeat(3 << 20)}"}\n`, ['semantic/config-size']],
  ['a million comment lines', `${HEAD}${'#\n'.repeat(1_000_000)}`, []],
  ['an alias inside its own anchor', `${HEAD}data: &a {self: *a}\n`, ['yaml/limit']],
  [
    'aliases that nest deep',
    HEAD + Array.from({ length: 90 }, (_, n) => `x${n}: &a${n} [[${n === 0 ? '1' : `*a${n - 1}`}]]\n`).join(''),
    ['yaml/limit'],
  ],
  ['a NUL byte', `${HEAD}data: {a: "\0"}\n`, ['yaml/encoding']],
  ['UTF-16', utf16, ['yaml/encoding']],
  ['Latin-1', Uint8Array.from([...Buffer.from(HEAD), 0xff]), ['yaml/encoding']],
  ['a mark at the start', `\uFEFF${HEAD}`, []],
  ['a mark before the second document', `${HEAD}---\n\uFEFF${HEAD}`, ['yaml/encoding']],
  ['tabs', `${HEAD}data:\n\ta: b\n`, ['yaml/syntax']],
  ['a tag that runs code elsewhere', `${HEAD}data: {a: !!js/function "x"}\n`, ['yaml/syntax']],
  ['the same tag in a file of something else', 'a: !!python/object/apply:os.system [ls]\n', []],
  ['only comments', '# a\n# b\n', []],
  ['nothing at all', '', []],
  [
    'a List of 100,000 items',
    `apiVersion: v1\nkind: List\nitems:\n${'- {apiVersion: v1, kind: Namespace}\n'.repeat(100_000)}`,
    ['yaml/limit'],
  ],
  [
    'a List of 20,000 items',
    `apiVersion: v1\nkind: List\nitems:\n${'- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n'.repeat(20_000)}`,
    [],
  ],
  ['1e400 and 2^64 as values', `${HEAD}data: {a: 1e400, b: "1"}\nimmutable: 18446744073709551616\n`, ['schema/type']],
];

describe('hostile input', () => {
  it.each(CASES)('%s', (_title, content, rules) => {
    const path = typeof content === 'string' && content.startsWith('{') ? 'x.json' : 'x.yaml';
    const started = performance.now();
    const report = checkFiles({ [path]: content }, { missingSchema: 'skip' });
    expect([...new Set(report.findings.map((finding) => finding.ruleId))]).toEqual(
      rules.length > 0 ? expect.arrayContaining([...rules]) : [],
    );
    expect(report.documents + report.skipped.length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('a fault never hides the next file', () => {
    const report = checkFiles({ 'a.yaml': '\0', 'b.yaml': `${HEAD}x: 1\n` });
    expect(report.findings.map((finding) => finding.path)).toEqual(['a.yaml', 'b.yaml']);
  });

  it.each([
    ['250,000 documents to check', 26, 'a: 1\n---\n'.repeat(9_990)],
    ['100,000 findings', 34, `${HEAD}${Array.from({ length: 3_000 }, (_, n) => `x${n}: 1\n`).join('')}`],
  ])('more than %s are refused as a whole', (what, count, text) => {
    const files = Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.yaml`, text]));
    expect(() => checkFiles(files, { missingSchema: 'skip' })).toThrow(`There are more than ${what}.`);
  });
});
