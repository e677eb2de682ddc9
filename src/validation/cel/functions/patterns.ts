import { patternProgram, patternTest } from '../../schema-pattern.ts';
import { findAll, unsupportedPattern } from '../find-pattern.ts';
import { type Meter, spend } from '../meter.ts';
import { OUT_OF_WORK } from '../program.ts';
import { isList, type Result } from '../value.ts';
import { type Overload, on } from './define.ts';

/**
 * Regular expressions, in time that is proportional to the text
 * (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-regex-library).
 */
export const PATTERNS: readonly Overload[] = [
  on('.matches', ['string', 'string'], matches),
  on('matches', ['string', 'string'], matches),
  on('.find', ['string', 'string'], (text, pattern, meter) => {
    const found = find(text, pattern, 1, meter);
    return isList(found) ? (found[0] ?? '') : found;
  }),
  on('.findAll', ['string', 'string'], (text, pattern, meter) => find(text, pattern, Number.POSITIVE_INFINITY, meter)),
  on('.findAll', ['string', 'string', 'int'], (text, pattern, most, meter) =>
    find(text, pattern, most < 0n ? Number.POSITIVE_INFINITY : Number(most), meter),
  ),
];

function matches(text: string, pattern: string, meter: Meter): Result {
  const test = patternTest(pattern);
  if (test === undefined) return unsupportedPattern(pattern);
  return isAffordable(text, pattern, meter) ? test(text) : OUT_OF_WORK;
}

function find(text: string, pattern: string, most: number, meter: Meter): Result {
  return isAffordable(text, pattern, meter) ? findAll(pattern, text, most) : OUT_OF_WORK;
}

/** Each character of the text may meet each step of the pattern. */
function isAffordable(text: string, pattern: string, meter: Meter): boolean {
  return spend(meter, Math.ceil((text.length * sizeOf(pattern)) / 40));
}

const sizes = new Map<string, number>();

function sizeOf(pattern: string): number {
  const size = sizes.get(pattern) ?? patternProgram(pattern)?.length ?? 0;
  sizes.set(pattern, size);
  return size;
}
