import type { Quantity } from './value.ts';

const NANOS = 1_000_000_000n;
const MOST = (2n ** 63n - 1n) * NANOS;
const FORM = /^([-+]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d{1,9})?$/;

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/**
 * An amount as https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#ParseQuantity reads it: exact down to a thousand-
 * millionth, and rounded up below. Undefined for anything else.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = text.length > 200 ? null : FORM.exec(text);
  const [, sign = '', zeros = '', part = '', suffix = ''] = match ?? [];
  if (match === null || zeros + part === '') return undefined;
  const whole = zeros.replace(/^0+/, '');
  const nanos = scaled(BigInt(`0${whole}${part}`), part.length, suffix);
  const isSmall = fitsInteger(whole, part, suffix);
  const size = isSmall || nanos <= MOST ? nanos : MOST;
  return quantityOf(
    sign === '-' ? -size : size,
    isSmall && part === '' && nanos % NANOS === 0n && !/^[num]$/.test(suffix),
  );
}

/** `isInteger`: Go keeps it as an integer, so that it can say which one; a half and a half are none. */
export function quantityOf(nanos: bigint, isInteger: boolean): Quantity {
  const isKept = isInteger && nanos <= MOST && nanos >= -MOST - NANOS;
  return { type: 'kubernetes.Quantity', nanos, integer: isKept ? nanos / NANOS : undefined };
}

/** Whether Go keeps the number in 64 bits and a power; other numbers are no larger than an integer of 64 bits. */
function fitsInteger(whole: string, part: string, suffix: string): boolean {
  const binary = BINARY[suffix];
  if (binary !== undefined) return part === '' && 15 - whole.length - Math.trunc((Number(binary) * 3) / 10) - 1 >= 0;
  return whole.length + part.length <= 18 && exponentOf(suffix) - part.length >= -9;
}

function exponentOf(suffix: string): number {
  return /^[eE]./.test(suffix) ? Number(suffix.slice(1)) : (DECIMAL[suffix] ?? 0);
}

function scaled(digits: bigint, places: number, suffix: string): bigint {
  const binary = BINARY[suffix];
  if (binary !== undefined) return roundedUp((digits << binary) * NANOS, 10n ** BigInt(places));
  const power = exponentOf(suffix) - places + 9;
  if (power >= 0) return digits * 10n ** BigInt(Math.min(power, 1000));
  return power < -300 ? roundedUp(digits, digits + 1n) : roundedUp(digits, 10n ** BigInt(-power));
}

function roundedUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

const SUFFIXES: readonly (readonly [string, bigint])[] = [
  ['E', 10n ** 18n],
  ['P', 10n ** 15n],
  ['T', 10n ** 12n],
  ['G', 10n ** 9n],
  ['M', 10n ** 6n],
  ['k', 10n ** 3n],
  ['', 1n],
];
const SMALL: readonly (readonly [string, bigint])[] = [
  ['m', 10n ** 6n],
  ['u', 10n ** 3n],
  ['n', 1n],
];

/** As the server writes it down: the largest suffix of the same sort without a fraction. Undefined for no quantity. */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text.trim());
  if (quantity === undefined) return undefined;
  const whole = quantity.nanos % NANOS === 0n ? quantity.nanos / NANOS : undefined;
  if (/[KMGTPE]i$/.test(text.trim()) && whole !== undefined) return printBinary(whole);
  if (/[eE][-+]?\d+$/.test(text.trim())) return undefined;
  const size = quantity.nanos < 0n ? -quantity.nanos : quantity.nanos;
  const rows = whole === undefined ? SMALL : SUFFIXES.map(([suffix, by]) => [suffix, by * NANOS] as const);
  const [suffix, by] = rows.find(([, unit]) => size % unit === 0n && size >= unit) ?? ['', NANOS];
  return `${quantity.nanos / by}${suffix}`;
}

function printBinary(whole: bigint): string {
  const size = whole < 0n ? -whole : whole;
  const [suffix, power] = Object.entries(BINARY).findLast(([, by]) => size >> by > 0n && size % (1n << by) === 0n) ?? [
    '',
    0n,
  ];
  return `${whole / (1n << power)}${suffix}`;
}
