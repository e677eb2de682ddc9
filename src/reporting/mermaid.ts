import type { TargetState } from '../engines/delivery-engine.ts';
import type { TargetOutcome, TimelineEntry } from '../outcome.ts';
import { safeText } from './foreign-text.ts';

/** More bars than this are no picture any more, and GitHub's renderer becomes slow. */
const MAX_BARS = 60;
const DAY = 24 * 60 * 60;

interface Bar {
  readonly label: string;
  readonly tag: string | undefined;
  readonly start: number;
  readonly end: number;
}

/**
 * A gantt chart of the rollout, one section per target, as mermaid source (https://mermaid.js.org/syntax/gantt.html).
 * Times are written and shown as time of day, both in the reader's own zone, so the axis reads as time since the start.
 * Undefined where nothing was watched.
 */
export function rolloutChart(targets: readonly TargetOutcome[]): string | undefined {
  const rows = targets.map((outcome) => ({ name: outcome.target.name, bars: barsOf(outcome) }));
  const perTarget = Math.max(1, Math.floor(MAX_BARS / Math.max(1, targets.length)));
  const sections = rows
    .filter(({ bars }) => bars.length > 0)
    .slice(0, MAX_BARS)
    .flatMap(({ name, bars }) => [`    section ${label(name)}`, ...bars.slice(-perTarget).map(barLine)]);
  if (sections.length === 0) return undefined;
  const longest = Math.max(...rows.flatMap(({ bars }) => bars.map(({ end }) => end)));
  const axis = longest >= 3600 ? '%H:%M:%S' : '%M:%S';
  return ['gantt', '    dateFormat HH:mm:ss', `    axisFormat ${axis}`, ...sections].join('\n');
}

/** One bar for each stretch of time in which phase and state stayed the same. */
function barsOf({ timeline, seconds }: TargetOutcome): readonly Bar[] {
  const starts = timeline.filter((entry, index) => barLabel(entry) !== barLabel(timeline[index - 1]));
  return starts.map((entry, index) => {
    const start = Math.min(Math.max(0, Math.floor(entry.seconds)), DAY - 2);
    const end = Math.min(Math.floor(starts[index + 1]?.seconds ?? seconds), DAY - 1);
    return { label: barLabel(entry), tag: tagOf(entry), start, end: Math.max(start + 1, end) };
  });
}

function barLabel(entry: TimelineEntry | undefined): string {
  if (entry === undefined) return '';
  return entry.phase === entry.state ? entry.state : `${entry.phase}, ${entry.state}`;
}

function barLine({ label: text, tag, start, end }: Bar): string {
  return `    ${label(text)} :${tag === undefined ? '' : `${tag}, `}${timeOfDay(start)}, ${timeOfDay(end)}`;
}

/** Healthy is grey until the change itself is what is healthy, so that only the end looks done. */
function tagOf({ phase, state }: TimelineEntry): string | undefined {
  return state === 'healthy' && phase === 'settling' ? 'done' : TAGS[state];
}

const TAGS: Readonly<Record<string, string>> = {
  syncing: 'active',
  progressing: 'active',
  degraded: 'crit',
  failed: 'crit',
  absent: 'crit',
  forbidden: 'crit',
} satisfies Partial<Record<TargetState, string>>;

/** Mermaid has no escape in names: `:`, `;`, `#`, `%` and line ends would end them. */
function label(text: string): string {
  return (
    safeText(text, 80)
      .replace(/[^\p{L}\p{N} .,_/()-]/gu, '-')
      .trim() || '-'
  );
}

function timeOfDay(seconds: number): string {
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
