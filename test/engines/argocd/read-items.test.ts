import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readApplication } from '../../../src/engines/argocd/application.ts';
import { readItems } from '../../../src/engines/argocd/read-items.ts';
import { application } from '../../support/applications.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a list that is read item by item', () => {
  it('is the same as one that is parsed as a whole, whatever the items are', () => {
    fc.assert(
      fc.property(fc.array(fc.object()), fc.jsonValue(), fc.jsonValue(), (items, before, after) => {
        const text = JSON.stringify({ metadata: before, items, after: { items: [after] } });
        const plain = JSON.parse(text).items.filter((item: object) => !('metadata' in item && 'status' in item));
        const read = readItems(bytes(text)).items.filter(
          (item) => !('metadata' in (item as object) && 'status' in (item as object)),
        );
        expect(read).toEqual(plain);
      }),
    );
  });

  it.each([
    ['null', '{"metadata":{},"items":null}'],
    ['nothing', '{"metadata":{"items":[{"a":1}]}}'],
    ['an empty list', '{"items":[]}'],
  ])('is empty where there is %s', (_what, text) => {
    expect(readItems(bytes(text)).items).toEqual([]);
  });

  it('is not taken for whole when it was cut short, wherever', () => {
    const text = JSON.stringify({ metadata: {}, items: [application({ message: 'läuft "so" \\ 🚀 {[' }), { a: [] }] });
    const whole = bytes(text);
    for (let end = 0; end < whole.length; end++) expect(() => readItems(whole.subarray(0, end))).toThrow();
    expect(readItems(whole).items).toHaveLength(2);
  });

  it('says of an Application what the whole one says', () => {
    const foreign = application();
    const resources = [
      { kind: 'Service', name: 'web', status: 'Synced', health: { status: 'Healthy' } },
      { kind: 'ConfigMap', name: 'web', status: 'Synced' },
      { kind: 'Deployment', name: 'web', status: 'Synced', health: { status: 'Degraded', message: 'no pods' } },
      { kind: 'Secret', name: 'old', status: 'OutOfSync', requiresPruning: true },
      { group: 'argoproj.io', kind: 'Application', name: 'child', status: 'Synced' },
    ];
    const one = { ...foreign, status: { ...foreign.status, resources } };
    const [read] = readItems(bytes(JSON.stringify({ items: [one] }))).items;
    expect(readApplication(read)).toEqual(readApplication(one));
    expect(readApplication(read)?.resources.map(({ name }) => name)).toEqual(['web', 'old', 'child']);
  });
});
