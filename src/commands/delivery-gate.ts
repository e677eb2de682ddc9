import { ToolError } from '../errors.ts';
import type { Section } from '../forges/request-types.ts';
import { pathFilter } from '../manifests/path-filter.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import type { Outcome } from '../outcome.ts';
import { type CheckOptions, type CheckReport, compareReports, startCheck } from '../validation/check.ts';
import type { Finding } from '../validation/finding.ts';
import { CONFIGURATION_FILE, readConfiguration } from '../validation/read-configuration.ts';
import type { RenderedFindings } from '../validation/report.ts';
import type { Schemas } from '../validation/schemas.ts';
import type { Gate } from './bumping.ts';
import { type CheckingInputs, checkOptions, countsOf, isFailure } from './checking.ts';
import type { JudgeChange, JudgedChange } from './judged-change.ts';

/**
 * Checks the files that a bump edits, and what they render to where that is asked for, before and after: what it brings in
 * stops it, what was there before is told.
 */
export interface Gatekeeper extends Gate {
  /** True once the gate has kept a change out. */
  readonly stopped: boolean;
  /** New ones as they are, older errors as warnings. */
  findings(): readonly Finding[];
  /** The outputs of `validate`. */
  outputs(): Readonly<Record<string, string>>;
  /** What differs in what the files render to, and what was rendered. */
  shown(): Pick<Outcome, 'differences' | 'notes'>;
}

export interface GateInputs extends CheckingInputs {
  readonly failOn: 'error' | 'warning';
  readonly ignore: readonly string[];
}

/**
 * @param evaluation what evaluates rules and policies in CEL, and the policies beside those in the repository
 * @param judge looks at what the files render to; by default nothing is rendered
 */
export function createGate(
  schemas: Schemas,
  inputs: GateInputs,
  evaluation: Pick<CheckOptions, 'cel' | 'policies'> = {},
  judge?: JudgeChange,
): Gatekeeper {
  let stopped = false;
  let findings: readonly Finding[] = [];
  let report: CheckReport | undefined;
  let judged: JudgedChange | undefined;
  const isIgnored = inputs.ignore.length === 0 ? () => false : pathFilter(inputs.ignore);
  return {
    wants: (path) => path === CONFIGURATION_FILE,
    async check(planned, snapshot, head) {
      const edited = new Map(planned.files.map((file) => [file.path, file]));
      const shared = { ...checkOptions(inputs), ...evaluation, ignore: ignoredBy(snapshot.files) };
      judged = await judge?.(head, planned.files, shared);
      const sources = sourcesOf(judged);
      const only = (path: string) => (edited.has(path) || sources.has(path)) && !isIgnored(path);
      const checked = (files: readonly SourceFile[], rendered: RenderedFindings | undefined) =>
        withoutOthers(startCheck(files, schemas, { ...shared, only }).finish(undefined, rendered), edited);
      const before = checked(snapshot.files, judged?.before);
      const files = snapshot.files.map((file) => edited.get(file.path) ?? file);
      report = checked(files, judged?.after);
      const added = new Set(compareReports(before, report));
      findings = report.findings.map((finding) => (added.has(finding) ? finding : asOld(finding)));
      stopped = isFailure([...added], inputs.failOn);
      return !stopped;
    },
    get stopped() {
      return stopped;
    },
    findings: () => findings,
    sections: () =>
      report === undefined ? [] : [sectionOf(countsOf({ ...report, findings }), judged), ...renderedSections(judged)],
    outputs: () => (report === undefined ? {} : countsOf({ ...report, findings })),
    shown: () => (judged === undefined ? { notes: [] } : { differences: judged.differences, notes: judged.notes }),
  };
}

/** The files that findings in rendered objects point at: they are read, since comments in them may ask for silence. */
function sourcesOf(judged: JudgedChange | undefined): ReadonlySet<string> {
  const findings = judged === undefined ? [] : [...judged.before.findings, ...judged.after.findings];
  return new Set(findings.map(({ path }) => path));
}

/** Of files that are not edited only what they are rendered to is told. */
function withoutOthers(report: CheckReport, edited: ReadonlyMap<string, unknown>): CheckReport {
  const isTold = ({ path }: { readonly path: string }) => edited.has(path);
  const objects = report.objects.filter(isTold);
  return {
    ...report,
    documents: report.documents - (report.objects.length - objects.length),
    objects,
    skipped: report.skipped.filter(isTold),
    findings: report.findings.filter((finding) => finding.unit !== undefined || isTold(finding)),
  };
}

/** What the configuration file of the config repository asks to leave out. @throws ToolError input */
function ignoredBy(files: readonly SourceFile[]): NonNullable<CheckOptions['ignore']> {
  const file = files.find(({ path }) => path === CONFIGURATION_FILE);
  const decoded = file === undefined ? undefined : decodeText(file.bytes);
  if (decoded === undefined) return [];
  if (!decoded.ok) throw new ToolError('input', `${CONFIGURATION_FILE}: ${decoded.problem}.`);
  return readConfiguration(CONFIGURATION_FILE, decoded.text).ignore;
}

function asOld(finding: Finding): Finding {
  return finding.severity === 'error'
    ? { ...finding, severity: 'warning', message: `${finding.message} (it was there before)` }
    : finding;
}

/** For the description of a request, which only a change without new errors gets. */
function sectionOf(
  { documents, errors, warnings, skipped }: Readonly<Record<string, string>>,
  judged: JudgedChange | undefined,
): string {
  const what = judged === undefined ? 'the edited files' : 'the edited files and of what they render to';
  return `Validation of ${what}, before and after: objects checked ${documents}, new errors ${errors}, warnings ${warnings}, skipped ${skipped}.`;
}

function renderedSections(judged: JudgedChange | undefined): readonly Section[] {
  return judged === undefined ? [] : [judged.section];
}
