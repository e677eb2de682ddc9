import { ToolError } from '../errors.ts';
import { pathFilter } from '../manifests/path-filter.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { type CheckOptions, type CheckReport, check, compareReports } from '../validation/check.ts';
import type { Finding } from '../validation/finding.ts';
import { CONFIGURATION_FILE, readConfiguration } from '../validation/read-configuration.ts';
import type { Schemas } from '../validation/schemas.ts';
import type { Gate } from './bumping.ts';
import { type CheckingInputs, checkOptions, countsOf, isFailure } from './checking.ts';

/** Checks the files that a bump edits before and after: what it brings in stops it, what was there before is told. */
export interface Gatekeeper extends Gate {
  /** True once the gate has kept a change out. */
  readonly stopped: boolean;
  /** New ones as they are, older errors as warnings. */
  findings(): readonly Finding[];
  /** The outputs of `validate`. */
  outputs(): Readonly<Record<string, string>>;
}

export interface GateInputs extends CheckingInputs {
  readonly failOn: 'error' | 'warning';
  readonly ignore: readonly string[];
}

/** `evaluation` is what evaluates rules and policies in CEL, and the policies beside those in the repository. */
export function createGate(
  schemas: Schemas,
  inputs: GateInputs,
  evaluation: Pick<CheckOptions, 'cel' | 'policies'> = {},
): Gatekeeper {
  let stopped = false;
  let findings: readonly Finding[] = [];
  let report: CheckReport | undefined;
  const isIgnored = inputs.ignore.length === 0 ? () => false : pathFilter(inputs.ignore);
  return {
    wants: (path) => path === CONFIGURATION_FILE,
    check(planned, snapshot) {
      const edited = new Map(planned.files.map((file) => [file.path, file]));
      const options = {
        ...checkOptions(inputs),
        ...evaluation,
        ignore: ignoredBy(snapshot.files),
        only: (path: string) => edited.has(path) && !isIgnored(path),
      };
      const before = check(snapshot.files, schemas, options);
      const files = snapshot.files.map((file) => edited.get(file.path) ?? file);
      report = check(files, schemas, options);
      const added = new Set(compareReports(before, report));
      findings = report.findings.map((finding) => (added.has(finding) ? finding : asOld(finding)));
      stopped = isFailure([...added], inputs.failOn);
      return !stopped;
    },
    get stopped() {
      return stopped;
    },
    findings: () => findings,
    sections: () => (report === undefined ? [] : [sectionOf(countsOf({ ...report, findings }))]),
    outputs: () => (report === undefined ? {} : countsOf({ ...report, findings })),
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
function sectionOf({ documents, errors, warnings, skipped }: Readonly<Record<string, string>>): string {
  return `Validation of the edited files, before and after: objects checked ${documents}, new errors ${errors}, warnings ${warnings}, skipped ${skipped}.`;
}
