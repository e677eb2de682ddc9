import type { Edit } from '../editing/edit.ts';
import type { Diagnosis } from '../engines/delivery-engine.ts';
import type { TargetOutcome } from '../outcome.ts';
import { safeText } from './foreign-text.ts';
import { type Cell, displayWidth, indent, layOut, wrap } from './layout.ts';
import type { Colour, Paint } from './paint.ts';
import {
  editValues,
  type Mood,
  outcomeWords,
  revisionOf,
  shortDigests,
  shortRevision,
  verdictClause,
  verdictMood,
} from './words.ts';
import { worstFirst } from './worst-first.ts';

export const MOOD_COLOUR: Readonly<Record<Mood, Colour>> = { good: 'green', bad: 'red', warn: 'yellow', busy: 'cyan' };

/** Lines of one section of a diagnosis, and of all of them, so that it fits a screen. */
const SECTION_LINES = 8;
const SCREEN_LINES = 36;
/** Targets of which it is said why they did not land. */
const EXPLAINED = 20;

/** A table of file and line, old and new value, and where in the document that is. */
export function editLines(edits: readonly Edit[], width: number, paint: Paint): readonly string[] {
  if (edits.length === 0) return [];
  const rows = edits.map((edit) => editRow(edit, paint));
  const full = layOut(rows);
  const fits = layOut(rows.map((row) => row.map(({ text }) => ({ text })))).every(
    (row) => displayWidth(row) + 2 <= width,
  );
  const table = fits ? full : layOut(rows.map((row) => row.slice(0, 2)));
  return [paint('bold', 'Changes'), ...indent(table, '  ')];
}

function editRow(edit: Edit, paint: Paint): readonly Cell[] {
  const change = editValues(edit)
    .map((value) => shortDigests(safeText(value)))
    .join(' -> ');
  return [
    { text: `${safeText(edit.path)}:${edit.line}` },
    { text: change },
    { text: safeText(edit.place), paint: (text) => paint('dim', text) },
  ];
}

/** A table of the targets, then for each that did not land why. */
export function targetLines(targets: readonly TargetOutcome[], width: number, paint: Paint): readonly string[] {
  if (targets.length === 0) return [];
  const { shown, rest } = worstFirst(targets);
  const header = ['TARGET', 'RESULT', 'PHASE', 'REVISION', 'SECONDS'];
  const rows = [
    header.map((text): Cell => ({ text, paint: (name) => paint('dim', name) })),
    ...shown.map((outcome) => targetRow(outcome, paint)),
  ];
  const table = layOut(rows, ['left', 'left', 'left', 'left', 'right']);
  const reasons = explained(shown).flatMap((outcome) => whyLines(outcome, width, paint));
  const more = rest === '' ? [] : [`  … ${rest}`];
  return [paint('bold', 'Targets'), ...indent(table, '  '), ...more, ...reasons];
}

/** A screen for each of hundreds would be read by nobody. */
function explained(targets: readonly TargetOutcome[]): readonly TargetOutcome[] {
  return targets.filter(({ verdict }) => verdict.kind !== 'landed').slice(0, EXPLAINED);
}

function targetRow(outcome: TargetOutcome, paint: Paint): readonly Cell[] {
  const { target, verdict, seconds } = outcome;
  const revision = revisionOf(outcome);
  return [
    { text: safeText(target.name) },
    { text: outcomeWords(verdict), paint: (text) => paint(MOOD_COLOUR[verdictMood(verdict.kind)], text) },
    { text: verdict.phase },
    { text: revision === '' ? '-' : safeText(shortRevision(revision)) },
    { text: String(Math.round(seconds)) },
  ];
}

function whyLines(outcome: TargetOutcome, width: number, paint: Paint): readonly string[] {
  const { target, verdict, seconds, diagnosis } = outcome;
  if (verdict.kind === 'landed') return [];
  const title = `${safeText(target.name)} ${verdictClause(verdict.kind)} in phase ${verdict.phase} after ${Math.round(seconds)} s`;
  const reasons = verdict.reasons.flatMap((reason) => wrap(safeText(reason), width - 2));
  const body = [...reasons, ...diagnosisLines(without(diagnosis, verdict.reasons), paint)];
  return ['', paint(MOOD_COLOUR[verdictMood(verdict.kind)], title), ...indent(body, '  ')];
}

/** What the reasons above it said already is not said again. */
function without(diagnosis: Diagnosis | undefined, said: readonly string[]): Diagnosis | undefined {
  const isNew = (line: string) => !said.includes(line);
  return (
    diagnosis && {
      ...diagnosis,
      sections: diagnosis.sections.map(({ title, lines }) => ({ title, lines: lines.filter(isNew) })),
    }
  );
}

/** The diagnosis in one screen: a title and a few lines per section, then what to do next. */
export function diagnosisLines(diagnosis: Diagnosis | undefined, paint: Paint): readonly string[] {
  if (diagnosis === undefined) return [];
  const sections = diagnosis.sections
    .filter((section) => section.lines.length > 0)
    .flatMap(({ title, lines }) => {
      const body = firstOf(lines, SECTION_LINES).map((line) => safeText(line, 300));
      return [paint('bold', safeText(title)), ...indent(body, '  ')];
    });
  const hints = diagnosis.hints.map((hint) => `Next: ${safeText(hint)}`);
  return [...firstOf(sections, SCREEN_LINES), ...hints];
}

function firstOf(lines: readonly string[], limit: number): readonly string[] {
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit - 1), `… and ${lines.length - limit + 1} more lines`];
}
