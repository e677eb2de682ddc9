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
import type { Twin, Twins } from './twins/twins.ts';

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
    return faultyFile(createFileFindings(file.path, '').at(limit, 0, message));
  }
  if (isGitCrypt(file.bytes)) return skippedFile(file.path, 'encrypted with git-crypt');
  const decoded = decodeText(file.bytes);
  if (!decoded.ok)
    return faultyFile(createFileFindings(file.path, '').at(encoding, 0, `${capitalised(decoded.problem)}.`));
  const mark = decoded.text.includes('\uFEFF') ? /^\uFEFF/m.exec(decoded.text) : null;
  if (mark === null) return checkText(file.path, decoded.text, context);
  const message = 'A byte order mark stands inside the file, where it becomes part of the key that follows it.';
  return faultyFile(createFileFindings(file.path, decoded.text).at(encoding, mark.index, message));
}

function checkText(path: string, text: string, context: FileContext): FileReport {
  const mode = modeOf(path, context.graph);
  const read = readText(path, text, mode, context.reader, context.twins);
  if (read.kind === 'template') return skippedFile(path, 'template');
  if (read.kind === 'other') return skippedFile(path, 'not a Kubernetes object');
  const findings = createFileFindings(path, text);
  if (read.kind === 'too-many') return faultyFile(findings.at(limit, 0, read.message));
  const reports = read.documents.map((document) => checkDocument(path, document, findings, mode, context));
  const { suppressions, ...rest } = reports.length === 1 ? (reports[0] ?? NOTHING) : together(reports);
  return { ...rest, findings: findings.all(), suppressions: [...commentSuppressions(path, text), ...suppressions] };
}

type DocumentReport = Omit<FileReport, 'findings'>;

function together(reports: readonly DocumentReport[]): DocumentReport {
  return {
    documents: reports.reduce((sum, report) => sum + report.documents, 0),
    skipped: all(reports, 'skipped'),
    objects: all(reports, 'objects'),
    members: all(reports, 'members'),
    policyObjects: all(reports, 'policyObjects'),
    policyContext: all(reports, 'policyContext'),
    suppressions: all(reports, 'suppressions'),
  };
}

/** Most lists are empty in most reports. */
function all<Name extends Exclude<keyof DocumentReport, 'documents'>>(
  reports: readonly DocumentReport[],
  name: Name,
): DocumentReport[Name] {
  const found: unknown[] = [];
  for (const report of reports) for (const item of report[name]) found.push(item);
  return found as DocumentReport[Name];
}

/** kustomize reads its own files and its resources, kubectl and Argo CD the rest. */
export function modeOf(path: string, graph: FileGraph): YamlMode {
  return graph.isResource(path) || isKustomizationFile(path) ? 'kustomize' : 'cluster';
}

export function readText(path: string, text: string, mode: YamlMode, reader: YamlReader, twins?: Twins): ReadFile {
  return /\.json$/i.test(path) ? readJsonFile(text, reader) : readYamlFile(text, mode, reader, twins);
}

const NOTHING: DocumentReport = {
  documents: 0,
  skipped: [],
  objects: [],
  members: [],
  policyObjects: [],
  policyContext: [],
  suppressions: [],
};

function checkDocument(
  path: string,
  document: ReadResult,
  file: FileFindings,
  mode: YamlMode,
  context: FileContext,
): DocumentReport {
  const plain = document.twin === undefined ? undefined : reportOnTwin(path, document, document.twin, context);
  if (plain !== undefined) return plain;
  const findings = file.document(document, mode);
  const reason = document.readable ? reasonToSkip(document.value, path, context) : undefined;
  reportFaults(document, findings, reason !== undefined && FOREIGN.has(reason));
  if (!document.readable) return { ...NOTHING, documents: 1 };
  if (reason !== undefined || !isObject(document.value)) {
    const line = findings.firstLine();
    const skipped = [{ path, document: document.number, line, reason: reason ?? 'empty' }];
    return { ...NOTHING, skipped };
  }
  reportComplexKeys(document, findings);
  reportUnknownTag(document, findings);
  reportAmbiguousLiterals(document, findings);
  return checkObjects(path, document, document.value, findings, context);
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
  path: string,
  document: ReadResult,
  value: Readonly<Record<string, unknown>>,
  findings: DocumentFindings,
  context: FileContext,
): DocumentReport {
  const skipped: SkippedDocument[] = [];
  const checked: CheckedObject[] = [];
  const policyObjects: PolicyObject[] = [];
  const { policies } = context;
  const line = findings.firstLine();
  const objects = objectsOf(value, {
    encrypted: isSops(value),
    kustomized: context.graph.isResource(path) || context.graph.isLeftOut(path),
    isPatched: (kind) => context.graph.isLeftOut(path) || context.graph.isPatched(path, kind),
    isKnown: (apiVersion, kind) => context.schemas.servedIn(apiVersion, kind).length > 0,
  });
  let found = 0;
  for (const object of objects) {
    const { resource } = object;
    const problems = checkObject(object, context);
    for (const problem of problems) findings.problem(problem, resource);
    found += problems.length;
    policyObjects.push(...policies.keep(path, document.number, object, problems));
    if (!isWithoutSchema(object, context.schemas)) checked.push({ path, line, resource });
    else skipped.push({ path, document: document.number, line, reason: 'no schema', resource });
  }
  const report = {
    documents: objects.length === 0 ? 1 : checked.length,
    skipped,
    objects: checked,
    members: objects.map((object) => setObject(path, document.number, object)),
    policyObjects,
    policyContext: objects.filter(policies.isContext).map(({ value: content }) => content),
    suppressions: objects.flatMap((object) => annotationSuppression(path, object, findings)),
  };
  const [only] = objects;
  if (only !== undefined && document.twin?.value === only.value && found === 0 && isPlain(report))
    context.proofs.note(document.twin, only);
  return report;
}

/** Of a document of which there is nothing to tell but that it was checked. */
function isPlain({ objects, policyObjects, policyContext, suppressions }: DocumentReport): boolean {
  return objects.length === 1 && policyObjects.length + policyContext.length + suppressions.length === 0;
}

/** The report on the twin of a document in which nothing is wrong, if nothing is wrong in it either. */
function reportOnTwin(
  path: string,
  document: ReadResult,
  twin: Twin,
  { graph, proofs }: FileContext,
): DocumentReport | undefined {
  if (isKustomizationFile(path)) return undefined;
  const isLeftOut = graph.isLeftOut(path);
  const complete = !isLeftOut && !graph.isPatched(path, twin.model.kind);
  const object = proofs.cleanObject(twin, { complete, kustomized: isLeftOut || graph.isResource(path) });
  if (object === undefined) return undefined;
  const { resource } = object;
  return {
    ...NOTHING,
    documents: 1,
    objects: [{ path, line: twin.firstLine, resource }],
    members: [setObject(path, document.number, object)],
  };
}

function setObject(path: string, document: number, object: ManifestObject): SetObject {
  const { resource, complete, path: at } = object;
  const known = { path, document, at, resource, complete };
  return isKept(resource) ? { ...known, value: object.value } : known;
}

function skippedFile(path: string, reason: SkipReason): FileReport {
  return { ...NOTHING, findings: [], skipped: [{ path, document: 1, line: 1, reason }] };
}

/** A file that could not be looked into counts as one document that was checked, and failed. */
function faultyFile(findings: FileFindings): FileReport {
  return { ...NOTHING, findings: findings.all(), documents: 1 };
}

/** https://github.com/AGWA/git-crypt: what its files begin with where they are not unlocked. */
function isGitCrypt(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && GIT_CRYPT.every((byte, index) => bytes[index] === byte);
}

const GIT_CRYPT: Uint8Array = new TextEncoder().encode('\0GITCRYPT\0');

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
