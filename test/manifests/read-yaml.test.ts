import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { createYamlReader } from '../../src/manifests/read-yaml.ts';

const reader = createYamlReader(64);

/** Documents with what kubectl reads in them. */
const SPECS: readonly (readonly [string, string, unknown])[] = [
  ['merges, overridden', '{base: &b {a: 1, c: 2}, own: {<<: *b, c: 3}}', { base: { a: 1, c: 2 }, own: { a: 1, c: 3 } }],
  ['keys that are no text', '{yes: 1, 0x10: 2, 1.5: 3, "yes": 4}', { true: 1, 16: 2, 1.5: 3, yes: 4 }],
  [
    'tags of YAML itself',
    '{a: !!str 1, b: !!int "7", c: !!float 1, d: !!binary aGk=, e: !!timestamp 2001-01-01}',
    { a: '1', b: 7, c: 1, d: 'hi', e: '2001-01-01' },
  ],
  ['block scalars', '\n  a: |\n    x\n     y\n  b: >-\n    p\n    q\n', { a: 'x\n y\n', b: 'p q' }],
  ['quoted text over lines without indentation', '\n  a: "x\ny"\n', { a: 'x y' }],
  ['escapes', "{a: \"\\u0041\\x42\", b: 'it''s'}", { a: 'AB', b: "it's" }],
];

describe('createYamlReader', () => {
  it.each(SPECS)('%s', (_title, text, value) => {
    expect(reader.read(`spec: ${text}`, 'cluster')).toMatchObject({ ok: true, value: { spec: value } });
  });

  it('tells syntax, duplicate keys and depth apart, with the offset', () => {
    expect(reader.read('a: 1\nb: [', 'cluster')).toMatchObject({ ok: false, problem: { kind: 'syntax' } });
    expect(reader.read('a: 1\na: 2', 'cluster')).toMatchObject({
      ok: false,
      problem: { kind: 'duplicate-key', offset: 5 },
    });
    expect(reader.read('['.repeat(70), 'cluster')).toMatchObject({ ok: false, problem: { kind: 'depth' } });
    expect(reader.read('a: 1\na: 2', 'cluster', 'allow')).toMatchObject({ ok: true, value: { a: 2 } });
  });

  it('notes ambiguous literals and foreign tags of this document only', () => {
    expect(reader.read('a: on\nb: !Ref x', 'cluster')).toMatchObject({ ambiguous: true, unknownTag: '!Ref' });
    const next = reader.read('a: "on"', 'cluster');
    expect(next).toMatchObject({ ambiguous: false });
    expect(next).not.toHaveProperty('unknownTag');
  });
});

describe('against the real kubectl', () => {
  (hasKubectl() ? it : it.skip)('reads whole documents alike (skipped where kubectl is missing)', () => {
    const text = SPECS.map(
      ([, spec]) => `---\napiVersion: example.com/v1\nkind: Example\nmetadata: {name: x}\nspec: ${spec}\n`,
    ).join('');
    const args = ['annotate', '--local', '-f', '-', '-o', 'json', 'a=b'];
    const output = execFileSync('kubectl', args, { input: text, encoding: 'utf8' });
    const objects = output.split(/^(?=\{)/m).map((piece) => JSON.parse(piece) as { spec: unknown });
    expect(objects.map((object) => object.spec)).toEqual(SPECS.map(([, , value]) => value));
  });
});

function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
