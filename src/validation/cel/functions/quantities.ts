import { compareNumbers } from '../equality.ts';
import { parseQuantity, quantityOf } from '../quantities.ts';
import { failed, type Quantity } from '../value.ts';
import { type Overload, on } from './define.ts';

const QUANTITY = 'kubernetes.Quantity';
const NANOS = 1_000_000_000n;

/** https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library */
export const QUANTITIES: readonly Overload[] = [
  on(
    'quantity',
    ['string'],
    (text) => parseQuantity(text) ?? failed(`${JSON.stringify(text.slice(0, 60))} is no quantity`),
  ),
  on('isQuantity', ['string'], (text) => parseQuantity(text) !== undefined),
  on('.isInteger', [QUANTITY], ({ integer }) => integer !== undefined),
  on('.asInteger', [QUANTITY], ({ integer }) => integer ?? failed('the quantity is no integer')),
  on('.asApproximateFloat', [QUANTITY], ({ nanos }) => Number(nanos) / 1e9),
  on('.sign', [QUANTITY], ({ nanos }) => BigInt(compareNumbers(nanos, 0n))),
  on('.compareTo', [QUANTITY, QUANTITY], (a, b) => BigInt(compareNumbers(a.nanos, b.nanos))),
  on('.isGreaterThan', [QUANTITY, QUANTITY], (a, b) => a.nanos > b.nanos),
  on('.isLessThan', [QUANTITY, QUANTITY], (a, b) => a.nanos < b.nanos),
  on('.add', [QUANTITY, QUANTITY], (a, b) => sum(a, b.nanos, b.integer !== undefined)),
  on('.add', [QUANTITY, 'int'], (a, b) => sum(a, b * NANOS, true)),
  on('.sub', [QUANTITY, QUANTITY], (a, b) => sum(a, -b.nanos, b.integer !== undefined)),
  on('.sub', [QUANTITY, 'int'], (a, b) => sum(a, -b * NANOS, true)),
];

function sum(quantity: Quantity, nanos: bigint, isInteger: boolean): Quantity {
  return quantityOf(quantity.nanos + nanos, isInteger && quantity.integer !== undefined);
}
