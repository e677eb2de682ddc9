import { ToolError } from '../errors.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { discover } from '../manifests/discover.ts';
import { withPauses } from '../manifests/pauses.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { type CheckOptions, type CheckReport, checkInSteps } from '../validation/check.ts';
import { loadCel } from '../validation/load-cel.ts';
import { checkLocations, withMoreSchemas } from '../validation/schema-prepare.ts';
import { loadSchemas } from '../validation/schemas.ts';
import {
  checkedOf,
  checkOptions,
  checkRuleNames,
  countsOf,
  isFailure,
  skippedNotes,
  suppressedNotes,
} from './checking.ts';
import type { CommandContext } from './context.ts';
import { readCrds } from './crds.ts';
import { gathered } from './gathered.ts';
import { lookUp } from './look-up.ts';
import { readPolicies } from './policies.ts';
import { isRendering, judgeRendering } from './rendering.ts';
import { readSurroundings, writeBaseline } from './surroundings.ts';
import { count } from './words.ts';

/**
 * Checks manifests on this machine: no token, no network but for `schema-locations` that are URLs, and no other program but
 * git, with `changed-since`, and kustomize and Helm, with `render`.
 * @throws ToolError missing (a path that does not exist; no Kubernetes object at all; a program that `render` names), input
 * (unknown version or rule, a configuration or a baseline that cannot be used), io. What is known before the first file is
 * checked is told at once.
 */
export async function validate(
  inputs: InputValues<'validate'>,
  { host }: Pick<CommandContext, 'host'>,
): Promise<Outcome> {
  const { schemaLocations: locations } = inputs;
  const [bundled, , , found, crds, policies, surroundings] = await gathered(
    ['kubernetes-version', () => loadSchemas(host, versionsOf(inputs.kubernetesVersion))],
    ['', () => checkRuleNames(inputs)],
    ['schema-locations', () => checkLocations(host, locations)],
    ['', () => discover(host, inputs.paths, { ignore: inputs.ignore })],
    ['crds', () => readCrds(host, inputs.crds)],
    ['policies', () => readPolicies(host, inputs.policies)],
    ['', () => readSurroundings(host, inputs)],
  );
  const schemas = await withMoreSchemas(host, bundled, { crds, locations, files: found.files });
  const options: CheckOptions = { ...checkOptions(inputs), ...surroundings, ...policies, unread: found.unread };
  const checking = await withPauses(host, checkInSteps(found.files, schemas, options));
  const cel = checking.wantsCel || isRendering(inputs) ? { cel: await loadCel() } : {};
  const rendering = isRendering(inputs)
    ? await judgeRendering(host, inputs, found.files, schemas, { ...options, ...cel })
    : undefined;
  const report = checking.finish(await lookUp(host, checking.asked), rendering?.findings, cel.cel);
  const mayBeEmpty = inputs.allowEmpty || inputs.changedSince !== undefined;
  if (isEmpty(report) && !mayBeEmpty) throw nothingToCheck(inputs.paths, report);
  const { writeBaseline: path } = inputs;
  const outcome =
    path === undefined || inputs.dryRun
      ? outcomeOf(report, inputs, schemas.versions)
      : baselined(report, await writeBaseline(host, path, report), inputs, schemas.versions);
  return { ...outcome, notes: [...(rendering?.notes ?? []), ...outcome.notes] };
}

/** What was just written down is known from now on. */
function baselined(
  report: CheckReport,
  note: string,
  inputs: InputValues<'validate'>,
  versions: readonly string[],
): Outcome {
  const written = new Set(report.baseline);
  const rest = { ...report, findings: report.findings.filter((finding) => !written.has(finding)) };
  const outcome = outcomeOf(rest, inputs, versions);
  return { ...outcome, notes: [note, ...outcome.notes] };
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
    checked: checkedOf(report),
    edits: [],
    targets: [],
    headline: headlineOf(report, versions),
    notes: [...suppressedNotes(report), ...skippedNotes(report)],
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
