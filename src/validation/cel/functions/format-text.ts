import { canonicalDuration, printTimestamp } from '../times.ts';
import { failed, isFault, isList, isMap, type Result, type SpecialValue, typeOf, type Value } from '../value.ts';
import { printDouble } from './conversions.ts';

/** `'%s has %d'.format([name, count])`, as https://pkg.go.dev/github.com/google/cel-go/ext#Strings has it. */
export function format(text: string, args: readonly Value[]): Result {
  let result = '';
  let used = 0;
  for (const [piece, plain, precision, verb] of text.matchAll(/([^%]+)|%(?:\.(\d{1,3}))?(.)|%/gsu)) {
    if (plain !== undefined) result += plain;
    else if (verb === undefined) return failed(`unfinished clause in format: ${piece}`);
    else if (verb === '%') result += '%';
    else {
      const value = args[used++];
      const printed = value === undefined ? failed('too few arguments for format') : clause(verb, value, precision);
      if (isFault(printed)) return printed;
      result += printed;
    }
  }
  return result;
}

type Clause = string | ReturnType<typeof failed>;

function clause(verb: string, value: Value, precision: string | undefined): Clause {
  if (verb === 's') return printValue(value);
  if (verb === 'd') return typeof value === 'bigint' ? String(value) : wrong(verb, value);
  if (verb === 'b')
    return typeof value === 'bigint' || typeof value === 'boolean' ? Number(value).toString(2) : wrong(verb, value);
  if (verb === 'o') return typeof value === 'bigint' ? value.toString(8) : wrong(verb, value);
  if (verb === 'x' || verb === 'X') return hexadecimal(verb, value);
  return typeof value === 'number' ? floating(verb, value, Number(precision ?? 6)) : wrong(verb, value);
}

function hexadecimal(verb: string, value: Value): Clause {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const text =
    typeof bytes === 'bigint'
      ? bytes.toString(16)
      : bytes instanceof Uint8Array
        ? Buffer.from(bytes).toString('hex')
        : undefined;
  if (text === undefined) return wrong(verb, value);
  return verb === 'X' ? text.toUpperCase() : text;
}

function floating(verb: string, value: number, precision: number): Clause {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.min(precision, 100);
  if (verb === 'f') return value.toFixed(digits);
  if (verb !== 'e') return wrong(verb, value);
  return value.toExponential(digits).replace(/e([-+])(\d)$/, 'e$10$2');
}

function wrong(verb: string, value: Value): Clause {
  return failed(`format: %${verb} of ${typeOf(value)}`);
}

function printValue(value: Value): Clause {
  if (value === null) return 'null';
  if (typeof value === 'number') return printDouble(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (isList(value)) return around('[', value.map(printValue), ']');
  if (!isMap(value)) return printSpecial(value);
  const entries = [...value].map(([key, inner]) => [String(key), printValue(inner)] as const);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return around(
    '{',
    sorted.map(([key, inner]) => (isFault(inner) ? inner : `${key}: ${inner}`)),
    '}',
  );
}

function around(start: string, parts: readonly Clause[], end: string): Clause {
  return parts.find(isFault) ?? `${start}${parts.join(', ')}${end}`;
}

function printSpecial(value: SpecialValue): Clause {
  if (value.type === 'google.protobuf.Timestamp') return printTimestamp(value.nanos);
  if (value.type === 'google.protobuf.Duration') return canonicalDuration(value.nanos);
  return value.type === 'type' ? value.name : wrong('s', value);
}
