import { describe, expect, it } from '@jest/globals';
import type { ManifestObject } from '../../../src/validation/rules/rule.ts';
import { createModel } from '../../../src/validation/twins/model.ts';
import { slotsRead } from '../../../src/validation/twins/reads.ts';

const model = createModel(
  'apiVersion: v1\nkind: X\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  a: 1\n  b: [c, d]\n  e: |\n    f: g\n    h: i\n',
  'cluster',
);
const TEXTS = model?.slots.map((slot) => slot.text) ?? [];
const object = {
  resource: { apiVersion: 'v1', kind: 'X', name: 'web', namespace: 'shop' },
  value: model?.value,
  path: [],
  complete: true,
  encrypted: false,
} as unknown as ManifestObject;

interface Watched {
  readonly resource: Readonly<Record<string, string>>;
  readonly value: { readonly spec: Readonly<Record<string, unknown>> };
}

/** The texts of the slots that something reads. */
function readBy(look: (object: Watched) => unknown) {
  if (model === undefined) throw new Error('no model');
  const slots = slotsRead(model, object, (watched) => look(watched as never));
  return [...slots].sort((a, b) => a - b).map((slot) => TEXTS[slot]);
}

describe('what something reads of a model', () => {
  it.each([
    ['a field', ({ value }: Watched) => value.spec.a, ['1']],
    ['an item', ({ value }: Watched) => (value.spec.b as unknown[])[1], ['d']],
    ['a list, one by one', ({ value }: Watched) => [...(value.spec.b as unknown[])], ['c', 'd']],
    ['a list, by a method', ({ value }: Watched) => (value.spec.b as unknown[]).includes('c'), ['c']],
    ['a block of text', ({ value }: Watched) => value.spec.e, ['g', 'i']],
    ['all of a map', ({ value }: Watched) => Object.entries(value.spec).length, ['1', 'g', 'i']],
    ['a copy', ({ value }: Watched) => ({ ...value.spec }), ['1', 'g', 'i']],
    ['everything', ({ value }: Watched) => JSON.stringify(value), TEXTS],
  ])('is known of %s', (_, look, expected) => {
    expect(readBy(look)).toEqual(expected);
  });

  it('is nothing where only names of fields are', () => {
    expect(
      readBy(({ value }) => [
        Object.keys(value),
        'a' in value.spec,
        Object.hasOwn(value.spec, 'a'),
        Array.isArray(value.spec.b),
      ]),
    ).toEqual([]);
  });

  it('is known of the name and the namespace that the object goes by', () => {
    expect(readBy(({ resource }) => resource.name)).toEqual(['web']);
    expect(readBy(({ resource }) => resource.namespace)).toEqual(['shop']);
    expect(readBy(({ resource }) => resource.kind)).toEqual([]);
  });

  it('is the same object each time, as it is without being watched', () => {
    readBy(({ value }) => expect(value.spec.b).toBe(value.spec.b));
    readBy(({ value }) => expect((value.spec.b as unknown[]).indexOf('d')).toBe(1));
  });
});
