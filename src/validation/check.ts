import { LIMITS } from '../manifests/limits.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { checkFile } from './check-file.ts';
import { fileNames } from './classify.ts';
import { compareFindings, type Finding } from './finding.ts';
import { readFileGraph } from './read-file-graph.ts';
import type { CheckOptions, CheckReport, SkippedDocument, UnreadFile } from './report.ts';
import { limit } from './rules/yaml-limit.ts';
import type { Schemas } from './schemas.ts';

export { compareReports } from './compare-reports.ts';
export type { CheckOptions, CheckReport };

/**
 * Checks manifests. All that is given is looked at together: kustomizations among the files say which others are patches.
 * Every document ends as checked or as skipped with a reason.
 */
export function check(files: readonly SourceFile[], schemas: Schemas, options: CheckOptions): CheckReport {
  const reader = createYamlReader(LIMITS.depth);
  const names = fileNames(files.map((file) => file.path));
  const graph = readFileGraph(files, reader);
  const meant = options.only === undefined ? files : files.filter(({ path }) => options.only?.(path));
  const reports = meant.map((file) =>
    checkFile(file, { reader, names, graph, schemas, missingSchema: options.missingSchema }),
  );
  const unread = options.unread ?? [];
  const findings = [...reports.flatMap((report) => report.findings), ...unread.flatMap(overLimit)];
  return {
    findings: findings
      .filter((finding) => !isDisabled(finding, options))
      .map((finding) => eased(finding, options))
      .sort(compareFindings),
    files: meant.length + unread.length,
    documents: reports.reduce((sum, report) => sum + report.documents, unread.filter((file) => file.overLimit).length),
    skipped: [...reports.flatMap((report) => report.skipped), ...unread.flatMap(skippedFile)],
  };
}

const LOOSENED: ReadonlySet<string> = new Set(['schema/unknown-field', 'yaml/duplicate-key']);

function eased(finding: Finding, options: CheckOptions): Finding {
  return options.strict || !LOOSENED.has(finding.ruleId) ? finding : { ...finding, severity: 'warning' };
}

function isDisabled(finding: Finding, options: CheckOptions): boolean {
  const group = finding.ruleId.slice(0, finding.ruleId.indexOf('/'));
  return options.disableRules.some((name) => name === finding.ruleId || name === group || name === `${group}/*`);
}

function overLimit(file: UnreadFile): readonly Finding[] {
  if (!file.overLimit) return [];
  return [{ ruleId: limit.id, severity: limit.severity, path: file.path, line: 1, column: 1, message: file.reason }];
}

function skippedFile({ path, reason, overLimit: isFinding }: UnreadFile): readonly SkippedDocument[] {
  return isFinding ? [] : [{ path, document: 1, line: 1, reason }];
}
