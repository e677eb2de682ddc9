import type { YamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { modeOf, readText } from './check-file.ts';
import { createFileFindings } from './file-findings.ts';
import type { FileGraph } from './file-graph.ts';
import type { Finding } from './finding.ts';
import type { SetProblem } from './rules/rule.ts';

/** Gives problems of the set their lines and columns; only the files that have one are read again. */
export function setFindings(
  problems: readonly SetProblem[],
  files: readonly SourceFile[],
  graph: FileGraph,
  reader: YamlReader,
): readonly Finding[] {
  const inFile = Map.groupBy(problems, ({ file }) => file);
  return files.flatMap((file) => {
    const found = inFile.get(file.path);
    return found === undefined ? [] : findingsOf(file, found, graph, reader);
  });
}

function findingsOf(
  file: SourceFile,
  problems: readonly SetProblem[],
  graph: FileGraph,
  reader: YamlReader,
): readonly Finding[] {
  const decoded = decodeText(file.bytes);
  const mode = modeOf(file.path, graph);
  const read = decoded.ok ? readText(file.path, decoded.text, mode, reader) : undefined;
  if (!decoded.ok || read?.kind !== 'documents') return [];
  const findings = createFileFindings(file.path, decoded.text);
  for (const [number, found] of Map.groupBy(problems, ({ document }) => document)) {
    const document = read.documents[number - 1];
    const inDocument = document === undefined ? undefined : findings.document(document, mode);
    for (const problem of found) inDocument?.problem(problem, problem.resource);
  }
  return findings.all();
}
