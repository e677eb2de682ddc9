/** What people get wrong in a value, by what the value looks like. */
import { isMap, type Json } from './json.ts';

export function emptiedOf(value: Json): readonly Json[] {
  return [null, Array.isArray(value) ? [] : isMap(value) ? {} : typeof value === 'string' ? '' : null];
}

export function mistypedOf(value: Json): readonly Json[] {
  if (typeof value === 'string') return [7, true, { name: value }, [value]];
  if (typeof value === 'number') return ['seven', true, { value }, `${value}`];
  if (typeof value === 'boolean') return ['true', 'yes', 1, [value]];
  if (Array.isArray(value)) return [{}, 'x', { name: 'x' }, true];
  return ['x', 7, [value]];
}

/** Two letters swapped, one left out, one twice, or the first in the other case. */
export function misspeltOf(name: string): readonly string[] {
  const middle = Math.floor(name.length / 2);
  const [before, letter, next, after] = [name.slice(0, middle), name[middle], name[middle + 1], name.slice(middle + 2)];
  const first = name.charAt(0);
  const flipped = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  return [
    `${before}${next ?? 'x'}${letter}${after}`,
    `${before}${next ?? ''}${after}`,
    `${before}${letter}${letter}${next ?? ''}${after}`,
    `${flipped}${name.slice(1)}`,
  ];
}

const WORD = /^[A-Za-z]{2,32}$/;

export function enumMistakesOf(value: Json): readonly Json[] {
  if (typeof value !== 'string' || !WORD.test(value)) return [];
  const [swapped = '', shorter = '', longer = '', flipped = ''] = misspeltOf(value);
  return [swapped, shorter, longer, flipped, value.toUpperCase(), `${value}s`];
}

const AMOUNT = /^\d+(\.\d+)?(m|k|[KMGT]i?)?$/;
const AMOUNTS: ReadonlySet<string> = new Set(
  'requests limits hard min max default defaultRequest capacity sizeLimit divisor storage averageValue maxLimitRequestRatio'.split(
    ' ',
  ),
);
const BAD_AMOUNTS = ['1GB', '10 Gi', '-1', '1,5', '1Gb', '0x10', '12mm', '1.5.0', 'lots', '1Gi1', '', '½'];
const PERIOD = /^(\d+(ms|s|m|h))+$/;
const BAD_PERIODS = ['5 minutes', '10', '-1s', '1d', 'five', '5sec', '1h 5m', ''];

export function amountMistakesOf(value: Json, names: readonly string[]): readonly Json[] {
  if (typeof value === 'string' && PERIOD.test(value)) return BAD_PERIODS;
  const isAmount = names.slice(-2).some((name) => AMOUNTS.has(name)) && AMOUNT.test(String(value));
  return isAmount ? BAD_AMOUNTS : [];
}

const BAD_CRONS = [
  '61 * * * *',
  '* * * *',
  'every day',
  '* 24 * * *',
  '*/0 * * * *',
  '@dayly',
  '* * 0 * *',
  '* * * 13 *',
  '* * * * MON-',
  '5-1 * * * *',
  '* * * * * * *',
  '0 3 * * 8',
];

export function cronMistakesOf(value: Json): readonly Json[] {
  return typeof value === 'string' && /^[\d*/-]+( \S+){4}$/.test(value) ? BAD_CRONS : [];
}

const LONG = 'x'.repeat(64);
const BAD_NAMES = ['My_Name', 'a b', '-a', 'a-', 'A', LONG, LONG.repeat(4), 'a/b', 'ä', 'a..b', 'my_name', 'a:b'];

export function nameMistakesOf(value: Json, names: readonly string[]): readonly Json[] {
  const name = names.at(-1) ?? '';
  const isLabel = /labels|selector|annotations/i.test(names.at(-2) ?? '');
  return typeof value === 'string' && (/name$|namespace$/i.test(name) || isLabel || name === 'key') ? BAD_NAMES : [];
}

export function rangeMistakesOf(value: Json): readonly Json[] {
  if (typeof value === 'number')
    return [0, -1, 1.5, 65_536, 100_000, 2 ** 31, 2 ** 53, -100].filter((one) => one !== value);
  if (typeof value === 'string' && /^\d+%$/.test(value)) return ['25 %', '-5%', '101%', '25%%', '%', '2.5%', 'a%'];
  return [];
}
