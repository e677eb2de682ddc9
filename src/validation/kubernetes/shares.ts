import { isFilledInLater } from './reading.ts';

/** A count, or a share in percent. */
export type Share = { readonly count: number } | { readonly percent: number };

/** `3` or `25%`; undefined for anything else. */
export function shareOf(value: unknown): Share | undefined {
  if (typeof value === 'number') return { count: value };
  const percent = typeof value === 'string' && /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : undefined;
  return percent === undefined ? undefined : { percent };
}

/** What is wrong with a count or share; undefined where nothing is. */
export function shareProblem(value: unknown): string | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && isFilledInLater(value))) return undefined;
  const share = shareOf(value);
  if (share === undefined)
    return typeof value === 'string'
      ? `must be a number or a percentage such as 25%, not ${JSON.stringify(value)}`
      : undefined;
  return 'count' in share && share.count < 0 ? `must not be negative, as ${share.count} is` : undefined;
}

export function isOver100(value: unknown): boolean {
  const share = shareOf(value);
  return share !== undefined && 'percent' in share && share.percent > 100;
}

/** True for 0 and 0%. */
export function isZero(value: unknown): boolean {
  const share = shareOf(value);
  return share !== undefined && ('count' in share ? share.count === 0 : share.percent === 0);
}
