import { describe, expect, it } from '@jest/globals';
import { checkFiles } from '../../support/manifests.ts';

/** The pointers, below the schema of `spec.size`, of what a CRD with it is not structural in. */
function faultsOf(size: unknown): readonly string[] {
  const schema = { type: 'object', properties: { size } };
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  const { findings } = checkFiles({ 'crd.json': JSON.stringify(crd) });
  return findings
    .filter(({ ruleId }) => ruleId === 'semantic/crd-schema')
    .map(({ pointer = '' }) => pointer.split('/properties/size')[1] ?? pointer);
}

const [INTEGER, STRING] = [{ type: 'integer' }, { type: 'string' }];
const EITHER = { 'x-kubernetes-int-or-string': true };

describe('the types below anyOf and its like', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['may stand in the one pair that says int-or-string', { ...EITHER, anyOf: [INTEGER, STRING] }, []],
    ['may do so in the first allOf', { ...EITHER, allOf: [{ anyOf: [INTEGER, STRING] }, { pattern: 'a' }] }, []],
    ['may not in the second', { ...EITHER, allOf: [{}, { anyOf: [INTEGER] }] }, ['/allOf/1/anyOf/0/type']],
    ['may not the other way round', { ...EITHER, anyOf: [STRING, INTEGER] }, ['/anyOf/0/type', '/anyOf/1/type']],
    ['may not beside a null', { ...EITHER, anyOf: [null, STRING] }, ['/anyOf/1/type']],
    ['may not elsewhere', { type: 'string', oneOf: [STRING, { pattern: 'a' }] }, ['/oneOf/0/type']],
    [
      'may not at depth',
      { type: 'object', not: { properties: { a: { items: INTEGER } }, required: ['a'] } },
      ['/not/properties/a/items/type'],
    ],
    ['are no matter where none is set', { type: 'string', anyOf: [{ pattern: 'a' }, { maxLength: 3 }] }, []],
  ])('%s', (_, size, faults) => {
    expect(faultsOf(size)).toEqual(faults);
  });

  it('a null is a schema without a type', () => {
    expect(faultsOf(null)).toEqual(['']);
  });
});

describe('a null in a list of objects', () => {
  it('is an empty object to the rules, as to the server', () => {
    const policy = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: [{from: [null]}]}`;
    expect(checkFiles({ 'a.yaml': policy }).findings.map(({ ruleId }) => ruleId)).toEqual(['semantic/network-peer']);
  });
});

describe('numbers beyond what is exact', () => {
  it('are out of range all the same', () => {
    const context = '{fsGroup: 9007199254740993, supplementalGroups: [9007199254740993]}';
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {securityContext: ${context}, containers: [{name: a, image: b}]}`;
    expect(checkFiles({ 'a.yaml': pod }).findings.map(({ pointer }) => pointer)).toEqual([
      '/spec/securityContext/fsGroup',
      '/spec/securityContext/supplementalGroups/0',
    ]);
  });
});
