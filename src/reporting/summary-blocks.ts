import type { Edit } from '../editing/edit.ts';
import type { ToolError } from '../errors.ts';
import type { Outcome, Pages, Table, TargetOutcome } from '../outcome.ts';
import type { Severity } from '../validation/finding.ts';
import { codeFence, codeSpan, safeMarkdown } from './foreign-text.ts';
import { type Block, link, row, tableHead } from './markdown.ts';
import { createPaint } from './paint.ts';
import { diagnosisLines } from './text-rollout.ts';
import {
  editValues,
  type Mood,
  outcomeWords,
  resultMood,
  revisionOf,
  shortDigests,
  shortRevision,
  verdictClause,
  verdictMood,
} from './words.ts';
import { worstFirst } from './worst-first.ts';

export const SIGN: Readonly<Record<Mood, string>> = { good: '✅', bad: '❌', warn: '⚠️', busy: '⏳' };
export const SEVERITY_SIGN: Readonly<Record<Severity, string>> = { error: '❌', warning: '⚠️', info: 'ℹ️' };

/** What the run came to, and what else is to be known of it. */
export function headlineBlock(command: string, outcome: Outcome): Block {
  const title = `## ${SIGN[resultMood(outcome.result)]} ${safeMarkdown(`drawbridge ${command}`)}`;
  const notes = [
    ...outcome.notes.map((note) => `- ${safeMarkdown(note)}`),
    ...requestNote(outcome.outputs),
    ...commitNote(outcome),
  ];
  return { head: [title, '', `**${safeMarkdown(outcome.headline)}**`, ...(notes.length > 0 ? [''] : [])], rows: notes };
}

/** An error, every single problem, and what to do next. */
export function errorBlocks(command: string, { message, problems, hint }: ToolError): readonly Block[] {
  const title = `## ❌ ${safeMarkdown(`drawbridge ${command}`)}`;
  const list = problems.map((problem) => `- ${safeMarkdown(problem)}`);
  return [
    { head: [title, '', safeMarkdown(message)] },
    ...(list.length === 0 ? [] : [{ head: [''], rows: list }]),
    ...(hint === undefined ? [] : [{ head: ['', `**Next:** ${safeMarkdown(hint)}`] }]),
  ];
}

/** The pull or merge request that the run opened or found. */
function requestNote(outputs: Outcome['outputs']): readonly string[] {
  const address = outputs['pull-request-url'] ?? '';
  return address === ''
    ? []
    : [`- ${link(`Request ${safeMarkdown(outputs['pull-request-number'] ?? '')}`.trim(), address)}`];
}

/** The commit that brought the values to the base branch, where it has a page. */
function commitNote({ edits, outputs, pages }: Outcome): readonly string[] {
  const { revision = '', changed } = outputs;
  const isNew = edits.length > 0 && changed !== 'false' && pages?.commits[revision] !== undefined;
  return isNew ? [`- Commit ${commitLink(revision, pages)}`] : [];
}

/** Rows of the table of targets; above that the worst of them. */
const SUMMARY_TARGETS = 200;

/** A table of what was waited for. */
export function targetBlocks({ targets, pages }: Outcome): readonly Block[] {
  if (targets.length === 0) return [];
  const { shown, rest } = worstFirst(targets, SUMMARY_TARGETS);
  const rows = shown.map((outcome) => {
    const { target, verdict, seconds } = outcome;
    const result = `${SIGN[verdictMood(verdict.kind)]} ${outcomeWords(verdict)}`;
    return row([
      codeSpan(target.name),
      result,
      verdict.phase,
      commitLink(revisionOf(outcome), pages),
      `${Math.round(seconds)}`,
    ]);
  });
  const table = { head: tableHead('Targets', ['Target', 'Result', 'Phase', 'Revision', 'Seconds'], [4]), rows };
  return rest === '' ? [table] : [table, { head: ['', `… ${safeMarkdown(rest)}`] }];
}

/** Why a target did not land, in its engine's own words. */
export function diagnosisBlocks({ target, verdict, diagnosis }: TargetOutcome): readonly Block[] {
  if (verdict.kind === 'landed') return [];
  const lines = [...verdict.reasons, ...diagnosisLines(diagnosis, createPaint(false))];
  const title = `### Why ${codeSpan(target.name)} ${verdictClause(verdict.kind)}`;
  return lines.length === 0 ? [] : [{ head: ['', title, '', codeFence(lines.join('\n'), 'text')] }];
}

/** A table of what was written. */
export function editBlocks({ edits, pages }: Outcome): readonly Block[] {
  if (edits.length === 0) return [];
  const rows = edits.map((edit) => {
    const [before, after] = editValues(edit);
    return row([editPlace(edit, pages), codeSpan(shortDigests(before)), codeSpan(shortDigests(after))]);
  });
  return [{ head: tableHead('Changed images', ['Place', 'Old', 'New']), rows }];
}

/** What a command shows beside them. Addresses in it are foreign, and stay text. */
export function tableBlocks(tables: readonly Table[], pages: Pages | undefined): readonly Block[] {
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, columns, rows, revisions = [] }) => ({
      head: tableHead(safeMarkdown(title), columns.map(columnName)),
      rows: rows.map((cells) => row(columns.map((_, index) => tableCell(cells[index] ?? '', revisions, pages)))),
    }));
}

function columnName(name: string): string {
  return safeMarkdown(name.slice(0, 1) + name.slice(1).toLowerCase());
}

function tableCell(text: string, revisions: readonly string[], pages: Pages | undefined): string {
  const full = /^[0-9a-f]{7,40}$/.test(text) ? revisions.find((revision) => revision.startsWith(text)) : undefined;
  return full === undefined ? codeSpan(shortDigests(text)) : commitLink(full, pages);
}

function editPlace({ path, line }: Edit, pages: Pages | undefined): string {
  const place = `${path}:${line}`;
  return linked(codeSpan(place), pages?.places, place);
}

function commitLink(revision: string, pages: Pages | undefined): string {
  return linked(codeSpan(shortRevision(revision)), pages?.commits, revision);
}

function linked(label: string, addresses: Readonly<Record<string, string>> | undefined, key: string): string {
  return addresses !== undefined && Object.hasOwn(addresses, key) ? link(label, addresses[key] ?? '') : label;
}
