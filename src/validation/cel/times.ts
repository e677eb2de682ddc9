import type { Duration, Timestamp } from './value.ts';

const SECOND = 1_000_000_000n;
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3_600n * SECOND,
};
const MOST = 2n ** 63n - 1n;

/** `1h30m`, as https://pkg.go.dev/time#ParseDuration reads it; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  if (text.length > 200) return undefined;
  if (/^[-+]?0$/.test(text)) return { type: 'google.protobuf.Duration', nanos: 0n };
  if (!/^[-+]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)];
  const sum = parts.reduce((nanos, [, whole = '', part = '', unit = '']) => nanos + amount(whole, part, unit), 0n);
  if (sum > MOST) return undefined;
  return { type: 'google.protobuf.Duration', nanos: text.startsWith('-') ? -sum : sum };
}

function amount(whole: string, part: string, unit: string): bigint {
  const size = UNITS[unit] ?? 0n;
  return BigInt(`0${whole}`) * size + (BigInt(`0${part}`) * size) / 10n ** BigInt(part.length);
}

/** Seconds with an `s`, as CEL prints durations. */
export function canonicalDuration(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const part = String(size % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${size / SECOND}${part === '' ? '' : `.${part}`}s`;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?([Zz]|[-+]\d\d:\d\d)$/;

/** A time of RFC 3339; undefined for anything else. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute, second);
  const isReal =
    moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return undefined;
  const part = BigInt((match[7] ?? '').padEnd(9, '0'));
  const shift = BigInt(offsetMinutes(match[8] ?? 'Z')) * 60n;
  return { type: 'google.protobuf.Timestamp', nanos: (BigInt(moment.getTime() / 1000) - shift) * SECOND + part };
}

/** A day such as `2024-02-29`, at its start. */
export function parseDate(text: string): Timestamp | undefined {
  return parseTimestamp(`${text}T00:00:00Z`);
}

/** Of `+01:30` and `Z`; NaN for anything else. */
export function offsetMinutes(zone: string): number {
  if (/^(z|utc|)$/i.test(zone)) return 0;
  const match = /^([-+]?)(\d\d):(\d\d)$/.exec(zone);
  if (match === null) return Number.NaN;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

export function printTimestamp(nanos: bigint): string {
  const part = ((nanos % SECOND) + SECOND) % SECOND;
  const whole = new Date(Number((nanos - part) / 1_000_000n)).toISOString().slice(0, 19);
  const digits = String(part).padStart(9, '0').replace(/0+$/, '');
  return `${whole}${digits === '' ? '' : `.${digits}`}Z`;
}
