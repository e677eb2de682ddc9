import { canonicalDuration, parseDuration, parseTimestamp, printTimestamp } from '../times.ts';
import { failed, type Result, typeOf } from '../value.ts';
import { DURATION, type Overload, on, TIMESTAMP } from './define.ts';
import { int } from './operators.ts';

const NANOS = 1_000_000_000n;

/** https://github.com/google/cel-spec/blob/master/doc/langdef.md#list-of-standard-definitions */
export const CONVERSIONS: readonly Overload[] = [
  on('int', ['int'], (value) => value),
  on('int', ['double'], (value) =>
    Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : failed('integer overflow'),
  ),
  on('int', ['string'], (text) =>
    /^[-+]?\d{1,20}$/.test(text) ? int(BigInt(text.replace('+', ''))) : badInput('int', text),
  ),
  on('int', [TIMESTAMP], ({ nanos }) => (nanos - (((nanos % NANOS) + NANOS) % NANOS)) / NANOS),
  on('double', ['double'], (value) => value),
  on('double', ['int'], (value) => Number(value)),
  on('double', ['string'], toDouble),
  on('bool', ['bool'], (value) => value),
  on('bool', ['string'], toBool),
  on('bytes', ['bytes'], (value) => value),
  on('bytes', ['string'], (text) => new TextEncoder().encode(text)),
  on('string', ['string'], (text) => text),
  on('string', ['bool'], (value) => String(value)),
  on('string', ['int'], (value) => String(value)),
  on('string', ['double'], (value) => printDouble(value)),
  on('string', ['bytes'], toText),
  on('string', [TIMESTAMP], ({ nanos }) => printTimestamp(nanos)),
  on('string', [DURATION], ({ nanos }) => canonicalDuration(nanos)),
  on('timestamp', [TIMESTAMP], (value) => value),
  on('timestamp', ['int'], (seconds) => ({ type: TIMESTAMP, nanos: seconds * NANOS })),
  on('timestamp', ['string'], (text) => parseTimestamp(text) ?? badInput('timestamp', text)),
  on('duration', [DURATION], (value) => value),
  on('duration', ['int'], (seconds) => ({ type: DURATION, nanos: seconds * NANOS })),
  on('duration', ['string'], (text) => parseDuration(text) ?? badInput('duration', text)),
  on('dyn', ['any'], (value) => value),
  on('type', ['any'], (value) => ({ type: 'type', name: typeOf(value) })),
];

function toDouble(text: string): Result {
  const isNumber = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text);
  if (isNumber) return Number(text);
  const infinite = /^([-+]?)inf(inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : badInput('double', text);
}

/** https://pkg.go.dev/strconv#ParseBool */
function toBool(text: string): Result {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : badInput('bool', text);
}

function toText(bytes: Uint8Array): Result {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return failed('invalid UTF-8');
  }
}

/** As Go prints a double in its shortest form. */
export function printDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const text = String(value);
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

function badInput(type: string, text: string): Result {
  return failed(`${JSON.stringify(text.slice(0, 60))} is no ${type}`);
}
