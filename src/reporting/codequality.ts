import { ToolError } from '../errors.ts';
import { adviceOf, type Severity } from '../validation/finding.ts';
import { safeText } from './foreign-text.ts';
import { printJson } from './json.ts';
import { type Located, locate } from './located.ts';
import type { ReportInput } from './registry.ts';

/** info, minor, major, critical or blocker. */
const SEVERITY = { error: 'critical', warning: 'minor', info: 'info' } as const satisfies Record<Severity, string>;

/**
 * GitLab's Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format): one list.
 * GitLab keeps one issue per fingerprint and compares them between two branches
 * (lib/gitlab/ci/reports/codequality_reports.rb in GitLab). A run that could not check is
 * an issue of its own, since an empty list would say that every older issue is solved.
 */
export function renderCodeQuality({ command, outcome, directory = '' }: ReportInput): string {
  const issues =
    outcome instanceof ToolError
      ? [errorIssue(command, outcome, directory)]
      : locate(outcome.findings, directory).map(issueOf);
  return printJson(issues);
}

function issueOf({ finding, path, fingerprint }: Located): object {
  const { ruleId, severity, message, line } = finding;
  const hint = adviceOf(finding);
  return {
    description: safeText(hint === undefined ? message : `${message} ${hint}`),
    check_name: safeText(ruleId),
    fingerprint,
    severity: SEVERITY[severity],
    location: { path, lines: { begin: line } },
  };
}

function errorIssue(command: string, error: ToolError, directory: string): object {
  return {
    description: safeText(
      [`drawbridge ${command} did not come to a result: ${error.message}`, ...error.problems].join(' '),
    ),
    check_name: `drawbridge/${error.code}`,
    fingerprint: `drawbridge-${command}-${error.code}`,
    severity: 'blocker',
    location: { path: directory === '' ? '.' : directory, lines: { begin: 1 } },
  };
}
