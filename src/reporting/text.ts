import type { ToolError } from '../errors.ts';
import type { Outcome, Table } from '../outcome.ts';
import { differenceLines } from './differences.ts';
import { breakCommands, safeText } from './foreign-text.ts';
import { type Cell, displayWidth, indent, layOut, wrap } from './layout.ts';
import { createPaint, type Paint } from './paint.ts';
import { findingLines, ruleCounts, type Sources } from './text-findings.ts';
import { editLines, MOOD_COLOUR, targetLines } from './text-rollout.ts';
import { type Mood, resultMood, shortDigests } from './words.ts';

export interface TextOptions {
  readonly colour?: boolean;
  /** Columns; prose is wrapped there and tables drop what does not fit. Default 100. */
  readonly width?: number;
  /** The text of a file that findings are about, to show the line. */
  readonly sources?: Sources;
}

const SIGN: Readonly<Record<Mood, string>> = { good: '✓', bad: '✗', warn: '!', busy: '·' };

/** What a command came to, for people: findings, changes, targets and why one failed; the result last. Ends with `\n`. */
export function renderText(outcome: Outcome, options: TextOptions = {}): string {
  const all = withDefaults(options);
  const paint = createPaint(all.colour);
  const notes = [...outcome.notes, ruleCounts(outcome.findings)].filter((note) => note !== '');
  const sections = [
    findingLines(outcome.findings, all.sources, all.width, paint),
    editLines(outcome.edits, all.width, paint),
    targetLines(outcome.targets, all.width, paint),
    differenceLines(outcome.differences ?? [], paint),
    ...(outcome.tables ?? []).map((table) => tableLines(table, all.width, paint)),
    headline(resultMood(outcome.result), outcome.headline, notes, all.width, paint),
  ];
  return joinSections(sections);
}

/** An error for people: what happened and where, every single problem, and what to do next. Ends with `\n`. */
export function renderError(error: ToolError, options: TextOptions = {}): string {
  const { colour, width } = withDefaults(options);
  const paint = createPaint(colour);
  const mood: Mood = error.code === 'interrupted' || error.code === 'terminated' ? 'warn' : 'bad';
  const problems = error.problems.flatMap((problem) => hanging('- ', safeText(problem), width - 2));
  const next = error.hint === undefined ? [] : hanging('Next: ', safeText(error.hint), width - 2);
  return joinSections([[...headline(mood, error.message, [], width, paint), ...indent([...problems, ...next], '  ')]]);
}

function tableLines({ title, columns, rows }: Table, width: number, paint: Paint): readonly string[] {
  if (rows.length === 0) return [];
  const cells = [columns.map((text): Cell => ({ text, paint: (name) => paint('dim', name) })), ...rows.map(textCells)];
  for (let shown = columns.length; shown > 1; shown--) {
    const plain = layOut(cells.map((row) => row.slice(0, shown).map(({ text }) => ({ text }))));
    const fits = plain.every((line) => displayWidth(line) + 2 <= width);
    if (fits) return [paint('bold', title), ...indent(layOut(cells.map((row) => row.slice(0, shown))), '  ')];
  }
  return [paint('bold', title), ...indent(layOut(cells.map((row) => row.slice(0, 2))), '  ')];
}

function textCells(row: readonly string[]): readonly Cell[] {
  return row.map((text) => ({ text: shortDigests(safeText(text)) }));
}

function headline(mood: Mood, text: string, notes: readonly string[], width: number, paint: Paint): readonly string[] {
  const [first = '', ...rest] = wrap(safeText(text), width - 2);
  const colour = MOOD_COLOUR[mood];
  const painted = [
    `${paint(colour, SIGN[mood])} ${paint('bold', first)}`,
    ...rest.map((line) => `  ${paint('bold', line)}`),
  ];
  return [
    ...painted,
    ...indent(
      notes.flatMap((note) => wrap(safeText(note), width - 2)),
      '  ',
    ),
  ];
}

/** The first line after the mark, the others below it. */
function hanging(mark: string, text: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrap(text, width - mark.length);
  return [mark + first, ...rest.map((line) => ' '.repeat(mark.length) + line)];
}

function joinSections(sections: readonly (readonly string[])[]): string {
  const shown = sections.filter((section) => section.length > 0);
  return `${shown.map((section) => section.map(breakCommands).join('\n')).join('\n\n')}\n`;
}

function withDefaults(options: TextOptions): Required<TextOptions> {
  return {
    colour: options.colour ?? false,
    width: Math.max(40, options.width ?? 100),
    sources: options.sources ?? (() => undefined),
  };
}
