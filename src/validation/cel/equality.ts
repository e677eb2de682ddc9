import { type Meter, spend } from './meter.ts';
import { type CelMap, isList, isMap, type SpecialValue, typeOf, type Value } from './value.ts';

/**
 * CEL's equality (https://github.com/google/cel-spec/blob/master/doc/langdef.md#equality): numbers across their types, and
 * nothing else. What costs more than the meter allows is false; whoever asked looks at the meter.
 */
export function equals(a: Value, b: Value, meter: Meter): boolean {
  const length = typeof a === 'string' && typeof b === 'string' ? Math.min(a.length, b.length) : 0;
  if (!spend(meter, 1 + (length >> 6))) return false;
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b) === 0;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && equalLists(a, b, meter);
  if (isMap(a)) return isMap(b) && equalMaps(a, b, meter);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  if (isList(b) || isMap(b) || b instanceof Uint8Array) return false;
  return typeOf(a) === typeOf(b) && equalSpecial(a, b, meter);
}

export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** Exact for integers; NaN where a double is none. */
export function compareNumbers(a: bigint | number, b: bigint | number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0;
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

function equalLists(a: readonly Value[], b: readonly Value[], meter: Meter): boolean {
  return a.length === b.length && a.every((item, index) => equals(item, b[index] ?? null, meter));
}

function equalMaps(a: CelMap, b: CelMap, meter: Meter): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equals(value, other, meter)) return false;
  }
  return true;
}

function equalSpecial(a: SpecialValue, b: SpecialValue, meter: Meter): boolean {
  if (a.type === 'kubernetes.Quantity' && b.type === a.type) return a.nanos === b.nanos;
  if (a.type !== 'optional_type' || b.type !== 'optional_type') return keyOf(a) === keyOf(b);
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equals(a.value, b.value, meter);
}

function keyOf(value: SpecialValue): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
}
