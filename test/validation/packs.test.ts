import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CRD_SOURCES, TYPES_SOURCES } from '../../scripts/packs/crd-sources.ts';
import { ALL_CRD_SOURCES, blocks, readSource } from '../../scripts/packs/crds.ts';
import { cachedModule } from '../../scripts/packs/modules.ts';
import { writePack } from '../../scripts/packs/write-pack.ts';
import { rulesBlock } from '../../src/validation/crd-pack.ts';
import { readPack } from '../../src/validation/pack.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const bytes = readFileSync(resolve(ROOT, 'packs/crds.pack'));
const pack = readPack(bytes);
const page = readFileSync(resolve(ROOT, 'docs/packs.md'), 'utf8');

/** Small modules whose groups nobody shares, so that their blocks can be built alone. */
const SMALL = ['source-controller', 'cert-manager', 'sealed-secrets', 'keda', 'trust-manager'];
const rebuilt = CRD_SOURCES.filter(({ name }) => SMALL.includes(name)).map((source) => ({
  source,
  path: cachedModule(source.module, source.version),
}));
const missing = rebuilt.filter(({ path }) => path === undefined).map(({ source }) => source.module);
const itWithModules = missing.length === 0 ? it : it.skip;

describe('packs/crds.pack', () => {
  it('is small', () => {
    expect(bytes.length).toBeLessThan(400_000);
  });

  it('names module, version and licence of every source, as does its page', () => {
    expect(pack.index.sources).toEqual(ALL_CRD_SOURCES);
    for (const { name, module, version, licence } of ALL_CRD_SOURCES)
      expect(page).toContain(`| ${name} | \`${module}\` | ${version} | ${licence} |`);
  });

  it('has a source and a shape for every kind, and a kind of every source', () => {
    const used = new Set<unknown>();
    for (const [name, { kinds }] of Object.entries(pack.index.blocks)) {
      for (const [apiVersion, kind, definition, , , , , source] of kinds) {
        used.add(source);
        expect([apiVersion, kind, typeof pack.block(name).definition(definition, 0)]).toEqual([
          apiVersion,
          kind,
          'object',
        ]);
      }
    }
    expect([...used].sort((a, b) => Number(a) - Number(b))).toEqual(ALL_CRD_SOURCES.map((_, index) => index));
  });

  it('holds no prose', () => {
    for (const name of Object.keys(pack.index.blocks)) {
      const { kinds } = pack.index.blocks[name] ?? { kinds: [] };
      const texts = kinds.map(([, , definition]) => JSON.stringify(pack.block(name).definition(definition, 0)));
      expect(texts.filter((text) => /"description":"(?!string")/.test(text))).toEqual([]);
    }
  });

  it('pins the modules of types to the versions that it names', () => {
    const pinned = readFileSync(resolve(ROOT, 'scripts/packs/go-types/go.mod'), 'utf8');
    for (const { module, version } of TYPES_SOURCES) expect(pinned).toContain(`\t${module} ${version}\n`);
  });

  itWithModules(
    `comes out the same again, in part${missing.length === 0 ? '' : ` (skipped: the Go module cache lacks ${missing.join(', ')})`}`,
    () => {
      const kinds = rebuilt.flatMap(({ source, path }) => (path === undefined ? [] : readSource(source, path)));
      const part = readPack(writePack(ALL_CRD_SOURCES, [], blocks(kinds)));
      for (const [name, { kinds: rows }] of Object.entries(part.index.blocks)) {
        expect(rows).toEqual(pack.index.blocks[name]?.kinds);
        const group = name.replace(/!rules$/, '');
        for (const [, , definition] of part.index.blocks[group]?.kinds ?? []) {
          expect(part.block(name).definition(definition, 0)).toEqual(pack.block(name).definition(definition, 0));
        }
      }
      expect(Object.keys(part.index.blocks)).toContain(rulesBlock('cert-manager.io'));
    },
  );
});
