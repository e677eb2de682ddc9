import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildKubernetesPack, KUBERNETES_SOURCES } from '../../scripts/packs/kubernetes.ts';
import { cachedModule } from '../../scripts/packs/modules.ts';
import { type VersionContent, writePack } from '../../scripts/packs/write-pack.ts';
import { readPack } from '../../src/validation/pack.ts';
import type { Shape } from '../../src/validation/shape.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const bundled = readFileSync(resolve(ROOT, 'packs/kubernetes.pack'));

function version(definitions: Readonly<Record<string, Shape>>, ...kinds: readonly string[]): VersionContent {
  return {
    definitions: new Map(Object.entries(definitions)),
    kinds: kinds.map((kind) => ({
      apiVersion: 'example.com/v1',
      kind,
      definition: kind,
      plural: `${kind.toLowerCase()}s`,
      namespaced: true,
    })),
  };
}

describe('a pack', () => {
  const one: Shape = { fields: { a: 'string' } };
  const two: Shape = { fields: { a: 'string', b: '#Part' } };
  const bytes = writePack(
    [{ name: 'Example', module: 'example.com/x', version: 'v1.2.3', licence: 'MIT' }],
    ['1', '2', '3'],
    [
      {
        name: 'first',
        versions: [
          version({ Old: one, Kept: one }, 'Old', 'Kept'),
          version({ Kept: two, Part: 'int32' }, 'Kept'),
          version({ Kept: two, Part: 'int32', Old: one }, 'Kept', 'Old'),
        ],
      },
      { name: 'second', versions: [version({ Other: 'object' }, 'Other')] },
    ],
  );
  const pack = readPack(bytes);

  it('gives back what was written, by block, definition and version', () => {
    const block = pack.block('first');
    expect([0, 1, 2].map((index) => block.definition('Kept', index))).toEqual([one, two, two]);
    expect([0, 1, 2].map((index) => block.definition('Old', index))).toEqual([one, undefined, one]);
    expect(block.definition('__proto__', 0)).toBeUndefined();
    expect(pack.block('second').definition('Other', 0)).toBe('object');
    expect(() => pack.block('third')).toThrow('no block third');
  });

  it('knows when a kind came and went', () => {
    expect(pack.index.blocks.first?.kinds.map(([, kind, , , , from, until]) => [kind, from, until])).toEqual([
      ['Kept', 0, -1],
      ['Old', 0, 1],
      ['Old', 2, -1],
    ]);
    expect(pack.index.sources[0]).toMatchObject({ version: 'v1.2.3', licence: 'MIT' });
  });

  it('of other bytes is refused', () => {
    expect(() => readPack(new Uint8Array(3))).toThrow('schema pack');
    expect(() => readPack(bytes.subarray(1))).toThrow('schema pack');
    const newer = Uint8Array.from(bytes);
    newer[4] = 2;
    expect(() => readPack(newer)).toThrow('schema pack');
  });
});

describe('packs/kubernetes.pack', () => {
  it('is small, and names module, version and licence of every minor, as does its page', () => {
    expect(bundled.length).toBeLessThan(60_000);
    const { index } = readPack(bundled);
    expect(index.sources).toEqual(KUBERNETES_SOURCES);
    expect(index.versions).toEqual(KUBERNETES_SOURCES.map((source) => source.name));
    const page = readFileSync(resolve(ROOT, 'docs/packs.md'), 'utf8');
    for (const { name, version: exact } of KUBERNETES_SOURCES) expect(page).toContain(`| ${name} | ${exact} |`);
  });

  it('has every kind with all that its schema refers to, in every version', () => {
    const { index, block } = readPack(bundled);
    const { definition } = block('kubernetes');
    for (const [, kind, name, , , from, until] of index.blocks.kubernetes?.kinds ?? []) {
      for (let at = from; at < (until === -1 ? index.versions.length : until); at++) {
        const missing = [...JSON.stringify(definition(name, at) ?? '#').matchAll(/"#([^"]*)"/g)].filter(
          (match) => definition(match[1] ?? '', at) === undefined,
        );
        expect([kind, at, missing]).toEqual([kind, at, []]);
      }
    }
  });

  const archives = KUBERNETES_SOURCES.map((source) => cachedModule(source.module, source.version));
  const isComplete = archives.every((path) => path !== undefined);
  (isComplete ? it : it.skip)(
    'is rebuilt to the same bytes (skipped where Go or a module of k8s.io/kubernetes is not in its cache)',
    () => {
      const rebuilt = buildKubernetesPack((module, exact) => cachedModule(module, exact) ?? '');
      expect(Buffer.compare(rebuilt, bundled)).toBe(0);
    },
    60_000,
  );
});
