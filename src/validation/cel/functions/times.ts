import { offsetMinutes } from '../times.ts';
import { type Result, type Timestamp, unsupported } from '../value.ts';
import { DURATION, type Overload, on, TIMESTAMP } from './define.ts';

const MILLISECOND = 1_000_000n;

/** Parts of times and durations; https://github.com/google/cel-spec/blob/master/doc/langdef.md#datetime-functions. */
export const TIMES: readonly Overload[] = [
  ...part('.getFullYear', (time) => time.getUTCFullYear()),
  ...part('.getMonth', (time) => time.getUTCMonth()),
  ...part('.getDate', (time) => time.getUTCDate()),
  ...part('.getDayOfMonth', (time) => time.getUTCDate() - 1),
  ...part('.getDayOfWeek', (time) => time.getUTCDay()),
  ...part('.getDayOfYear', dayOfYear),
  ...part('.getHours', (time) => time.getUTCHours()),
  ...part('.getMinutes', (time) => time.getUTCMinutes()),
  ...part('.getSeconds', (time) => time.getUTCSeconds()),
  ...part('.getMilliseconds', (time) => time.getUTCMilliseconds()),
  on('.getHours', [DURATION], ({ nanos }) => nanos / (3_600_000n * MILLISECOND)),
  on('.getMinutes', [DURATION], ({ nanos }) => nanos / (60_000n * MILLISECOND)),
  on('.getSeconds', [DURATION], ({ nanos }) => nanos / (1_000n * MILLISECOND)),
  on('.getMilliseconds', [DURATION], ({ nanos }) => (nanos / MILLISECOND) % 1_000n),
];

function part(name: string, read: (time: Date) => number): readonly Overload[] {
  return [
    on(name, [TIMESTAMP], (time) => readIn(time, '', read)),
    on(name, [TIMESTAMP, 'string'], (time, zone) => readIn(time, zone, read)),
  ];
}

function readIn({ nanos }: Timestamp, zone: string, read: (time: Date) => number): Result {
  const offset = offsetMinutes(zone);
  if (Number.isNaN(offset)) return unsupported(`the time zone ${JSON.stringify(zone.slice(0, 60))} is not supported`);
  const milliseconds = (nanos - (((nanos % MILLISECOND) + MILLISECOND) % MILLISECOND)) / MILLISECOND;
  return BigInt(read(new Date(Number(milliseconds) + offset * 60_000)));
}

function dayOfYear(time: Date): number {
  const start = Date.UTC(time.getUTCFullYear(), 0, 1);
  return Math.floor((time.getTime() - start) / 86_400_000);
}
