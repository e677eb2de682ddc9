import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isIP,
  isIPv4,
  isIPv6,
  isStrictlyWithin,
  type Network,
  parseNetwork,
} from '../../../src/validation/kubernetes/addresses.ts';
import { cronProblem } from '../../../src/validation/kubernetes/cron.ts';
import { isWhole, quantityOf } from '../../../src/validation/kubernetes/quantities.ts';
import { isOver100, isZero, shareProblem } from '../../../src/validation/kubernetes/shares.ts';
import { isTimeZone } from '../../../src/validation/kubernetes/time-zones.ts';

describe('quantityOf', () => {
  it.each([
    ['1', 1],
    ['500m', 0.5],
    ['.5Gi', 2 ** 29],
    ['1e3', 1000],
    ['1E', 1e18],
    ['1E3', 1000],
    ['-2Ki', -2048],
    ['+3', 3],
    ['5.', 5],
    [2, 2],
    [9007199254740993n, 9007199254740992],
  ])('%s', (text, number) => expect(quantityOf(text)).toBe(number));

  it.each(['', '1 Gi', '1GB', 'Gi', '1.2.3', '1e', null, true, {}])('%p is none', (value) =>
    expect(quantityOf(value)).toBeUndefined(),
  );

  it('puts the same amount in two units on the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (amount) => {
        expect(quantityOf(`${amount * 1000}m`)).toBeCloseTo(quantityOf(amount) ?? Number.NaN, 6);
        expect(quantityOf(`${amount}Mi`)).toBe(quantityOf(`${amount * 1024}Ki`));
        expect(isWhole(quantityOf(`${amount * 1000}m`) ?? 0.5)).toBe(true);
      }),
    );
  });
});

describe('cronProblem', () => {
  it.each([
    '* * * * *',
    '*/5 0-6 1,15 JAN-mar sun',
    '0 0 31 2 ?',
    '@daily',
    '@every 1h30m',
    ' 5/15  0 1 * 0-6 ',
    '*/70 * * * *',
  ])('takes %p', (schedule) => expect(cronProblem(schedule)).toBeUndefined());

  it.each([
    ['* * * *', 'must have five fields, not 4'],
    ['* * * * * *', 'must have five fields, not 6'],
    ['', 'must have five fields, not 0'],
    ['60 * * * *', 'as minute, which must be 0 to 59'],
    ['* 24 * * *', 'as hour'],
    ['* * 0 * *', 'as day of the month'],
    ['* * * 13 *', '1 to 12 or JAN to DEC'],
    ['* * * * 7', '0 to 6 or SUN to SAT'],
    ['5-1 * * * *', '"5-1" as minute'],
    ['*/0 * * * *', '"*/0"'],
    ['1,,2 * * * *', '""'],
    ['a * * * *', '"a"'],
    ['@dayly', 'unknown descriptor'],
    ['@every x', 'no duration'],
    ['TZ=UTC * * * * *', 'must not name a time zone'],
  ])('tells what is wrong with %p', (schedule, part) => expect(cronProblem(schedule)).toContain(part));

  it('answers whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => void cronProblem(text)));
    const field = fc.stringMatching(/^[-*/,0-9A-Za-z?]{1,8}$/);
    fc.assert(fc.property(fc.tuple(field, field, field, field, field), (parts) => void cronProblem(parts.join(' '))));
  });
});

describe('isTimeZone', () => {
  it('knows the names of the database, in their case', () => {
    const good = [
      'UTC',
      'Etc/UTC',
      'Etc/GMT+5',
      'Europe/Berlin',
      'America/Argentina/Buenos_Aires',
      'US/Eastern',
      'EST',
      'Asia/Ho_Chi_Minh',
    ];
    const bad = ['', 'Local', 'europe/berlin', 'Europe/berlin', 'Europe/Berlinn', '+02:00', 'utc', '../UTC', 'UTC+2'];
    expect(good.filter((name) => !isTimeZone(name))).toEqual([]);
    expect(bad.filter((name) => isTimeZone(name))).toEqual([]);
  });
});

describe('addresses', () => {
  it('of both families', () => {
    const good = [
      '0.0.0.0',
      '192.0.2.1',
      '010.0.0.1',
      '::',
      '::1',
      'fd00::1:2',
      '1:2:3:4:5:6:7:8',
      '::ffff:192.0.2.1',
      '2001:DB8::',
    ];
    const bad = [
      '',
      '1.2.3',
      '1.2.3.256',
      '1.2.3.4.5',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '12345::',
      'fe80::1%eth0',
      'a.b.c.d',
      '::1.2.3',
    ];
    expect(good.filter((text) => !isIP(text))).toEqual([]);
    expect(bad.filter((text) => isIP(text))).toEqual([]);
  });

  it('are of one family at most', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => expect(isIPv4(text)).toBe(!isIPv6(text))));
  });

  it('ranges have a length, and lie in each other', () => {
    expect(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/8/8', 'a/8'].map(parseNetwork)).toEqual(
      Array(6).fill(undefined),
    );
    const within = (inner: string, outer: string) =>
      isStrictlyWithin(parseNetwork(inner) as Network, parseNetwork(outer) as Network);
    expect(within('10.1.0.0/16', '10.0.0.0/8')).toBe(true);
    expect(within('fd00:1::/32', 'fd00::/16')).toBe(true);
    expect(within('169.254.169.254/32', '0.0.0.0/0')).toBe(true);
    expect([
      within('10.0.0.0/8', '10.0.0.0/8'),
      within('11.0.0.0/16', '10.0.0.0/8'),
      within('::/8', '0.0.0.0/0'),
    ]).toEqual([false, false, false]);
  });
});

describe('shares', () => {
  it('are numbers or percentages', () => {
    expect(
      [0, 3, '25%', '0%', '200%', null, undefined, '${MAX}'].filter((value) => shareProblem(value) !== undefined),
    ).toEqual([]);
    expect(['25', 'some', '-5%', '2.5%', -1].filter((value) => shareProblem(value) === undefined)).toEqual([]);
    expect([isOver100('101%'), isOver100('100%'), isOver100(101), isZero('0%'), isZero(0), isZero('1%')]).toEqual([
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});
