import { compareBytes, compareNumbers, equals } from '../equality.ts';
import { type CelMap, failed, type MapKey, type Result, typeOf, unsupported, type Value } from '../value.ts';
import { DURATION, type Overload, on, TIMESTAMP } from './define.ts';

const MOST_INT = 2n ** 63n - 1n;
const LEAST_INT = -(2n ** 63n);

/** An integer of 64 bits, or what Go's CEL says of one that is not. */
export function int(value: bigint): Result {
  return value > MOST_INT || value < LEAST_INT ? failed('integer overflow') : value;
}

/** Operators but for those that the compiler knows itself: equality, logic, choice, selection. */
export const OPERATORS: readonly Overload[] = [
  on('-_', ['int'], (value) => int(-value)),
  on('-_', ['double'], (value) => -value),
  on('_+_', ['int', 'int'], (a, b) => int(a + b)),
  on('_+_', ['double', 'double'], (a, b) => a + b),
  on('_+_', ['string', 'string'], (a, b) => a + b),
  on('_+_', ['bytes', 'bytes'], (a, b) => Uint8Array.from([...a, ...b])),
  on('_+_', ['list', 'list'], (a, b) => [...a, ...b]),
  on('_+_', [DURATION, DURATION], (a, b) => ({ type: DURATION, nanos: a.nanos + b.nanos })),
  on('_+_', [TIMESTAMP, DURATION], (a, b) => ({ type: TIMESTAMP, nanos: a.nanos + b.nanos })),
  on('_+_', [DURATION, TIMESTAMP], (a, b) => ({ type: TIMESTAMP, nanos: a.nanos + b.nanos })),
  on('_-_', ['int', 'int'], (a, b) => int(a - b)),
  on('_-_', ['double', 'double'], (a, b) => a - b),
  on('_-_', [DURATION, DURATION], (a, b) => ({ type: DURATION, nanos: a.nanos - b.nanos })),
  on('_-_', [TIMESTAMP, TIMESTAMP], (a, b) => ({ type: DURATION, nanos: a.nanos - b.nanos })),
  on('_-_', [TIMESTAMP, DURATION], (a, b) => ({ type: TIMESTAMP, nanos: a.nanos - b.nanos })),
  on('_*_', ['int', 'int'], (a, b) => int(a * b)),
  on('_*_', ['double', 'double'], (a, b) => a * b),
  on('_/_', ['int', 'int'], (a, b) => (b === 0n ? failed('division by zero') : int(a / b))),
  on('_/_', ['double', 'double'], (a, b) => a / b),
  on('_%_', ['int', 'int'], (a, b) => (b === 0n ? failed('modulus by zero') : a % b)),
  ...comparisons(),
  on('@in', ['any', 'list'], (value, list, meter) => list.some((item) => equals(item, value, meter))),
  on('@in', ['any', 'map'], (key, map) => keyIn(map, key) !== undefined),
  on('_[_]', ['list', 'any'], (list, index) => itemAt(list, index)),
  on('_[_]', ['map', 'any'], (map, key) => valueAt(map, key)),
  ...['size', '.size'].flatMap((name) => [
    on(name, ['string'], (text) => BigInt(lengthOf(text))),
    on(name, ['bytes'], (bytes) => BigInt(bytes.length)),
    on(name, ['list'], (list) => BigInt(list.length)),
    on(name, ['map'], (map) => BigInt(map.size)),
  ]),
];

function comparisons(): readonly Overload[] {
  const operators: readonly (readonly [string, (order: number) => boolean])[] = [
    ['_<_', (order) => order < 0],
    ['_<=_', (order) => order <= 0],
    ['_>_', (order) => order > 0],
    ['_>=_', (order) => order >= 0],
  ];
  return operators.flatMap(([name, holds]) => [on(name, ['any', 'any'], (a, b) => compared(name, a, b, holds))]);
}

function compared(name: string, a: Value, b: Value, holds: (order: number) => boolean): Result {
  const order = orderOf(a, b);
  return order === undefined ? failed(`no such overload: ${name}(${typeOf(a)}, ${typeOf(b)})`) : holds(order);
}

/** Below zero where `a` comes first; undefined for values that have no order. */
export function orderOf(a: Value, b: Value): number | undefined {
  if ((typeof a === 'bigint' || typeof a === 'number') && (typeof b === 'bigint' || typeof b === 'number'))
    return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return undefined;
  const isTime = 'nanos' in a && 'nanos' in b && a.type === b.type && a.type !== 'kubernetes.Quantity';
  return isTime ? compareNumbers(a.nanos, b.nanos) : undefined;
}

/** In the order of their bytes, as Go compares; the units of JavaScript's text differ from it beyond U+FFFF. */
function compareTexts(a: string, b: string): number {
  if (!/[\ud800-\udfff]/.test(a + b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Code points, which is what CEL counts. */
export function lengthOf(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}

export function itemAt(list: readonly Value[], index: Value): Result {
  const at = indexOf(index);
  if (at === undefined) return failed(`no such overload: list[${typeOf(index)}]`);
  return list[at] ?? (at in list ? null : failed(`index out of bounds: ${at}`));
}

export function valueAt(map: CelMap, key: Value): Result {
  const found = keyIn(map, key);
  const value = found === undefined ? undefined : map.get(found);
  if (value === undefined) return failed(`no such key: ${printKey(key)}`);
  return isUnknown(value) ? unsupported(`${value.what} is not known`) : value;
}

export function isUnknown(value: Value): value is Extract<Value, { readonly type: 'unknown' }> {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'unknown';
}

/** The key as the map has it: whole doubles stand for integers. */
function keyIn(map: CelMap, key: Value): MapKey | undefined {
  const exact = typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : key;
  const isKey = typeof exact === 'string' || typeof exact === 'bigint' || typeof exact === 'boolean';
  return isKey && map.has(exact) ? exact : undefined;
}

function indexOf(index: Value): number | undefined {
  if (typeof index === 'bigint') return Number(index);
  return typeof index === 'number' && Number.isInteger(index) ? index : undefined;
}

function printKey(key: Value): string {
  return typeof key === 'string' || typeof key === 'bigint' ? String(key) : typeOf(key);
}
