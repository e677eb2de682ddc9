import type { Scalar } from './shape.ts';

/**
 * What is wrong with a value as the end of a sentence that begins with its place; undefined where nothing is. Where the
 * type is right and only the content is not, the sentence leaves the type out.
 */
export function scalarProblem(shape: Scalar, value: unknown): string | undefined {
  const rule = RULES[shape];
  if (rule.accepts(value)) return undefined;
  if (isRightType(shape, value)) return `must be ${rule.wanted}`;
  return `must be ${INTEGERS.has(shape) ? 'an integer' : rule.wanted}, not ${describe(value)}`;
}

const INTEGERS: ReadonlySet<Scalar> = new Set(['integer', 'int32', 'int64']);
const TEXTS: ReadonlySet<Scalar> = new Set(['quantity', 'integer-or-quantity', 'byte', 'date-time', 'duration']);

function isRightType(shape: Scalar, value: unknown): boolean {
  return INTEGERS.has(shape) ? isNumber(value) : TEXTS.has(shape) && typeof value === 'string';
}

interface ScalarRule {
  readonly wanted: string;
  accepts(value: unknown): boolean;
}

const RULES: Readonly<Record<Scalar, ScalarRule>> = {
  any: { wanted: 'anything', accepts: () => true },
  object: { wanted: 'an object', accepts: isObject },
  string: { wanted: 'a string', accepts: (value) => typeof value === 'string' },
  boolean: { wanted: 'a boolean', accepts: (value) => typeof value === 'boolean' },
  integer: { wanted: 'an integer', accepts: (value) => isIntegerWithin(value, 64n) },
  int32: { wanted: 'an integer of 32 bits', accepts: (value) => isIntegerWithin(value, 32n) },
  int64: { wanted: 'an integer of 64 bits', accepts: (value) => isIntegerWithin(value, 64n) },
  number: { wanted: 'a number', accepts: isNumber },
  quantity: {
    wanted: 'a quantity such as 500m or 1Gi',
    accepts: (value) => isNumber(value) || matches(value, isQuantity),
  },
  'int-or-string': {
    wanted: 'an integer or a string',
    accepts: (value) => typeof value === 'string' || isIntegerWithin(value, 32n),
  },
  'integer-or-string': {
    wanted: 'an integer or a string',
    accepts: (value) => typeof value === 'string' || isIntegerWithin(value, 64n),
  },
  'integer-or-quantity': {
    wanted: 'a quantity such as 500m or 1Gi',
    accepts: (value) => isIntegerWithin(value, 64n) || matches(value, isQuantity),
  },
  byte: { wanted: 'base64', accepts: (value) => matches(value, isBase64) },
  'date-time': { wanted: 'a time such as 2006-01-02T15:04:05Z', accepts: (value) => matches(value, isTime) },
  duration: { wanted: 'a duration such as 1h30m', accepts: (value) => matches(value, isDuration) },
};

/** `a string`, `a list`: the type as a manifest's author would say it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'bigint')
    return isIntegerWithin(value, 64n) ? 'an integer' : 'a number';
  return typeof value === 'string' ? 'a string' : typeof value === 'boolean' ? 'a boolean' : 'an object';
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value));
}

function isIntegerWithin(value: unknown, bits: bigint): boolean {
  if (typeof value === 'number' && (value | 0) === value) return true;
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isInteger(value))) return false;
  const exact = BigInt(value);
  const half = 1n << (bits - 1n);
  return exact >= -half && exact < half;
}

function matches(value: unknown, test: (text: string) => boolean): boolean {
  return typeof value === 'string' && test(value);
}

/** The grammar of resource.Quantity (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/). */
export function isQuantity(text: string): boolean {
  return /^[-+]?(\d+(\.\d*)?|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+)?$/.test(text.trim());
}

/** Standard base64 with padding; Go's decoder passes over line ends. */
function isBase64(text: string): boolean {
  const plain = text.replace(/[\r\n]/g, '');
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}

/** RFC 3339 as Go's time package reads it. */
function isTime(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d+)?(Z|[-+]([01]\d|2[0-4]):[0-5]\d)$/.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth && hour <= 23 && minute <= 59 && second <= 59;
}

/** https://pkg.go.dev/time#ParseDuration */
function isDuration(text: string): boolean {
  return /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
}
