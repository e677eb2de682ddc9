import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareTags } from '../../src/image/tag-order.ts';

describe('compareTags', () => {
  it.each([
    ['1.9', '1.10'],
    ['v1.2.3', 'v1.2.4'],
    ['1.2.3', 'v1.10.0'],
    ['1.2', '1.2.1'],
    ['1.0.0-alpha', '1.0.0-alpha.1'],
    ['1.0.0-alpha.1', '1.0.0-alpha.beta'],
    ['1.0.0-beta.2', '1.0.0-beta.11'],
    ['1.0.0-rc.1', '1.0.0'],
    ['99999999999999999998.0.0', '99999999999999999999.0.0'],
    ['2026.8.3', '2026.10.0'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareTags(older, newer)).toBeLessThan(0);
    expect(compareTags(newer, older)).toBeGreaterThan(0);
  });

  it.each([
    ['1.2.3', 'v1.2.3'],
    ['1.2', '1.2.0'],
    ['1.2.3_build.5', '1.2.3'],
  ])('%s and %s are equally new', (a, b) => expect(compareTags(a, b)).toBe(0));

  it.each([
    ['latest', '1.2.3'],
    ['1.2.3-', '1.2.3'],
    ['01.2.3', '1.2.3'],
    ['1.2.3-01', '1.2.3'],
    ['1.2.3.4', '1.2.3'],
    ['20260821', '20260822'],
    ['1234567e8', '1.0.0'],
    ['', ''],
    ['1'.repeat(10_000), '1.2.3'],
    [`1.2.3-${'a.'.repeat(10_000)}`, '1.2.3'],
  ])('%s and %s have no order', (a, b) => expect(compareTags(a, b)).toBeUndefined());

  it('is an order: equal to itself, and turned round it turns its sign', () => {
    const part = fc.nat({ max: 30 });
    const version = fc
      .tuple(part, part, part, fc.constantFrom('', '-rc.1', '-alpha', '-1', '-x.2'))
      .map(([a, b, c, d]) => `${a}.${b}.${c}${d}`);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const order = (x: string, y: string) => Math.sign(compareTags(x, y) ?? Number.NaN);
        expect(order(a, a)).toBe(0);
        expect(order(a, b) + order(b, a)).toBe(0);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
