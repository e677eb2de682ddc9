import { printResource } from '../manifests/resource.ts';
import { adviceOf, type Finding } from '../validation/finding.ts';
import { countSeverities, type Group, groupFindings, type SeverityCounts } from './count-findings.ts';
import { codeSpan, safeMarkdown } from './foreign-text.ts';
import { type Block, row, tableHead } from './markdown.ts';
import { SEVERITY_SIGN } from './summary-blocks.ts';

const COUNTS = [`${SEVERITY_SIGN.error} errors`, `${SEVERITY_SIGN.warning} warnings`, `${SEVERITY_SIGN.info} infos`];

/** How many findings each rule has, and all together. */
export function ruleTable(findings: readonly Finding[]): Block {
  const groups = groupFindings(findings, 'ruleId');
  const total = row(['**all rules**', ...countCells(countSeverities(findings))]);
  return { head: tableHead('Findings by rule', ['Rule', ...COUNTS], [1, 2, 3]), rows: [...rowsOf(groups), total] };
}

/** How many findings each file has, the worst file first; at most `limit` of them. */
export function fileTable(groups: readonly Group[], limit: number): Block {
  const rest = groups.slice(limit).flatMap(({ findings }) => findings);
  const more =
    groups.length > limit ? [row([`… and ${groups.length - limit} more`, ...countCells(countSeverities(rest))])] : [];
  return {
    head: tableHead('Findings by file', ['File', ...COUNTS], [1, 2, 3]),
    rows: [...rowsOf(groups.slice(0, limit)), ...more],
  };
}

function rowsOf(groups: readonly Group[]): readonly string[] {
  return groups.map(({ name, counts }) => row([codeSpan(name), ...countCells(counts)]));
}

function countCells({ error, warning, info }: SeverityCounts): readonly string[] {
  return [error, warning, info].map((count) => (count === 0 ? '' : String(count)));
}

/** One finding as the cells of a table row: severity, place, object, words, rule. */
export function findingCells(finding: Finding, place: string, limit?: number): readonly string[] {
  const { severity, resource, message, ruleId } = finding;
  const hint = adviceOf(finding);
  return [
    `${SEVERITY_SIGN[severity]} ${severity}`,
    codeSpan(place),
    resource === undefined ? '' : safeMarkdown(printResource(resource), limit),
    safeMarkdown(hint === undefined ? message : `${message} ${hint}`, limit),
    codeSpan(ruleId),
  ];
}
