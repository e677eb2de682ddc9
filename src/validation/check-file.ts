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
import { objectsOf } from './objects.ts';
import { type ReadFile, type ReadResult, readJsonFile, readYamlFile } from './read-file.ts';
import type { SkippedDocument } from './report.ts';
import { encoding } from './rules/yaml-encoding.ts';
import { limit } from './rules/yaml-limit.ts';
import { isObject } from './scalars.ts';
import type { Schemas } from './schemas.ts';
import { reportAmbiguousLiterals, reportComplexKeys, reportFaults, reportUnknownTag } from './text-checks.ts';

export interface FileContext {
  readonly reader: YamlReader;
  readonly names: FileNames;
  readonly graph: FileGraph;
  readonly schemas: Schemas;
  readonly missingSchema: 'error' | 'warn' | 'skip';
}

export interface FileReport {
  readonly findings: readonly Finding[];
  readonly documents: number;
  readonly skipped: readonly SkippedDocument[];
}

/** Checks one file: its text, then each of its documents, then each object in them. */
export function checkFile(file: SourceFile, context: FileContext): FileReport {
  const reason = file.mode === '120000' ? 'symbolic link' : classifyFile(file.path, context.names, context.graph);
  if (reason !== undefined) return skippedFile(file.path, reason);
  if (file.bytes.length > LIMITS.fileBytes) {
    const message = `The file is larger than ${LIMITS.fileBytes >> 20} MiB.`;
    return faultyFile(createFileFindings(file.path, '').at(limit, 0, message));
  }
  const decoded = decodeText(file.bytes);
  if (!decoded.ok)
    return faultyFile(createFileFindings(file.path, '').at(encoding, 0, `${capitalised(decoded.problem)}.`));
  const mark = /^\uFEFF/m.exec(decoded.text);
  if (mark === null) return checkText(file.path, decoded.text, context);
  const message = 'A byte order mark stands inside the file, where it becomes part of the key that follows it.';
  return faultyFile(createFileFindings(file.path, decoded.text).at(encoding, mark.index, message));
}

function checkText(path: string, text: string, context: FileContext): FileReport {
  const mode: YamlMode = context.graph.isResource(path) || isKustomizationFile(path) ? 'kustomize' : 'cluster';
  const read: ReadFile = /\.json$/i.test(path)
    ? readJsonFile(text, context.reader)
    : readYamlFile(text, mode, context.reader);
  if (read.kind === 'template') return skippedFile(path, 'template');
  if (read.kind === 'other') return skippedFile(path, 'not a Kubernetes object');
  const findings = createFileFindings(path, text);
  if (read.kind === 'too-many') return faultyFile(findings.at(limit, 0, read.message));
  const reports = read.documents.map((document) => checkDocument(path, document, findings, mode, context));
  return {
    findings: findings.all(),
    documents: reports.reduce((sum, report) => sum + report.documents, 0),
    skipped: reports.flatMap((report) => report.skipped),
  };
}

interface DocumentReport {
  readonly documents: number;
  readonly skipped: readonly SkippedDocument[];
}

function checkDocument(
  path: string,
  document: ReadResult,
  file: FileFindings,
  mode: YamlMode,
  context: FileContext,
): DocumentReport {
  const findings = file.document(document, mode);
  reportFaults(document, findings);
  if (!document.readable) return { documents: 1, skipped: [] };
  const reason = classifyDocument(document.value, path, context.names);
  if (reason !== undefined || !isObject(document.value)) {
    const line = findings.firstLine();
    return { documents: 0, skipped: [{ path, document: document.number, line, reason: reason ?? 'empty' }] };
  }
  reportComplexKeys(document, findings);
  reportUnknownTag(document, findings);
  reportAmbiguousLiterals(document, findings);
  return checkObjects(path, document, document.value, findings, context);
}

function checkObjects(
  path: string,
  document: ReadResult,
  value: Readonly<Record<string, unknown>>,
  findings: DocumentFindings,
  context: FileContext,
): DocumentReport {
  const skipped: SkippedDocument[] = [];
  const objects = objectsOf(value, {
    encrypted: isSops(value),
    isPatched: (kind) => context.graph.isPatched(path, kind),
    isKnown: (apiVersion, kind) => context.schemas.servedIn(apiVersion, kind).length > 0,
  });
  for (const object of objects) {
    for (const problem of checkObject(object, context)) findings.problem(problem, object.resource);
    if (!isWithoutSchema(object, context.schemas)) continue;
    skipped.push({ path, document: document.number, line: findings.firstLine(), reason: 'no schema' });
  }
  return { documents: Math.max(objects.length - skipped.length, objects.length === 0 ? 1 : 0), skipped };
}

function skippedFile(path: string, reason: SkipReason): FileReport {
  return { findings: [], documents: 0, skipped: [{ path, document: 1, line: 1, reason }] };
}

/** A file that could not be looked into counts as one document that was checked, and failed. */
function faultyFile(findings: FileFindings): FileReport {
  return { findings: findings.all(), documents: 1, skipped: [] };
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
