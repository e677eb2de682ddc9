import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { createCelEngine } from '../../../src/validation/cel/engine.ts';
import { isFault } from '../../../src/validation/cel/value.ts';
import { rulesBlock } from '../../../src/validation/crd-pack.ts';
import type { RuleNode } from '../../../src/validation/crd-rules.ts';
import { readPack } from '../../../src/validation/pack.ts';
import { patternTest } from '../../../src/validation/schema-pattern.ts';

const pack = readPack(readFileSync(resolve(import.meta.dirname, '../../../packs/crds.pack')));

function textsIn(node: RuleNode | undefined): readonly string[] {
  if (node === undefined) return [];
  const own = (node.rules ?? []).flatMap(({ rule, messageExpression }) => [rule, messageExpression ?? rule]);
  return [...own, ...[...Object.values(node.fields ?? {}), node.items, node.values].flatMap(textsIn)];
}

const texts = new Set(
  Object.entries(pack.index.blocks).flatMap(([group, { kinds }]) => {
    if (!Object.hasOwn(pack.index.blocks, rulesBlock(group))) return [];
    const rules = pack.block(rulesBlock(group));
    return kinds.flatMap((row) => textsIn(rules.definition(row[2], 0) as RuleNode | undefined));
  }),
);

it('every rule of the bundled CRDs can be read, and every pattern in one', () => {
  const cel = createCelEngine();
  const unread = [...texts].filter((text) => {
    const result = cel.compile(text).run(() => undefined);
    return isFault(result) && /^the (expression|function)/.test(result.message);
  });
  expect(texts.size).toBeGreaterThan(600);
  expect(unread).toEqual([]);
  const patterns = [...texts].flatMap((text) =>
    [...text.matchAll(/matches\(r?'([^'\\]*)'\)/g)].map(([, pattern = '']) => pattern),
  );
  expect(patterns.filter((pattern) => patternTest(pattern) === undefined)).toEqual([]);
  expect(patterns.length).toBeGreaterThan(10);
});
