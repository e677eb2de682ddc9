import type { ToolError } from '../errors.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import type { Finding } from '../validation/finding.ts';
import { MANY_FINDINGS, mostSevereFirst } from './count-findings.ts';
import { differenceBlocks } from './differences.ts';
import { findingCells, ruleTable } from './finding-tables.ts';
import { type Block, fitBlocks, row, tableHead } from './markdown.ts';
import { rolloutChart } from './mermaid.ts';
import {
  diagnosisBlocks,
  editBlocks,
  errorBlocks,
  headlineBlock,
  tableBlocks,
  targetBlocks,
} from './summary-blocks.ts';

/** Above 1 MiB per step GitHub drops the whole summary; a little is left for what others add. */
const SIZE_LIMIT = 1024 * 1024 - 16 * 1024;

const NOTE =
  '\n_More is left out here: GitHub takes no longer summary. The log and the report files hold all of it._\n';

export interface SummaryOptions {
  /** Bytes. */
  readonly limit?: number;
}

/** The job summary, in the Markdown of GitHub (GitLab shows it as well): always under the size that GitHub accepts. */
export function renderSummary(command: string, outcome: Outcome, { limit }: SummaryOptions = {}): string {
  const blocks = [
    headlineBlock(command, outcome),
    ...targetBlocks(outcome),
    ...outcome.targets.flatMap(diagnosisBlocks),
    ...chartBlocks(outcome.targets),
    ...editBlocks(outcome),
    ...tableBlocks(outcome.tables ?? [], outcome.pages),
    ...differenceBlocks(outcome.differences ?? []),
    ...findingBlocks(outcome.findings),
  ];
  return fitBlocks(blocks, limit ?? SIZE_LIMIT, NOTE);
}

/** The job summary of a run that ended with an error. */
export function renderErrorSummary(command: string, error: ToolError): string {
  return fitBlocks(errorBlocks(command, error), SIZE_LIMIT, NOTE);
}

function chartBlocks(targets: readonly TargetOutcome[]): readonly Block[] {
  const chart = rolloutChart(targets);
  return chart === undefined ? [] : [{ head: ['', '### Rollout', '', '```mermaid', chart, '```'] }];
}

/** Where they are many, the most severe come first: what does not fit is the least severe. */
function findingBlocks(findings: readonly Finding[]): readonly Block[] {
  if (findings.length === 0) return [];
  const head = tableHead('Findings', ['', 'Place', 'Object', 'Message', 'Rule']);
  const table = { head, rows: findingRows(findings) };
  return findings.length > MANY_FINDINGS ? [ruleTable(findings), table] : [table];
}

function* findingRows(findings: readonly Finding[]): Generator<string> {
  for (const finding of mostSevereFirst(findings)) yield row(findingCells(finding, placeOf(finding)));
}

function placeOf({ path, line, column }: Finding): string {
  return `${path}:${line}:${column}`;
}
