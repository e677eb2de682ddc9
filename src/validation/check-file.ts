import { isKustomizationFile } from '../manifests/file-names.ts';
import { LIMITS } from '../manifests/limits.ts';
import type { YamlMode } from '../manifests/plain-scalar.ts';
import type { YamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { checkObject, isWithoutSchema } from './check-object.ts';
import { classifyDocument, classifyFile, type FileNames, isSops, type SkipReason } from './classify.ts';
import { createFileFindings, type DocumentFindings, type FileFindings } from './file-findings.ts';
import type { FileGraph } from './file-graph.ts';
import type { Finding } from './finding.ts';
import { isKept, type SetObject } from './manifest-set.ts';
import { objectsOf } from './objects.ts';
import type { PolicyObject } from './policy/policy-object.ts';
import type { PolicyWork } from './policy/policy-work.ts';
import { type ReadFile, type ReadResult, readJsonFile, readYamlFile } from './read-file.ts';
import type { CheckedObject, SkippedDocument } from './report.ts';
import type { ManifestObject, Rule } from './rules/rule.ts';
import { encoding } from './rules/yaml-encoding.ts';
import { limit } from './rules/yaml-limit.ts';
import { isObject } from './scalars.ts';
import type { Schemas } from './schemas.ts';
import type { Suppression } from './suppress.ts';
import { annotationSuppression } from './suppress-annotation.ts';
import { commentSuppressions } from './suppress-comment.ts';
import { reportAmbiguousLiterals, reportComplexKeys, reportFaults, reportUnknownTag } from './text-checks.ts';
import { isToolFile } from './tool-files.ts';
import type { Proofs } from './twins/proofs.ts';
import { type Twin, type Twins, twinValue } from './twins/twins.ts';

export interface FileContext {
  readonly reader: YamlReader;
  readonly twins: Twins;
  readonly proofs: Proofs;
  readonly names: FileNames;
  readonly graph: FileGraph;
  readonly schemas: Schemas;
  /** Rules that are switched off. */
  readonly off: ReadonlySet<Rule>;
  readonly missingSchema: 'error' | 'warn' | 'skip';
  readonly policies: PolicyWork;
}

export interface FileReport {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly documents: number;
  readonly skipped: readonly SkippedDocument[];
  readonly objects: readonly CheckedObject[];
  /** The same objects and those without a schema, for the rules over several files. */
  readonly members: readonly SetObject[];
  /** Objects that rules and policies in CEL are about. */
  readonly policyObjects: readonly PolicyObject[];
  /** Namespaces and parameters of policies. */
  readonly policyContext: readonly Readonly<Record<string, unknown>>[];
  /** What the file itself asks to leave out of the report. */
  readonly suppressions: readonly Suppression[];
}

/** Checks one file: its text, then each of its documents, then each object in them. */
export function checkFile(file: SourceFile, context: FileContext): FileReport {
  const reason = file.mode === '120000' ? 'symbolic link' : classifyFile(file.path, context.names, context.graph);
  if (reason !== undefined) return skippedFile(file.path, reason);
  if (file.bytes.length > LIMITS.fileBytes) {
    const message = `The file is larger than ${LIMITS.fileBytes >> 20} MiB.`;
    return faultyFile(file.path, createFileFindings(file.path, '').at(limit, 0, message));
  }
  if (isGitCrypt(file.bytes)) return skippedFile(file.path, 'encrypted with git-crypt');
  const decoded = decodeText(file.bytes);
  if (!decoded.ok)
    return faultyFile(file.path, createFileFindings(file.path, '').at(encoding, 0, `${capitalised(decoded.problem)}.`));
  const mark = decoded.text.includes('\uFEFF') ? /^\uFEFF/m.exec(decoded.text) : null;
  if (mark === null) return checkText(file.path, decoded.text, context);
  const message = 'A byte order mark stands inside the file, where it becomes part of the key that follows it.';
  return faultyFile(file.path, createFileFindings(file.path, decoded.text).at(encoding, mark.index, message));
}

function checkText(path: string, text: string, context: FileContext): FileReport {
  const mode = modeOf(path, context.graph);
  const read = readText(path, text, mode, context.reader, context.twins);
  if (read.kind === 'template') return skippedFile(path, 'template');
  if (read.kind === 'other') return skippedFile(path, 'not a Kubernetes object');
  const findings = createFileFindings(path, text);
  if (read.kind === 'too-many') return faultyFile(path, findings.at(limit, 0, read.message));
  const report = emptyReport(path);
  const place = placeOf(path, context.graph);
  for (const suppression of commentSuppressions(path, text)) report.suppressions.push(suppression);
  const { documents } = read;
  for (let index = 0; index < documents.length; index++)
    checkDocument(documents[index] as ReadResult, findings, mode, context, report, place);
  report.findings = findings.all();
  return report;
}

/** What the kustomizations around a file say of it. */
interface FilePlace {
  readonly isLeftOut: boolean;
  readonly isKustomized: boolean;
}

function placeOf(path: string, graph: FileGraph): FilePlace {
  const isLeftOut = graph.isLeftOut(path);
  return { isLeftOut, isKustomized: isLeftOut || graph.isResource(path) };
}

/** A report that the documents of its file are added to, one after the other. */
type Growing = {
  -readonly [Name in keyof FileReport]: Name extends 'path' | 'documents' | 'findings'
    ? FileReport[Name]
    : FileReport[Name] extends readonly (infer Item)[]
      ? Item[]
      : never;
};

function emptyReport(path: string): Growing {
  return {
    path,
    findings: NO_FINDINGS,
    documents: 0,
    skipped: [],
    objects: [],
    members: [],
    policyObjects: [],
    policyContext: [],
    suppressions: [],
  };
}

const NO_FINDINGS: readonly Finding[] = [];

/** kustomize reads its own files and its resources, kubectl and Argo CD the rest. */
export function modeOf(path: string, graph: FileGraph): YamlMode {
  return graph.isResource(path) || isKustomizationFile(path) ? 'kustomize' : 'cluster';
}

export function readText(path: string, text: string, mode: YamlMode, reader: YamlReader, twins?: Twins): ReadFile {
  return /\.json$/i.test(path) ? readJsonFile(text, reader) : readYamlFile(text, mode, reader, twins);
}

function checkDocument(
  read: ReadResult,
  file: FileFindings,
  mode: YamlMode,
  context: FileContext,
  report: Growing,
  place: FilePlace,
): void {
  const { twin } = read;
  if (twin !== undefined && isCleanTwin(read, twin, context, report, place)) return;
  const document = twin === undefined ? read : { ...read, value: twinValue(twin) };
  const findings = file.document(document, mode);
  const { path } = report;
  const reason = document.readable ? reasonToSkip(document.value, path, context) : undefined;
  reportFaults(document, findings, reason !== undefined && FOREIGN.has(reason));
  if (!document.readable) {
    report.documents++;
    return;
  }
  if (reason !== undefined || !isObject(document.value)) {
    const line = findings.firstLine();
    report.skipped.push({ path, document: document.number, line, reason: reason ?? 'empty' });
    return;
  }
  reportComplexKeys(document, findings);
  reportUnknownTag(document, findings);
  reportAmbiguousLiterals(document, findings);
  checkObjects(document, document.value, findings, context, report, place);
}

/** YAML of other programs. */
const FOREIGN: ReadonlySet<SkipReason> = new Set([
  'Helm chart',
  'Helm values',
  'not a Kubernetes object',
  'tool configuration',
]);

function reasonToSkip(value: unknown, path: string, { names, schemas }: FileContext): SkipReason | undefined {
  const reason = classifyDocument(value, path, names);
  return reason === undefined && isObject(value) && isToolFile(value, schemas) ? 'tool configuration' : reason;
}

function checkObjects(
  document: ReadResult,
  value: Readonly<Record<string, unknown>>,
  findings: DocumentFindings,
  context: FileContext,
  report: Growing,
  { isLeftOut, isKustomized }: FilePlace,
): void {
  const { policies, graph, schemas } = context;
  const { path } = report;
  const line = findings.firstLine();
  const objects = objectsOf(value, {
    encrypted: isSops(value),
    kustomized: isKustomized,
    isPatched: (kind) => isLeftOut || graph.isPatched(path, kind),
    isKnown: (apiVersion, kind) => schemas.servedIn(apiVersion, kind).length > 0,
  });
  const said = extrasIn(report);
  const checked = report.objects.length;
  let found = 0;
  for (const object of objects) {
    const { resource } = object;
    const problems = checkObject(object, context);
    for (const problem of problems) findings.problem(problem, resource);
    found += problems.length;
    report.policyObjects.push(...policies.keep(path, document.number, object, problems));
    if (policies.isContext(object)) report.policyContext.push(object.value);
    report.suppressions.push(...annotationSuppression(path, object, findings));
    report.members.push(setObject(path, document.number, object));
    if (!isWithoutSchema(object, schemas)) report.objects.push({ path, line, resource });
    else report.skipped.push({ path, document: document.number, line, reason: 'no schema', resource });
  }
  report.documents += objects.length === 0 ? 1 : report.objects.length - checked;
  const [only] = objects;
  const isPlain = found === 0 && extrasIn(report) === said && report.objects.length - checked === 1;
  if (isPlain && only?.value === value && document.twin !== undefined) context.proofs.note(document.twin, only);
}

/** What there is to tell beside that something was checked. */
function extrasIn({ skipped, policyObjects, policyContext, suppressions }: FileReport): number {
  return skipped.length + policyObjects.length + policyContext.length + suppressions.length;
}

/** Reports the twin of a document in which nothing is wrong, if nothing is wrong in it either; false where that is not known. */
function isCleanTwin(
  { number }: ReadResult,
  twin: Twin,
  { graph, proofs }: FileContext,
  report: Growing,
  { isLeftOut, isKustomized }: FilePlace,
): boolean {
  const { path } = report;
  if (isKustomizationFile(path)) return false;
  const complete = !isLeftOut && !graph.isPatched(path, twin.model.kind);
  const resource = proofs.cleanObject(twin, { complete, kustomized: isKustomized });
  if (resource === undefined) return false;
  const member = { path, document: number, at: [], resource, complete };
  report.documents++;
  report.objects.push({ path, line: twin.firstLine, resource });
  report.members.push(isKept(resource) ? { ...member, value: twinValue(twin) as ManifestObject['value'] } : member);
  return true;
}

function setObject(path: string, document: number, object: ManifestObject): SetObject {
  const { resource, complete, path: at } = object;
  const known = { path, document, at, resource, complete };
  return isKept(resource) ? { ...known, value: object.value } : known;
}

function skippedFile(path: string, reason: SkipReason): FileReport {
  return { ...emptyReport(path), skipped: [{ path, document: 1, line: 1, reason }] };
}

/** A file that could not be looked into counts as one document that was checked, and failed. */
function faultyFile(path: string, findings: FileFindings): FileReport {
  return { ...emptyReport(path), findings: findings.all(), documents: 1 };
}

/** https://github.com/AGWA/git-crypt: what its files begin with where they are not unlocked. */
function isGitCrypt(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && GIT_CRYPT.every((byte, index) => bytes[index] === byte);
}

const GIT_CRYPT: Uint8Array = new TextEncoder().encode('\0GITCRYPT\0');

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
