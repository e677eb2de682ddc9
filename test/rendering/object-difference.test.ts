import { describe, expect, it } from '@jest/globals';
import { maskSecrets } from '../../src/rendering/mask.ts';
import { type ComparedObject, compareObjects } from '../../src/rendering/object-difference.ts';

function object(
  kind: string,
  name: string,
  more: Readonly<Record<string, unknown>>,
  isGenerated = false,
): ComparedObject {
  const value = { apiVersion: 'v1', kind, metadata: { name }, ...more };
  return { unit: 'kustomization apps', resource: { apiVersion: 'v1', kind, name }, value, isGenerated };
}

describe('the difference between objects', () => {
  it('tells what was added, removed and changed, and nothing of what is equal', () => {
    const before = [
      object('ConfigMap', 'a', { data: { x: '1' } }),
      object('ConfigMap', 'b', {}),
      object('ConfigMap', 'same', {}),
    ];
    const after = [
      object('ConfigMap', 'a', { data: { x: '2' } }),
      object('ConfigMap', 'c', {}),
      object('ConfigMap', 'same', {}),
    ];
    const found = compareObjects(before, after, 'salt');
    expect(found.map(({ change, resource }) => `${change} ${resource.name}`)).toEqual([
      'changed a',
      'removed b',
      'added c',
    ]);
    expect(found[0]?.lines.filter(({ sign }) => sign !== ' ').map(({ sign, text }) => sign + text)).toEqual([
      '-  x: "1"',
      '+  x: "2"',
    ]);
  });

  it('takes a generated name with another hash for the same object', () => {
    const before = [object('ConfigMap', 'settings-t25mg5gdm4', {}, true)];
    const after = [object('ConfigMap', 'settings-kdc4k2g6fk', {}, true)];
    expect(compareObjects(before, after, '').map(({ change }) => change)).toEqual(['changed']);
  });

  it('keeps objects of one name apart', () => {
    const twice = [object('ConfigMap', 'a', {}), object('ConfigMap', 'a', { data: {} })];
    expect(compareObjects(twice, twice, '')).toEqual([]);
    expect(compareObjects(twice, twice.slice(0, 1), '').map(({ change }) => change)).toEqual(['removed']);
  });

  it('shows that a value of a Secret has changed, but no value', () => {
    const secret = (password: string) =>
      object('Secret', 's', { stringData: { password }, data: { same: 'c2FtZQ==' } });
    const [found] = compareObjects([secret('first-value')], [secret('second-value')], 'salt');
    const text = JSON.stringify(found);
    expect(found?.lines.filter(({ sign }) => sign === '+' || sign === '-')).toHaveLength(2);
    expect(text).not.toMatch(/first-value|second-value|c2FtZQ/);
  });
});

describe('a masked Secret', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 's',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"hidden-value"}}' },
    },
    data: { a: 'hidden-value', b: 'hidden-value', n: 7 },
  };

  it('has marks that are equal for equal values, and others with another salt', () => {
    const { data } = maskSecrets(secret, 'one') as { data: Record<string, string> };
    const other = maskSecrets(secret, 'two') as { data: Record<string, string> };
    expect(data.a).toBe(data.b);
    expect(data.a).not.toBe(other.data.a);
    expect(JSON.stringify([data, other])).not.toContain('hidden-value');
  });

  it('hides what kubectl writes beside it, and keeps the names', () => {
    const masked = JSON.stringify(maskSecrets(secret, ''));
    expect(masked).not.toContain('hidden-value');
    expect(masked).toContain('last-applied-configuration');
    expect(Object.keys((maskSecrets(secret, '') as { data: object }).data)).toEqual(['a', 'b', 'n']);
  });

  it('hides data that is no map', () => {
    expect(JSON.stringify(maskSecrets({ ...secret, data: 'hidden-value' }, ''))).not.toContain('hidden-value');
  });

  it.each([
    ['a misspelt field', { kind: 'Secret', stringdata: { a: 'hidden-value' } }],
    ['an unknown field', { kind: 'Secret', more: [{ a: ['hidden-value'] }] }],
    ['an annotation', { kind: 'Secret', metadata: { annotations: { a: 'hidden-value' } } }],
    ['a boolean in the wrong place', { kind: 'Secret', immutable: 'hidden-value' }],
    ['what was meant to be a Secret', { kind: 'Secert', data: { a: 'hidden-value' } }],
    ['what was meant to be a Secret, in lower case', { kind: 'secrets', data: { a: 'hidden-value' } }],
    [
      'stringData of any kind',
      { kind: 'Foo', spec: { stringData: { a: 'hidden-value' }, data: { b: 'hidden-value' } } },
    ],
    ['a List', { kind: 'List', items: [{ kind: 'Secret', stringdata: { a: 'hidden-value' } }] }],
    ['a SecretList', { kind: 'SecretList', items: [{ stringData: { a: 'hidden-value' } }] }],
    [
      'a manifest in another object',
      { kind: 'Object', spec: { manifest: { kind: 'Secret', metadata: {}, x: 'hidden-value' } } },
    ],
    ['a manifest in a text', { kind: 'ConfigMap', data: { a: 'kind: Secret\ndata:\n  a: hidden-value\n' } }],
    [
      'a patch of JSON in a text',
      { kind: 'ConfigMap', data: { a: '[{"path": "/stringData/a", "value": "hidden-value"}]' } },
    ],
    ['a kustomization in a text', { kind: 'ConfigMap', data: { a: 'secretGenerator:\n- literals: [a=hidden-value]' } }],
    [
      'a patch for Secrets',
      { kind: 'Kustomization', spec: { patches: [{ target: { kind: 'Secret' }, patch: 'hidden-value' }] } },
    ],
    [
      'a literal',
      { kind: 'Kustomization', secretGenerator: [{ name: 'a', literals: ['k=hidden-value', 'hidden-value'] }] },
    ],
    ['a literal without a key', { kind: 'Kustomization', secretGenerator: [{ literals: ['x://hidden-value?a=b'] }] }],
    ['a template', { kind: 'ExternalSecret', spec: { target: { template: { data: { a: 'u:hidden-value' } } } } }],
    [
      'a template in a text',
      { kind: 'ExternalSecret', spec: { target: { template: { templateFrom: [{ literal: 'hidden-value' }] } } } },
    ],
    [
      'a store for tests',
      { kind: 'SecretStore', spec: { provider: { fake: { data: [{ key: 'a', value: 'hidden-value' }] } } } },
    ],
    [
      'a release of Helm',
      { kind: 'ConfigMap', metadata: { name: 'sh.helm.release.v1.web.v1' }, data: { release: 'hidden-value' } },
    ],
    ['a key that is no name', { kind: 'Secret', data: { 'hidden-value x': 'a' } }],
    ['a key without a value', { kind: 'Secret', data: { 'hidden-value': '' } }],
  ])('hides %s', (_what, value) => {
    const masked = JSON.stringify(maskSecrets({ apiVersion: 'v1', ...value }, ''));
    expect(masked).not.toContain('hidden-value');
    expect(masked).toContain('(masked ');
  });

  it('keeps what it is and what it is called', () => {
    const metadata = { name: 'a', generateName: 'b', namespace: 'c', labels: { d: 'e' } };
    const plain = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', immutable: true, metadata };
    expect(maskSecrets(plain, '')).toEqual(plain);
  });

  it('keeps what only refers to a Secret', () => {
    const uses = {
      kind: 'HelmRelease',
      spec: {
        valuesFrom: [{ kind: 'Secret', name: 'a', valuesKey: 'b' }],
        values: { data: { c: 'd' }, note: 'kind: Secret' },
      },
    };
    expect(maskSecrets(uses, '')).toBe(uses);
    const external = {
      kind: 'ExternalSecret',
      spec: {
        data: [{ secretKey: 'a', remoteRef: { key: 'b' } }],
        target: { template: { data: { a: '{{ .a | b64dec }}' } } },
      },
    };
    expect(maskSecrets(external, '')).toEqual(external);
    const sealed = { kind: 'SealedSecret', spec: { encryptedData: { a: 'AgB4' } } };
    expect(maskSecrets(sealed, '')).toBe(sealed);
  });

  it('keeps a configuration in a text', () => {
    const map = { kind: 'ConfigMap', data: { a: 'data: shown\nother: shown\n', b: 'kind: Secret is a word\n' } };
    expect(maskSecrets(map, '')).toBe(map);
  });

  it('leaves other kinds alone', () => {
    const map = { kind: 'ConfigMap', data: { a: 'b' } };
    expect(maskSecrets(map, '')).toBe(map);
  });
});
