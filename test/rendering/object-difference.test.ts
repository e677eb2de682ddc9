import { describe, expect, it } from '@jest/globals';
import { maskSecret } from '../../src/rendering/mask.ts';
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
    const { data } = maskSecret(secret, 'one') as { data: Record<string, string> };
    const other = maskSecret(secret, 'two') as { data: Record<string, string> };
    expect(data.a).toBe(data.b);
    expect(data.a).not.toBe(other.data.a);
    expect(JSON.stringify([data, other])).not.toContain('hidden-value');
  });

  it('hides what kubectl writes beside it, and keeps the names', () => {
    const masked = JSON.stringify(maskSecret(secret, ''));
    expect(masked).not.toContain('hidden-value');
    expect(masked).toContain('last-applied-configuration');
    expect(Object.keys((maskSecret(secret, '') as { data: object }).data)).toEqual(['a', 'b', 'n']);
  });

  it('hides data that is no map', () => {
    expect(JSON.stringify(maskSecret({ ...secret, data: 'hidden-value' }, ''))).not.toContain('hidden-value');
  });

  it('leaves other kinds alone', () => {
    const map = { kind: 'ConfigMap', data: { a: 'b' } };
    expect(maskSecret(map, '')).toBe(map);
  });
});
