import { describe, expect, it } from '@jest/globals';
import { check } from '../../src/validation/check.ts';
import { bundledSchemas, checkFiles, sourceFiles } from '../support/manifests.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
const keys = (count: number) => Array.from({ length: count }, (_, index) => `  k${index}: v\n`).join('');
const lines = (count: number, line: (index: number) => string, end = '\n') =>
  Array.from({ length: count }, (_, index) => line(index) + end).join('');
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
  ['200 KB of variables that nothing closes', `${HEAD}data: {a: "${'${'.repeat(100_000)}"}\n`, []],
  [
    'the same in a Secret, with other brackets and quotes',
    `${HEAD.replace('ConfigMap', 'Secret')}stringData: {${['${', '$(', '{{', '<path:', '<vault:']
      .map((open, index) => `a${index}: "${open.repeat(60_000)}"`)
      .join(', ')}, b.conf: "x\\npassword: a${';'.repeat(200_000)}b"}\n`,
    ['secret/plain'],
  ],
  ['20,000 unknown fields', HEAD + lines(20_000, (n) => `field${n}: 1`), ['schema/unknown-field']],
  [
    '20,000 unknown fields in a document with an alias',
    `${HEAD}x: &a 1\ny: *a\n${lines(20_000, (n) => `field${n}: 1`)}`,
    ['schema/unknown-field'],
  ],
  ['20,000 keys, each of them twice', `${HEAD}data:\n${keys(10_000)}${keys(10_000)}`, ['yaml/duplicate-key']],
  ['10,000 maps with a key twice', `${HEAD}x:\n${lines(10_000, () => '- {a: 1, a: 2}')}`, ['yaml/duplicate-key']],
  [
    '1,000 maps that merge all before them',
    HEAD +
      lines(
        900,
        (n) => `m${n}: &m${n} {<<: [${Array.from({ length: Math.min(n, 9) }, (_, k) => `*m${n - k - 1}`).join(', ')}]}`,
      ),
    ['schema/unknown-field'],
  ],
  [
    'a comment with 40,000 names of rules',
    `# drawbridge-ignore: ${lines(40_000, (n) => `a${n},`, '')}\n${HEAD}`,
    ['suppress/unused'],
  ],
  [
    '10,000 comments, each about the line below it',
    HEAD + lines(10_000, (n) => `# drawbridge-ignore: schema/unknown-field\nx${n}: 1`),
    [],
  ],
  [
    '20,000 comments about one line with 5,000 findings',
    `${lines(20_000, () => '# drawbridge-ignore: schema/unknown-field')}{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, ${lines(5_000, (n) => `x${n}: 1,`, ' ')}}\n`,
    [],
  ],
  [
    'an Application with 5,000 values files of a source that is not there',
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec:\n  project: p\n  destination: {server: https://k, namespace: n1}\n  sources:\n${lines(5_000, (n) => `  - {repoURL: https://x/y, path: a, helm: {valueFiles: [$r/${n}.yaml]}}`)}`,
    ['reference/argocd-values-file'],
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

  it('5,000 missing files beside 1,500 of nearly the same names each get a finding', () => {
    const beside = Object.fromEntries(
      Array.from({ length: 1_500 }, (_, n) => [`d/name-of-a-file-${n}.yaml`, HEAD.replace('name: x', `name: x${n}`)]),
    );
    const kustomization = `resources:\n${lines(5_000, (n) => `- d/name-of-the-file-${n}x.yaml`)}`;
    const files = sourceFiles({ ...beside, 'kustomization.yaml': kustomization });
    const options = { missingSchema: 'skip', strict: true, disableRules: [] } as const;
    const report = check(files, bundledSchemas('1.34'), options, () => 'missing');
    expect(report.findings).toHaveLength(5_000);
    expect(report.findings.at(-1)).toMatchObject({ ruleId: 'reference/kustomize', line: 5_001, column: 3 });
    expect(report.findings[0]?.hint).toMatch('Did you mean d/name-of-a-file-');
  });

  it('kustomizations that build each other in a row of thousands are looked through', () => {
    const row = (field: string) =>
      Object.fromEntries(
        Array.from({ length: 2_500 }, (_, n) => [`k${n}/kustomization.yaml`, `${field}: [../k${n + 1}]\n`]),
      );
    const files = { ...row('resources'), 'k2500/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n' };
    const twice = checkFiles({ ...files, 'k2500/a.yaml': HEAD, 'k2500/b.yaml': HEAD });
    expect(twice.findings.map(({ ruleId }) => ruleId)).toEqual(['duplicate/object']);
    expect(checkFiles({ ...files, ...row('components'), 'k2500/a.yaml': HEAD }).findings).toEqual([]);
  });

  it('a fault never hides the next file', () => {
    const report = checkFiles({ 'a.yaml': '\0', 'b.yaml': `${HEAD}x: 1\n` });
    expect(report.findings.map((finding) => finding.path)).toEqual(['a.yaml', 'b.yaml']);
  });

  it.each([
    ['150,000 documents to check', 16, 'a: 1\n---\n'.repeat(9_990)],
    ['100,000 findings', 34, `${HEAD}${Array.from({ length: 3_000 }, (_, n) => `x${n}: 1\n`).join('')}`],
  ])('more than %s are refused as a whole', (what, count, text) => {
    const files = Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.yaml`, text]));
    expect(() => checkFiles(files, { missingSchema: 'skip' })).toThrow(`There are more than ${what}.`);
  });
});
