import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitDocuments } from '../../src/manifests/documents.ts';
import { createYamlReader } from '../../src/manifests/read-yaml.ts';
import { possibleRules } from '../../src/validation/field-names.ts';
import { objectsOf } from '../../src/validation/objects.ts';
import { OBJECT_RULES } from '../../src/validation/rules/registry.ts';
import type { ManifestObject, RuleContext } from '../../src/validation/rules/rule.ts';
import { isObject } from '../../src/validation/scalars.ts';
import { bundledSchemas } from '../support/manifests.ts';

const PAGES = resolve(import.meta.dirname, '../../docs/rules');
const CONTEXT: RuleContext = { schemas: bundledSchemas('1.31'), off: new Set(), missingSchema: 'skip' };

/** The objects of all examples in the pages of the rules, right and wrong ones. */
function examples(): readonly ManifestObject[] {
  const reader = createYamlReader(64);
  const options = { encrypted: false, isPatched: () => false, isKnown: () => false };
  return readdirSync(PAGES).flatMap((name) => {
    const fences = readFileSync(resolve(PAGES, name), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms);
    return [...fences].flatMap(([, text = '']) =>
      splitDocuments(text).flatMap((piece) => {
        const read = reader.read(piece.text, 'cluster', 'allow');
        return read.ok && isObject(read.value) ? objectsOf(read.value, options) : [];
      }),
    );
  });
}

describe('what rules need', () => {
  const objects = examples();

  it('is in every example in which they find something', () => {
    let found = 0;
    for (const rule of OBJECT_RULES.filter(({ needs }) => needs !== undefined)) {
      for (const object of objects) {
        const problems = rule.check(object, CONTEXT);
        if (problems.length === 0) continue;
        found++;
        expect([rule.id, possibleRules([rule], object)]).toEqual([rule.id, [rule]]);
      }
    }
    expect(found).toBeGreaterThan(50);
  });

  it('spares most rules on a plain object', () => {
    const value = { spec: { containers: [{ name: 'a', ports: [{ name: 'b' }] }] } };
    const needing = OBJECT_RULES.filter((rule) => rule.needs !== undefined);
    const asked = possibleRules(needing, { value }).map(({ id }) => id);
    expect(asked).toContain('semantic/port-name');
    expect(asked).not.toContain('semantic/volume-name');
  });

  it('is found out anew for each object, in whatever order its fields come', () => {
    const needing = OBJECT_RULES.filter((rule) => rule.needs !== undefined);
    const fields = [...new Set(needing.flatMap(({ needs = [] }) => needs))];
    fc.assert(
      fc.property(fc.shuffledSubarray(fields), (names) => {
        const value = { spec: [Object.fromEntries(names.map((name) => [name, 1]))] };
        const expected = needing.filter(({ needs = [] }) => needs.some((name) => names.includes(name)));
        expect(possibleRules(needing, { value })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
