import { splitDocuments } from '../manifests/documents.ts';
import { isKustomizationFile } from '../manifests/file-names.ts';
import type { YamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { buildFileGraph, type FileGraph, type KustomizationFile } from './file-graph.ts';
import { isObject } from './scalars.ts';

/** The kustomizations among the files; what cannot be read is left out. A file of that name may hold one of Flux instead. */
export function readKustomizations(files: readonly SourceFile[], reader: YamlReader): readonly KustomizationFile[] {
  return files
    .filter((file) => isKustomizationFile(file.path))
    .flatMap((file) =>
      documentsOf(file, reader)
        .filter(isObject)
        .filter(({ apiVersion }) => !String(apiVersion ?? '').includes('toolkit.fluxcd.io'))
        .map((content) => ({ path: file.path, content })),
    );
}

/** The graph of the kustomizations, with what their patches say. */
export function readFileGraph(
  kustomizations: readonly KustomizationFile[],
  files: readonly SourceFile[],
  reader: YamlReader,
): FileGraph {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return buildFileGraph(kustomizations, (patch) => {
    if ('text' in patch) return readAll(patch.text, reader);
    const file = byPath.get(patch.path);
    return file === undefined ? [] : documentsOf(file, reader);
  });
}

function documentsOf(file: SourceFile, reader: YamlReader): readonly unknown[] {
  const decoded = decodeText(file.bytes);
  return decoded.ok ? readAll(decoded.text, reader) : [];
}

function readAll(text: string, reader: YamlReader): readonly unknown[] {
  return splitDocuments(text).flatMap((piece) => {
    const read = reader.read(piece.text, 'kustomize', 'allow');
    return read.ok ? [read.value] : [];
  });
}
