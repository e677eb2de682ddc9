import type { Verdict } from '../engines/delivery-engine.ts';
import { safeText } from './foreign-text.ts';
import { type Cell, displayWidth, layOut } from './layout.ts';
import type { Paint } from './paint.ts';
import type { ProgressTime } from './progress.ts';
import { MOOD_COLOUR } from './text-rollout.ts';
import { clockTime, progressWords, shortRevision, verdictMood, verdictWord } from './words.ts';

/** What is known of one target. */
export interface LiveRow {
  readonly name: string;
  readonly verdict: Verdict;
  /** Seconds since the wait began at which its state last changed. */
  readonly since: number;
}

export interface LiveScreen {
  readonly columns: number;
  readonly rows: number;
}

const NARROWEST = 20;
/** Columns below which there is room for name and state only. */
const NARROW = 50;
const SHORTEST_REASON = 10;
/** Lines of the terminal that are left to what was printed before. */
const KEPT = 4;

/**
 * The table of a wait at a moment, no line wider than the screen and not more of them than fit: those that have not landed,
 * each with why, and as many of the others as there is room for; the rest becomes a number. Ends with a line about all.
 */
export function liveTable(
  rows: readonly LiveRow[],
  screen: LiveScreen,
  time: ProgressTime,
  paint: Paint,
): readonly string[] {
  const width = Math.max(NARROWEST, screen.columns) - 1;
  const room = Math.max(1, screen.rows - KEPT);
  const open = rows.filter(({ verdict }) => verdict.kind !== 'landed');
  const landed = rows.filter(({ verdict }) => verdict.kind === 'landed');
  const shown = rows.length <= room ? rows : [...open, ...landed].slice(0, room);
  const hidden = rows.length - shown.length;
  const lines = layOut(withReasons(shown, time, width, paint));
  return [...lines, cut(totals(rows.length, landed.length, hidden, time), width)];
}

function totals(all: number, landed: number, hidden: number, time: ProgressTime): string {
  const rest = hidden > 0 ? `; ${hidden} not shown` : '';
  return `${clockTime(time.elapsed)}  ${landed} of ${all} live and healthy${rest}; ${clockTime(time.remaining)} left`;
}

/** The reason has what the other columns leave. */
function withReasons(
  rows: readonly LiveRow[],
  time: ProgressTime,
  width: number,
  paint: Paint,
): readonly (readonly Cell[])[] {
  const cells = rows.map((row) => cellsOf(row, time, width, paint));
  const widest = (column: number) => Math.max(0, ...cells.map((row) => displayWidth(row[column]?.text ?? '')));
  const left = width - [0, 1, 2, 3].reduce((sum, column) => sum + widest(column) + 2, 0);
  if (left < SHORTEST_REASON) return cells.map((row) => row.slice(0, width < NARROW ? 2 : 4));
  return cells.map((row, index) => [...row, reasonCell(rows[index]?.verdict, left, paint)]);
}

function reasonCell(verdict: Verdict | undefined, width: number, paint: Paint): Cell {
  const reason = verdict === undefined || verdict.kind === 'landed' ? '' : (verdict.reasons[0] ?? '');
  return { text: cut(reason, width), paint: (text) => paint('dim', text) };
}

function cellsOf({ name, verdict, since }: LiveRow, time: ProgressTime, width: number, paint: Paint): readonly Cell[] {
  const { kind, observation } = verdict;
  const seconds = kind === 'waiting' ? Math.max(0, Math.floor(time.elapsed / 1000 - since)) : Math.round(since);
  return [
    { text: cut(name, Math.floor(width * 0.3)) },
    {
      text: cut(stateOf(verdict), Math.floor(width * 0.28)),
      paint: (text) => paint(MOOD_COLOUR[verdictMood(kind)], text),
    },
    { text: cut(shortRevision(observation?.appliedRevision ?? observation?.seenRevision ?? '-'), 9) },
    { text: String(seconds).padStart(4) },
  ];
}

function stateOf({ kind, phase, observation }: Verdict): string {
  if (kind !== 'waiting') return verdictWord(kind);
  return observation === undefined ? 'not read yet' : progressWords(phase, observation);
}

/** Safe to print, and not wider than that. */
function cut(text: string, width: number): string {
  const safe = safeText(text);
  if (displayWidth(safe) <= width) return safe;
  let [end, taken] = ['', 1];
  for (const character of safe) {
    taken += displayWidth(character);
    if (taken > width) break;
    end += character;
  }
  return width < 1 ? '' : `${end}…`;
}
