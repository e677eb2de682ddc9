import type { Edit } from '../editing/edit.ts';
import type { ToolError } from '../errors.ts';
import { printResource } from '../manifests/resource.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import { compareFindings, type Finding, type Severity } from '../validation/finding.ts';
import { codeFence, codeSpan, safeMarkdown } from './foreign-text.ts';
import { rolloutChart } from './mermaid.ts';
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

/** Above 1 MiB per step GitHub drops the whole summary; a little is left for what others add. */
const SIZE_LIMIT = 1024 * 1024 - 16 * 1024;

export interface SummaryOptions {
  /** Where commits and files can be looked at, where the forge has pages. */
  readonly links?: {
    commit(revision: string): string;
    file(path: string, revision: string, line?: number): string;
  };
  /** Bytes. */
  readonly limit?: number;
}

/** A part that stays whole, and rows after it of which the last may be left out. */
interface Block {
  readonly head: readonly string[];
  readonly rows?: readonly string[];
}

const SIGN: Readonly<Record<Mood, string>> = { good: '✅', bad: '❌', warn: '⚠️', busy: '⏳' };
const SEVERITY_SIGN: Readonly<Record<Severity, string>> = { error: '❌', warning: '⚠️', info: 'ℹ️' };

/** The job summary, in the Markdown of GitHub (GitLab shows it as well): always under the size that GitHub accepts. */
export function renderSummary(command: string, outcome: Outcome, options: SummaryOptions = {}): string {
  const blocks = [
    headlineBlock(command, outcome),
    ...targetBlocks(outcome.targets, options),
    ...outcome.targets.flatMap(diagnosisBlocks),
    ...chartBlocks(outcome.targets),
    ...editBlocks(outcome, options),
    ...findingBlocks(outcome.findings),
  ];
  return fitBlocks(blocks, options.limit ?? SIZE_LIMIT);
}

/** The job summary of a run that ended with an error. */
export function renderErrorSummary(command: string, error: ToolError): string {
  const problems = error.problems.map((problem) => `- ${safeMarkdown(problem)}`);
  const next = error.hint === undefined ? [] : ['', `**Next:** ${safeMarkdown(error.hint)}`];
  return fitBlocks(
    [
      { head: [`## ❌ ${safeMarkdown(`drawbridge ${command}`)}`, '', safeMarkdown(error.message)] },
      ...(problems.length === 0 ? [] : [{ head: [''], rows: problems }]),
      { head: next },
    ],
    SIZE_LIMIT,
  );
}

function headlineBlock(command: string, outcome: Outcome): Block {
  const title = `## ${SIGN[resultMood(outcome.result)]} ${safeMarkdown(`drawbridge ${command}`)}`;
  const notes = [...outcome.notes.map((note) => `- ${safeMarkdown(note)}`), ...requestNote(outcome.outputs)];
  return { head: [title, '', `**${safeMarkdown(outcome.headline)}**`, ...(notes.length > 0 ? [''] : [])], rows: notes };
}

/** The pull or merge request that the run opened or found. */
function requestNote(outputs: Outcome['outputs']): readonly string[] {
  const address = outputs['pull-request-url'] ?? '';
  return address === ''
    ? []
    : [`- ${link(`Request ${safeMarkdown(outputs['pull-request-number'] ?? '')}`.trim(), address)}`];
}

function targetBlocks(targets: readonly TargetOutcome[], options: SummaryOptions): readonly Block[] {
  if (targets.length === 0) return [];
  const rows = targets.map((outcome) => {
    const { target, verdict, seconds } = outcome;
    const result = `${SIGN[verdictMood(verdict.kind)]} ${outcomeWords(verdict)}`;
    return row([
      codeSpan(target.name),
      result,
      verdict.phase,
      commitLink(revisionOf(outcome), options),
      `${Math.round(seconds)}`,
    ]);
  });
  return [{ head: tableHead('Targets', ['Target', 'Result', 'Phase', 'Revision', 'Seconds'], [4]), rows }];
}

/** Why a target did not land, in its engine's own words. */
function diagnosisBlocks({ target, verdict, diagnosis }: TargetOutcome): readonly Block[] {
  if (verdict.kind === 'landed') return [];
  const lines = [...verdict.reasons, ...diagnosisLines(diagnosis, createPaint(false))];
  const title = `### Why ${codeSpan(target.name)} ${verdictClause(verdict.kind)}`;
  return lines.length === 0 ? [] : [{ head: ['', title, '', codeFence(lines.join('\n'), 'text')] }];
}

function chartBlocks(targets: readonly TargetOutcome[]): readonly Block[] {
  const chart = rolloutChart(targets);
  return chart === undefined ? [] : [{ head: ['', '### Rollout', '', '```mermaid', chart, '```'] }];
}

function editBlocks({ edits, outputs }: Outcome, options: SummaryOptions): readonly Block[] {
  if (edits.length === 0) return [];
  const revision = outputs.revision || outputs['head-revision'] || '';
  const rows = edits.map((edit) => {
    const [before, after] = editValues(edit);
    return row([editPlace(edit, revision, options), codeSpan(shortDigests(before)), codeSpan(shortDigests(after))]);
  });
  return [{ head: tableHead('Changed images', ['Place', 'Old', 'New']), rows }];
}

function editPlace({ path, line }: Edit, revision: string, { links }: SummaryOptions): string {
  const label = codeSpan(`${path}:${line}`);
  return links === undefined || revision === '' ? label : link(label, links.file(path, revision, line));
}

function findingBlocks(findings: readonly Finding[]): readonly Block[] {
  if (findings.length === 0) return [];
  const head = tableHead('Findings', ['', 'Place', 'Object', 'Message', 'Rule']);
  return [{ head, rows: [...findings].sort(compareFindings).map(findingRow) }];
}

function findingRow({ severity, path, line, column, resource, message, hint, ruleId }: Finding): string {
  const object = resource === undefined ? '' : safeMarkdown(printResource(resource));
  const words = safeMarkdown(hint === undefined ? message : `${message} ${hint}`);
  return row([
    `${SEVERITY_SIGN[severity]} ${severity}`,
    codeSpan(`${path}:${line}:${column}`),
    object,
    words,
    codeSpan(ruleId),
  ]);
}

function tableHead(title: string, names: readonly string[], rightAligned: readonly number[] = []): readonly string[] {
  const rule = names.map((_, index) => (rightAligned.includes(index) ? '---:' : '---'));
  return ['', `### ${title}`, '', row(names), row(rule)];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function commitLink(revision: string, { links }: SummaryOptions): string {
  const label = codeSpan(shortRevision(revision));
  const isCommit = /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision);
  return links === undefined || !isCommit ? label : link(label, links.commit(revision));
}

/** Only web addresses become links, in a form that can end neither the link nor the table cell. */
function link(label: string, address: string): string {
  if (!URL.canParse(address) || !/^https?:\/\//i.test(address)) return label;
  const target = new URL(address).href.replace(
    /[()<>|`\\[\]]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `[${label}](${target})`;
}

/** Blocks in order while there is room; the first that does not fit gives up rows, or itself, and a note says so. */
function fitBlocks(blocks: readonly Block[], limit: number): string {
  const note =
    '\n_More is left out here: GitHub takes no longer summary. The log and the report files hold all of it._\n';
  const parts = blocks.flatMap(({ head, rows = [] }) => [head.join('\n'), ...rows]).map((part) => `${part}\n`);
  let size = Buffer.byteLength(note);
  const end = parts.findIndex((part) => {
    size += Buffer.byteLength(part);
    return size > limit;
  });
  return end < 0 ? parts.join('') : parts.slice(0, end).join('') + note;
}
