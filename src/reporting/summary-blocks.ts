import type { Edit } from '../editing/edit.ts';
import type { ToolError } from '../errors.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
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

/** Where commits and files can be looked at, where the forge has pages. */
export interface ForgeLinks {
  commit(revision: string): string;
  file(path: string, revision: string, line?: number): string;
}

export const SIGN: Readonly<Record<Mood, string>> = { good: '✅', bad: '❌', warn: '⚠️', busy: '⏳' };
export const SEVERITY_SIGN: Readonly<Record<Severity, string>> = { error: '❌', warning: '⚠️', info: 'ℹ️' };

/** What the run came to, and what else is to be known of it. */
export function headlineBlock(command: string, outcome: Outcome): Block {
  const title = `## ${SIGN[resultMood(outcome.result)]} ${safeMarkdown(`drawbridge ${command}`)}`;
  const notes = [...outcome.notes.map((note) => `- ${safeMarkdown(note)}`), ...requestNote(outcome.outputs)];
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

/** A table of what was waited for. */
export function targetBlocks(targets: readonly TargetOutcome[], links: ForgeLinks | undefined): readonly Block[] {
  if (targets.length === 0) return [];
  const rows = targets.map((outcome) => {
    const { target, verdict, seconds } = outcome;
    const result = `${SIGN[verdictMood(verdict.kind)]} ${outcomeWords(verdict)}`;
    return row([
      codeSpan(target.name),
      result,
      verdict.phase,
      commitLink(revisionOf(outcome), links),
      `${Math.round(seconds)}`,
    ]);
  });
  return [{ head: tableHead('Targets', ['Target', 'Result', 'Phase', 'Revision', 'Seconds'], [4]), rows }];
}

/** Why a target did not land, in its engine's own words. */
export function diagnosisBlocks({ target, verdict, diagnosis }: TargetOutcome): readonly Block[] {
  if (verdict.kind === 'landed') return [];
  const lines = [...verdict.reasons, ...diagnosisLines(diagnosis, createPaint(false))];
  const title = `### Why ${codeSpan(target.name)} ${verdictClause(verdict.kind)}`;
  return lines.length === 0 ? [] : [{ head: ['', title, '', codeFence(lines.join('\n'), 'text')] }];
}

/** A table of what was written. */
export function editBlocks({ edits, outputs }: Outcome, links: ForgeLinks | undefined): readonly Block[] {
  if (edits.length === 0) return [];
  const revision = outputs.revision || outputs['head-revision'] || '';
  const rows = edits.map((edit) => {
    const [before, after] = editValues(edit);
    return row([editPlace(edit, revision, links), codeSpan(shortDigests(before)), codeSpan(shortDigests(after))]);
  });
  return [{ head: tableHead('Changed images', ['Place', 'Old', 'New']), rows }];
}

function editPlace({ path, line }: Edit, revision: string, links: ForgeLinks | undefined): string {
  const label = codeSpan(`${path}:${line}`);
  return links === undefined || revision === '' ? label : link(label, links.file(path, revision, line));
}

function commitLink(revision: string, links: ForgeLinks | undefined): string {
  const label = codeSpan(shortRevision(revision));
  const isCommit = /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision);
  return links === undefined || !isCommit ? label : link(label, links.commit(revision));
}
