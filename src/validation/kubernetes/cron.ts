import { rememberGood } from './names.ts';

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, words: [] },
  { name: 'hour', least: 0, most: 23, words: [] },
  { name: 'day of the month', least: 1, most: 31, words: [] },
  { name: 'month', least: 1, most: 12, words: MONTHS },
  { name: 'day of the week', least: 0, most: 6, words: DAYS },
];

const DESCRIPTORS: ReadonlySet<string> = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);

/**
 * What is wrong with a cron schedule, as the end of a sentence; undefined where nothing is. The grammar is that of
 * https://pkg.go.dev/github.com/robfig/cron/v3, which CronJobs are read with: five fields, or a descriptor.
 */
export const cronProblem = rememberGood(problemOf);

function problemOf(schedule: string): string | undefined {
  const text = schedule.trim();
  if (/^(CRON_)?TZ=/.test(text)) return 'must not name a time zone';
  if (text.startsWith('@every ')) return isGoDuration(text.slice(7)) ? undefined : 'has no duration after @every';
  if (text.startsWith('@'))
    return DESCRIPTORS.has(text) ? undefined : `has an unknown descriptor, ${JSON.stringify(text)}`;
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) return `must have five fields, not ${parts.length}`;
  for (const [index, field] of FIELDS.entries()) {
    const problem = fieldProblem(parts[index] ?? '', field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldProblem(part: string, field: Field): string | undefined {
  const wrong = part.split(',').find((range) => !isRange(range, field));
  if (wrong === undefined) return undefined;
  const names =
    field.words.length === 0 ? '' : ` or ${field.words[0]?.toUpperCase()} to ${field.words.at(-1)?.toUpperCase()}`;
  return `has ${JSON.stringify(wrong)} as ${field.name}, which must be ${field.least} to ${field.most}${names}, a range, a list or *`;
}

function isRange(text: string, field: Field): boolean {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0))) return false;
  if (range === '*' || range === '?') return true;
  const [first = '', last, ...rest] = range.split('-');
  if (rest.length > 0) return false;
  const from = numberOf(first, field);
  const to = last === undefined ? from : numberOf(last, field);
  return from !== undefined && to !== undefined && from >= field.least && to <= field.most && from <= to;
}

function numberOf(text: string, field: Field): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = field.words.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index + field.least;
}

function isGoDuration(text: string): boolean {
  return /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
}
