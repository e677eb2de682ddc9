import { ToolError } from '../errors.ts';
import { printResource } from '../manifests/resource.ts';
import type { Outcome } from '../outcome.ts';
import { adviceOf, type Finding } from '../validation/finding.ts';
import { mostSevereFirst } from './count-findings.ts';
import { safeText } from './foreign-text.ts';
import { printJson } from './json.ts';
import { type Located, locate } from './located.ts';
import type { ReportInput } from './registry.ts';
import { LEVEL, PROJECT_PAGE, sarifRules } from './sarif-rules.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** GitHub refuses a whole file with more results (https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit). */
const RESULT_LIMIT = 25_000;

/** The root of the repository. It has no address here, so that the file is the same on every machine. */
const BASE = '%SRCROOT%';

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as GitHub's code scanning reads it.
 * `partialFingerprints` leaves GitHub's own key, `primaryLocationLineHash`, alone: its upload warns about any value there
 * that it did not compute.
 */
export function renderSarif(input: ReportInput): string {
  const { outcome, version, directory } = input;
  const findings = outcome instanceof ToolError ? [] : outcome.findings;
  const shown = mostSevereFirst(findings).slice(0, RESULT_LIMIT);
  const rules = sarifRules(shown.map(({ ruleId }) => ruleId));
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const driver = { name: 'Drawbridge', semanticVersion: version, informationUri: PROJECT_PAGE, rules };
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [BASE]: { description: { text: 'The root of the repository.' } } },
    invocations: [invocation(outcome, findings.length - shown.length)],
    results: locate(shown, directory).map((located) => result(located, indexOf)),
  };
  return printJson({ $schema: SCHEMA, version: '2.1.0', runs: [run] });
}

function invocation(outcome: Outcome | ToolError, leftOut: number): object {
  const notes = leftOut === 0 ? [] : [notification('warning', `${leftOut} less severe findings are left out here.`)];
  if (!(outcome instanceof ToolError)) {
    return { executionSuccessful: true, exitCode: outcome.exitCode, toolExecutionNotifications: notes };
  }
  const { message, problems, hint } = outcome;
  const text = [message, ...problems, ...(hint === undefined ? [] : [`Next: ${hint}`])].join(' ');
  return { executionSuccessful: false, toolExecutionNotifications: [notification('error', text)] };
}

function notification(level: 'error' | 'warning', text: string): object {
  return { level, message: { text: plainMessage(text) } };
}

function result({ finding, path, fingerprint }: Located, indexOf: ReadonlyMap<string, number>): object {
  const { ruleId, severity, message } = finding;
  const hint = adviceOf(finding);
  const id = safeText(ruleId);
  return {
    ruleId: id,
    ruleIndex: indexOf.get(id) ?? -1,
    level: LEVEL[severity],
    message: { text: plainMessage(hint === undefined ? message : `${message} ${hint}`) },
    locations: [{ physicalLocation: physicalLocation(finding, path), ...logicalLocations(finding) }],
    partialFingerprints: { 'drawbridge/v1': fingerprint },
  };
}

/** `](` would begin an embedded link, which SARIF has in plain messages too (3.11.6). */
function plainMessage(text: string): string {
  return safeText(text).replaceAll('](', '] (');
}

function physicalLocation({ line, column, endLine, endColumn }: Finding, path: string): object {
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return { artifactLocation: artifactLocation(path), region };
}

function artifactLocation(path: string): object {
  const uri = path.split('/').map(encodeSegment).join('/');
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${uri}` };
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  return path.startsWith('../') ? { uri } : { uri, uriBaseId: BASE };
}

/** The characters that a path segment may hold as they are (https://www.rfc-editor.org/rfc/rfc3986#section-3.3), but no colon. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replace(/%(40|26|3D|2B|24|2C)/g, decodeURIComponent);
}

function logicalLocations({ resource, pointer }: Finding): object {
  if (resource === undefined) return {};
  const name = safeText(printResource(resource));
  const fullyQualifiedName = pointer === undefined ? name : `${name}${safeText(pointer)}`;
  return { logicalLocations: [{ name, fullyQualifiedName, kind: 'object' }] };
}
