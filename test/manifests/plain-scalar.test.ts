import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isAmbiguousScalar, type PlainValue, readPlainScalar } from '../../src/manifests/plain-scalar.ts';

/** What kubectl makes of each literal: `kubectl annotate --local -o json` on an object that holds it. */
const CLUSTER: readonly (readonly [string, PlainValue])[] = [
  ['yes', true],
  ['on', true],
  ['y', true],
  ['NO', false],
  ['Off', false],
  ['True', true],
  ['tRue', 'tRue'],
  ['0777', 511],
  ['018', 18],
  ['08', 8],
  ['0o17', 15],
  ['0o8', '0o8'],
  ['010.5', 10.5],
  ['0x1F', 31],
  ['0x_1F', 31],
  ['-0x10', -16],
  ['0x', '0x'],
  ['0b11', 3],
  ['-0b11', -3],
  ['0b2', '0b2'],
  ['+12', 12],
  ['-0', 0],
  ['1e3', 1000],
  ['1.5e+3', 1500],
  ['1e', '1e'],
  ['.e3', '.e3'],
  ['1e400', '1e400'],
  ['1_000', 1000],
  ['1__0', 10],
  ['_1', '_1'],
  ['-_1', -1],
  ['0.1_5', 0.15],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['5.', 5],
  ['1.0', 1],
  ['12:30:45', '12:30:45'],
  ['2001-01-01', '2001-01-01'],
  ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
  ['1.2.3', '1.2.3'],
  ['1,000', '1,000'],
  ['=', '='],
  ['~', null],
  ['NULL', null],
  ['nUll', 'nUll'],
  ['9223372036854775807', 9223372036854775807n],
  ['18446744073709551615', 18446744073709551615n],
  ['99999999999999999999', 100000000000000000000],
];

describe('readPlainScalar', () => {
  it.each(CLUSTER)('kubectl reads %s as %p', (literal, value) => {
    expect(readPlainScalar(literal, 'cluster')).toBe(value);
  });

  it.each(['yes', 'on', 'NO', 'y', 'off'])('kustomize reads %s as text, so it is ambiguous', (literal) => {
    expect(readPlainScalar(literal, 'kustomize')).toBe(literal);
    expect(isAmbiguousScalar(literal)).toBe(true);
  });

  it.each(['true', '0777', 'yess', '2001-01-01T00:00:00Z', '1.34', ''])('%s is read alike by both', (literal) => {
    expect(isAmbiguousScalar(literal)).toBe(false);
    expect(readPlainScalar(literal, 'kustomize')).toBe(readPlainScalar(literal, 'cluster'));
  });
});

const kubectl = kubectlVersion();

describe('against the real kubectl', () => {
  (kubectl === undefined ? it.skip : it)(`reads every literal alike (skipped where kubectl is missing)`, () => {
    const text = CLUSTER.map(([literal], index) => `  v${index}: ${literal}\n`).join('');
    const object = annotate(`apiVersion: example.com/v1\nkind: Example\nmetadata: {name: x}\nspec:\n${text}`);
    const ours = CLUSTER.map(([, value]) => (typeof value === 'bigint' ? Number(value) : value));
    expect(CLUSTER.map((_, index) => object.spec[`v${index}`])).toEqual(ours);
  });
});

function annotate(manifest: string): { spec: Record<string, unknown> } {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-test-'));
  try {
    const file = join(folder, 'x.yaml');
    writeFileSync(file, manifest);
    const args = ['annotate', '--local', '-f', file, '-o', 'json', 'a=b'];
    return JSON.parse(execFileSync('kubectl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kubectlVersion(): string | undefined {
  try {
    return execFileSync('kubectl', ['version', '--client'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
