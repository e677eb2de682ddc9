import { describe, expect, it } from '@jest/globals';
import { fitsSlot, slotShapeAt } from '../../../src/validation/twins/slot-shape.ts';
import { bundledSchemas } from '../../support/manifests.ts';

const SCHEMAS = bundledSchemas('1.34');

function shapeAt(apiVersion: string, kind: string, ...path: readonly (string | number)[]) {
  const schema = SCHEMAS.find(apiVersion, kind, '1.34');
  return schema === undefined ? 'no schema' : slotShapeAt(schema, path);
}

describe('what a scalar may be', () => {
  it.each([
    ['a field', 'int32', ['apps/v1', 'Deployment', 'spec', 'replicas']],
    ['a value of a map', 'string', ['apps/v1', 'Deployment', 'metadata', 'labels', 'app']],
    ['an item', 'string', ['v1', 'Pod', 'spec', 'containers', 0, 'args', 1]],
    ['a field of an item that goes by another', 'string', ['v1', 'Pod', 'spec', 'containers', 0, 'image']],
    ['a quantity', 'quantity', ['v1', 'Pod', 'spec', 'containers', 0, 'resources', 'limits', 'cpu']],
  ] as const)('is known of %s', (_, expected, [apiVersion, kind, ...path]) => {
    expect(shapeAt(apiVersion, kind, ...path)).toBe(expected);
  });

  it.each([
    ['what tells the items of a list apart', ['v1', 'Pod', 'spec', 'containers', 0, 'name']],
    ['a field that there is not', ['v1', 'Pod', 'spec', 'containrs']],
    ['what is below a scalar', ['v1', 'Pod', 'spec', 'nodeName', 'x']],
  ] as const)('is not known of %s', (_, [apiVersion, kind, ...path]) => {
    expect(shapeAt(apiVersion, kind, ...path)).toBeUndefined();
  });

  it('is held against a scalar', () => {
    expect([1, '1', 1.5, 2 ** 40].map((value) => fitsSlot('int32', value))).toEqual([true, false, false, false]);
    const choice = { enum: ['Always', 'Never'] };
    expect(['Always', 'always', ''].map((value) => fitsSlot(choice, value))).toEqual([true, false, false]);
  });
});
