import { ToolError } from '../errors.ts';

/** Both ends belong to it; milliseconds since 1970. Absent: without limit. */
export interface Period {
  readonly since?: number;
  readonly until?: number;
}

const DAY = 24 * 60 * 60 * 1000;
const HINT =
  'Write a date (2026-11-01), a date with a time (2026-11-01T18:00:00Z), or a duration before now (72h, 30d).';

/**
 * Reads both ends. A date alone is in UTC, and means its first moment at the beginning and its last at the end.
 * @param now milliseconds since 1970
 * @throws ToolError input with every problem at once
 */
export function parsePeriod({ since, until }: { since?: string; until?: string }, now: number): Period {
  const [from, to] = [readMoment(since, now, 0), readMoment(until, now, DAY - 1)];
  const problems = [
    ...(since !== undefined && from === undefined ? [`since: ${JSON.stringify(since)} is no time`] : []),
    ...(until !== undefined && to === undefined ? [`until: ${JSON.stringify(until)} is no time`] : []),
    ...(from !== undefined && to !== undefined && from > to ? ['since is later than until'] : []),
  ];
  if (problems.length > 0) throw new ToolError('input', problems.join('; '), { hint: HINT, problems });
  return { ...(from !== undefined && { since: from }), ...(to !== undefined && { until: to }) };
}

function readMoment(text: string | undefined, now: number, withinDay: number): number | undefined {
  if (text === undefined) return undefined;
  const [, days = 0, hours = 0, minutes = 0] = /^(?=\d)(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?$/.exec(text) ?? [];
  const ago = Number(days) * DAY + Number(hours) * 3_600_000 + Number(minutes) * 60_000;
  if (ago > 0) return now - ago;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const moment = isDate || isTime ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment + (isDate ? withinDay : 0);
}
