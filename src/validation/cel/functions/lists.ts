import { equals } from '../equality.ts';
import type { Meter } from '../meter.ts';
import { MOST_LENGTH } from '../meter.ts';
import { failed, isFault, isList, type Result, typeOf, unsupported, type Value } from '../value.ts';
import { DURATION, type Overload, on } from './define.ts';
import { int, orderOf } from './operators.ts';

/**
 * Kubernetes' functions on lists and sets (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library), and
 * those of CEL's extension that newer versions have beside them.
 */
export const LISTS: readonly Overload[] = [
  on('.isSorted', ['list'], (list) => {
    const orders = list.slice(1).map((item, index) => orderOf(list[index] ?? null, item));
    return orders.includes(undefined)
      ? failed('isSorted: items without an order')
      : orders.every((order) => (order ?? 1) <= 0);
  }),
  on('.sum', ['list'], sum),
  on('.min', ['list'], (list) => extreme(list, (order) => order < 0)),
  on('.max', ['list'], (list) => extreme(list, (order) => order > 0)),
  on('.indexOf', ['list', 'any'], (list, value, meter) => BigInt(list.findIndex((item) => equals(item, value, meter)))),
  on('.lastIndexOf', ['list', 'any'], (list, value, meter) =>
    BigInt(list.findLastIndex((item) => equals(item, value, meter))),
  ),
  on('.distinct', ['list'], (list, meter) => distinct(list, meter)),
  on('.reverse', ['list'], (list) => list.toReversed()),
  on('.slice', ['list', 'int', 'int'], (list, from, to) => {
    if (from < 0n || to < from || to > BigInt(list.length)) return failed(`index out of range: ${from}, ${to}`);
    return list.slice(Number(from), Number(to));
  }),
  on('.flatten', ['list'], (list) => list.flatMap((item) => (isList(item) ? [...item] : [item]))),
  on('.sort', ['list'], sort),
  on('.first', ['list'], (list) => ({ type: 'optional_type', value: list[0] })),
  on('.last', ['list'], (list) => ({ type: 'optional_type', value: list.at(-1) })),
  on('lists.range', ['int'], (count) => {
    if (count > BigInt(MOST_LENGTH / 4)) return unsupported('a list longer than is made here');
    return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
  }),
  on('sets.contains', ['list', 'list'], (list, wanted, meter) => holdsAll(list, wanted, meter)),
  on('sets.equivalent', ['list', 'list'], (a, b, meter) => holdsAll(a, b, meter) && holdsAll(b, a, meter)),
  on('sets.intersects', ['list', 'list'], (a, b, meter) => a.some((item) => holdsAll(b, [item], meter))),
];

function holdsAll(list: readonly Value[], wanted: readonly Value[], meter: Meter): boolean {
  return wanted.every((value) => list.some((item) => equals(item, value, meter)));
}

function distinct(list: readonly Value[], meter: Meter): readonly Value[] {
  const kept: Value[] = [];
  for (const item of list) if (!kept.some((known) => equals(known, item, meter))) kept.push(item);
  return kept;
}

/** The sum of nothing is the integer zero: which zero it is is known to the type checker alone. */
function sum(list: readonly Value[]): Result {
  return list.reduce<Result>(
    (total, item, index) => (index === 0 ? item : isFault(total) ? total : plus(total, item)),
    0n,
  );
}

function plus(a: Value, b: Value): Result {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int(a + b);
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const isTime = isDuration(a) && isDuration(b);
  return isTime
    ? { type: DURATION, nanos: a.nanos + b.nanos }
    : failed(`no such overload: sum of ${typeOf(a)} and ${typeOf(b)}`);
}

function isDuration(value: Value): value is Extract<Value, { readonly type: typeof DURATION }> {
  return typeOf(value) === DURATION;
}

function extreme(list: readonly Value[], isBetter: (order: number) => boolean): Result {
  const [first, ...rest] = list;
  if (first === undefined) return failed('min or max of an empty list');
  return rest.reduce<Result>((best, item) => {
    const order = isFault(best) ? undefined : orderOf(item, best);
    if (isFault(best)) return best;
    if (order === undefined) return failed('min or max of items without an order');
    return isBetter(order) ? item : best;
  }, first);
}

function sort(list: readonly Value[]): Result {
  const isOrdered = list.every((item) => orderOf(list[0] ?? null, item) !== undefined);
  return isOrdered ? list.toSorted((a, b) => orderOf(a, b) ?? 0) : failed('sort: items without an order');
}
