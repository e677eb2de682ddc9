import { describe, expect, it } from '@jest/globals';
import { parsePeriod } from '../../src/commands/period.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 60 * 60 * 1000;

describe('a period', () => {
  it('reads dates, times and durations', () => {
    expect(parsePeriod({}, NOW)).toEqual({});
    expect(parsePeriod({ since: '2026-11-01', until: '2026-11-01' }, NOW)).toEqual({
      since: Date.parse('2026-11-01T00:00:00Z'),
      until: Date.parse('2026-11-01T23:59:59.999Z'),
    });
    expect(parsePeriod({ since: '2026-11-01T10:00+02:00' }, NOW)).toEqual({
      since: Date.parse('2026-11-01T08:00:00Z'),
    });
    expect(parsePeriod({ since: '2d', until: '1h30m' }, NOW)).toEqual({
      since: NOW - 48 * HOUR,
      until: NOW - 1.5 * HOUR,
    });
  });

  it.each(['yesterday', '2026-11', '2026-13-01', '2026-11-01 10:00', '1', '0h', '-1h', '1w', ''])(
    'refuses %j',
    (since) => {
      expect(() => parsePeriod({ since }, NOW)).toThrow(expect.objectContaining({ code: 'input' }));
    },
  );

  it('names every problem at once, and an end before the beginning', () => {
    expect(() => parsePeriod({ since: 'x', until: 'y' }, NOW)).toThrow(
      expect.objectContaining({ problems: [expect.stringContaining('since'), expect.stringContaining('until')] }),
    );
    expect(() => parsePeriod({ since: '1h', until: '2h' }, NOW)).toThrow('since is later than until');
  });
});
