import type { ToolError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import { breakCommands, safeText } from './foreign-text.ts';
import { indent, wrap } from './layout.ts';
import { createPaint, type Paint } from './paint.ts';
import { findingLines, type Sources } from './text-findings.ts';
import { editLines, MOOD_COLOUR, targetLines } from './text-rollout.ts';
import { type Mood, resultMood } from './words.ts';

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
  const sections = [
    findingLines(outcome.findings, all.sources, all.width, paint),
    editLines(outcome.edits, all.width, paint),
    targetLines(outcome.targets, all.width, paint),
    headline(resultMood(outcome.result), outcome.headline, outcome.notes, all.width, paint),
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
