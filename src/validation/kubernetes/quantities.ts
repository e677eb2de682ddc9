import type { Json } from './reading.ts';

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The number that a quantity stands for, exact enough to compare two of them; undefined for anything else
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
 */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return undefined;
  const match = /^([-+]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][-+]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(value);
  if (match === null) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  return Number(`${digits}${exponent}`) * (SUFFIXES[suffix] ?? 1);
}

/** The number in a map of quantities: to the server a null is 0 there. */
export function amountIn(amounts: Json | undefined, name: string): number | undefined {
  if (amounts === undefined || !Object.hasOwn(amounts, name)) return undefined;
  return quantityOf(amounts[name] ?? 0);
}

/** Whether a quantity is a whole number. */
export function isWhole(quantity: number): boolean {
  return Math.abs(quantity - Math.round(quantity)) < 1e-9;
}
