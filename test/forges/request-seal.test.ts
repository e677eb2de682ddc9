import { describe, expect, it } from '@jest/globals';
import { parseTrailers } from '../../src/editing/trailers.ts';
import { fitsSeal, hasSeal, sealed } from '../../src/forges/request-seal.ts';
import { changeOf } from '../support/forge-fixture.ts';

const change = changeOf({ 'b.yaml': 'b: 2\n', 'a.yaml': 'a: 1\n' }, 'chore: bump\n\nlist\n\nImage: acme/api:2');

describe('the seal of a commit', () => {
  it('is one more trailer, and everything else stays', () => {
    const { message } = sealed(change);
    expect(message.startsWith('chore: bump\n\nlist\n\nImage: acme/api:2\nDrawbridge-Seal: ')).toBe(true);
    expect(parseTrailers(message).map(({ name }) => name)).toEqual(['Image', 'Drawbridge-Seal']);
    const plain = sealed({ ...change, message: 'chore: set 1 value\n' }).message;
    expect(parseTrailers(plain).map(({ name }) => name)).toEqual(['Drawbridge-Seal']);
  });

  it('fits these files in any order, and no others', () => {
    const { message } = sealed(change);
    const [b, a] = change.files;
    expect([hasSeal(message), hasSeal(change.message)]).toEqual([true, false]);
    expect(fitsSeal(message, [...change.files].reverse())).toBe(true);
    expect(fitsSeal(message, change.files.slice(1))).toBe(false);
    expect(fitsSeal(message, [...change.files, { path: 'c', mode: '100644', bytes: new Uint8Array() }])).toBe(false);
    expect(fitsSeal(message, changeOf({ 'b.yaml': 'b: 3\n', 'a.yaml': 'a: 1\n' }).files)).toBe(false);
    expect(
      a !== undefined &&
        b !== undefined &&
        fitsSeal(message, [
          { ...a, path: b.path },
          { ...b, path: a.path },
        ]),
    ).toBe(false);
  });

  it('survives what a forge does to the end of a message, and a forged one before it does not count', () => {
    const { message } = sealed({ ...change, message: `${change.message}\nDrawbridge-Seal: 00` });
    expect(fitsSeal(`${message.trimEnd()}\n\n`, change.files)).toBe(true);
    expect(fitsSeal(`${change.message}\nDrawbridge-Seal: 00`, change.files)).toBe(false);
  });
});
