import { ToolError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import { compareFindings, type Finding } from '../validation/finding.ts';
import { countWords, type Group, groupFindings, mostSevereFirst } from './count-findings.ts';
import { differenceBlocks } from './differences.ts';
import { fileTable, findingCells, ruleTable } from './finding-tables.ts';
import { safeText } from './foreign-text.ts';
import { locate } from './located.ts';
import { type Block, fitBlocks, row } from './markdown.ts';
import type { ReportInput } from './registry.ts';
import {
  diagnosisBlocks,
  editBlocks,
  errorBlocks,
  headlineBlock,
  tableBlocks,
  targetBlocks,
} from './summary-blocks.ts';

/** Bytes. GitHub takes 65,536 characters for a comment; some are left for what others put around it. */
const SIZE_LIMIT = 60_000;

/** What comes before the details may take this much of it. */
const OVERVIEW_LIMIT = 40_000;

/** Files that the index names, and characters of a finding's words. */
const INDEX_LIMIT = 100;
const WORDS_LIMIT = 300;

/** Findings that one file shows: the first of these numbers with which it fits. */
const PER_FILE = [50, 15, 4, 1];

/** No section is smaller, so that thousands of files are not tried in vain. */
const SMALLEST = 150;

/** Up to here findings need no index, and their details no click. */
const FEW_FINDINGS = 10;

const NOTE = '\n_More is left out here: a comment takes no more. The log and the other reports hold all of it._\n';

/**
 * The body of the one comment that a pull or merge request has of this command: totals, then an index of files, then the
 * findings of each file, folded. Its first line is `commentMarker`, by which the next run finds it again.
 */
export function renderComment({ command, outcome, directory = '' }: ReportInput): string {
  const marker = commentMarker(command, directory);
  if (outcome instanceof ToolError)
    return fitBlocks([{ head: [marker] }, ...errorBlocks(command, outcome)], SIZE_LIMIT, NOTE);
  const findings = locate(outcome.findings, directory).map(({ finding, path }) => ({ ...finding, path }));
  const groups = groupFindings(findings, 'path');
  const index = fitBlocks([{ head: [marker] }, ...overview(command, outcome, findings, groups)], OVERVIEW_LIMIT, NOTE);
  return index + details(groups, SIZE_LIMIT - Buffer.byteLength(index), findings.length <= FEW_FINDINGS);
}

/** An HTML comment, which nobody sees. One per command and directory, so that two jobs do not take turns with one comment. */
export function commentMarker(command: string, directory = ''): string {
  const place = directory === '' ? '' : ` ${encodeURIComponent(directory.toWellFormed()).replaceAll('%2F', '/')}`;
  return `<!-- drawbridge ${command}${place} -->`;
}

function overview(
  command: string,
  outcome: Outcome,
  findings: readonly Finding[],
  groups: readonly Group[],
): readonly Block[] {
  return [
    headlineBlock(command, outcome),
    ...targetBlocks(outcome),
    ...outcome.targets.flatMap(diagnosisBlocks),
    ...editBlocks(outcome),
    ...tableBlocks(outcome.tables ?? [], outcome.pages),
    ...differenceBlocks(outcome.differences ?? []),
    ...(findings.length > FEW_FINDINGS ? [ruleTable(findings), fileTable(groups, INDEX_LIMIT)] : []),
  ];
}

/** One folded section per file while there is room, then how much is left out. */
function details(groups: readonly Group[], room: number, open: boolean): string {
  let left = room - Buffer.byteLength(restNote(groups));
  const leftOut: Group[] = [];
  const sections = groups.map((group) => {
    const section = sectionThatFits(group, left, open);
    if (section === undefined) leftOut.push(group);
    left -= Buffer.byteLength(section ?? '');
    return section ?? '';
  });
  return sections.join('') + (leftOut.length === 0 ? '' : restNote(leftOut));
}

function sectionThatFits(group: Group, room: number, open: boolean): string | undefined {
  if (room < SMALLEST) return undefined;
  for (const rows of PER_FILE) {
    const section = fileSection(group, rows, open);
    if (Buffer.byteLength(section) <= room) return section;
  }
  return undefined;
}

function restNote(groups: readonly Group[]): string {
  const count = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  return `\n_${count} findings in ${groups.length} of these files do not fit into a comment; the log and the other reports hold them._\n`;
}

/** In a block of HTML there is no Markdown up to the empty line (https://spec.commonmark.org/0.31.2/#html-blocks). */
function fileSection({ name, findings, counts }: Group, rows: number, open: boolean): string {
  const more = findings.length - rows;
  const shown = more > 0 ? mostSevereFirst(findings).slice(0, rows).sort(compareFindings) : findings;
  const lines = [
    '',
    open ? '<details open>' : '<details>',
    `<summary>${htmlCode(name)}: ${countWords(counts)}</summary>`,
    '',
    row(['', 'Line', 'Object', 'Message', 'Rule']),
    row(['---', '---', '---', '---', '---']),
    ...shown.map((finding) => row(findingCells(finding, placeOf(finding), WORDS_LIMIT))),
    ...(more > 0 ? ['', `_… and ${more} more in this file._`] : []),
    '',
    '</details>',
    '',
  ];
  return lines.join('\n');
}

function placeOf({ line, column }: Finding): string {
  return `${line}:${column}`;
}

function htmlCode(text: string): string {
  const line = safeText(text, 200).replace(/[^\p{L}\p{N} ./-]/gu, (character) => `&#${character.codePointAt(0)};`);
  return `<code>${line}</code>`;
}
