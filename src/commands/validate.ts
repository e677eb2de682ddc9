import { ToolError } from '../errors.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { discover } from '../manifests/discover.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { type CheckReport, check } from '../validation/check.ts';
import { loadSchemas } from '../validation/schemas.ts';
import { checkOptions, countsOf, isFailure, skippedNotes } from './checking.ts';
import type { CommandContext } from './context.ts';
import { count } from './words.ts';

/**
 * Checks manifests on this machine: no token, no network, no other program.
 * @throws ToolError missing (a path that does not exist; no Kubernetes object at all), input (unknown version), io
 */
export async function validate(inputs: InputValues<'validate'>, { host }: CommandContext): Promise<Outcome> {
  const schemas = await loadSchemas(host, versionsOf(inputs.kubernetesVersion));
  const found = await discover(host, inputs.paths, { ignore: inputs.ignore });
  const report = check(found.files, schemas, { ...checkOptions(inputs), unread: found.unread });
  if (isEmpty(report) && !inputs.allowEmpty) throw nothingToCheck(inputs.paths, report);
  return outcomeOf(report, inputs, schemas.versions);
}

/** No Kubernetes object at all; one that no schema is known of is one. */
function isEmpty({ documents, findings, skipped }: CheckReport): boolean {
  return documents === 0 && findings.length === 0 && !skipped.some(({ reason }) => reason === 'no schema');
}

export function versionsOf(version: string | undefined): readonly string[] | undefined {
  return version === undefined ? undefined : [version];
}

function outcomeOf(report: CheckReport, inputs: InputValues<'validate'>, versions: readonly string[]): Outcome {
  const failed = isFailure(report.findings, inputs.failOn);
  return {
    result: failed ? 'failed' : 'ok',
    exitCode: failed ? EXIT_CODE.failed : EXIT_CODE.ok,
    outputs: countsOf(report),
    findings: report.findings,
    edits: [],
    targets: [],
    headline: headlineOf(report, versions),
    notes: skippedNotes(report),
  };
}

function headlineOf({ documents, files, findings }: CheckReport, versions: readonly string[]): string {
  const checked = `${count(documents, 'object')} in ${count(files, 'file')} checked against Kubernetes ${versions.join(', ')}`;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  if (errors + warnings === 0) return `${checked}: nothing to complain about`;
  return `${checked}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

function nothingToCheck(paths: readonly string[], report: CheckReport): ToolError {
  return new ToolError('missing', `There is no Kubernetes object in ${paths.join(', ')}`, {
    problems: [`${count(report.files, 'file')} looked at`, ...skippedNotes(report)],
    hint: 'Check the paths, or that rendering gave output; allow-empty: true accepts this.',
  });
}
