import { OPTIONAL_FIELD, OPTIONAL_INDEX } from '../optional-syntax.ts';
import { failed, isFault, isList, isMap, type Optional, optionalOf, type Result, type Value } from '../value.ts';
import { type Overload, on } from './define.ts';
import { itemAt, valueAt } from './operators.ts';

/** https://github.com/google/cel-spec/wiki/proposal-246 */
export const OPTIONALS: readonly Overload[] = [
  on('optional.of', ['any'], (value) => optionalOf(value)),
  on('optional.none', [], () => optionalOf(undefined)),
  on('optional.ofNonZeroValue', ['any'], (value) => optionalOf(isZero(value) ? undefined : value)),
  on('.hasValue', ['optional_type'], ({ value }) => value !== undefined),
  on(
    '.value',
    ['optional_type'],
    ({ value }) => value ?? (value === null ? null : failed('optional.none() has no value')),
  ),
  on('.orValue', ['optional_type', 'any'], ({ value }, other) => (value === undefined ? other : value)),
  on('.or', ['optional_type', 'optional_type'], (one, other) => (one.value === undefined ? other : one)),
  on(`.${OPTIONAL_FIELD}`, ['any', 'string'], (value, name) => optionally(value, name)),
  on(`.${OPTIONAL_INDEX}`, ['any', 'any'], (value, key) => optionally(value, key)),
];

function isZero(value: Value): boolean {
  if (value === null || value === '' || value === 0 || value === 0n || value === false) return true;
  if (value instanceof Uint8Array || isList(value)) return value.length === 0;
  return isMap(value) && value.size === 0;
}

/** What is at a key, or nothing where it is absent. Below an optional nothing stays nothing. */
export function optionally(value: Value, key: Value): Result {
  const target = isOptional(value) ? value.value : value;
  if (target === undefined) return optionalOf(undefined);
  if (!isMap(target) && !isList(target)) return failed('no such overload: optional selection');
  const found = isMap(target) ? valueAt(target, key) : itemAt(target, key);
  if (!isFault(found)) return optionalOf(found);
  return found.kind === 'failed' ? optionalOf(undefined) : found;
}

export function isOptional(value: Value): value is Optional {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'optional_type';
}
