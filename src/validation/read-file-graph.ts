import { splitDocuments } from '../manifests/documents.ts';
import { isKustomizationFile } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import type { YamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText, filesWith } from '../manifests/text.ts';
import { buildFileGraph, type FileGraph, type KustomizationFile } from './file-graph.ts';
import { type FluxBuild, fluxBuild } from './flux-patches.ts';
import type { ReadPatch } from './patched-kinds.ts';
import { isObject } from './scalars.ts';
import { testFiles } from './test-assertions.ts';

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

/**
 * The graph of the kustomizations, with what their patches say, and those of Flux's Kustomizations.
 * @param fromTop what a path from the top of the repository stands for among the files
 */
export function readFileGraph(
  kustomizations: readonly KustomizationFile[],
  files: readonly SourceFile[],
  reader: YamlReader,
  fromTop: (path: string) => string = (path) => path,
): FileGraph {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const readPatch: ReadPatch = (patch) => {
    if ('text' in patch) return readAll(patch.text, reader);
    const file = byPath.get(patch.path);
    return file === undefined ? [] : documentsOf(file, reader);
  };
  const at = (path: string) => fromTop(joinPath('', path));
  const tests = testFiles([...byPath.keys()], (path) => readPatch({ path }));
  return buildFileGraph(kustomizations, readPatch, readFluxBuilds(files, reader, at, readPatch), tests);
}

/** None where no Kustomization of Flux among the files patches anything: then nobody needs to know what they build. */
function readFluxBuilds(
  files: readonly SourceFile[],
  reader: YamlReader,
  at: (path: string) => string,
  readPatch: ReadPatch,
): readonly FluxBuild[] {
  const ofFlux = filesWith('kustomize.toolkit.fluxcd.io/', files);
  if (filesWith('patches', ofFlux).length === 0) return [];
  return ofFlux.flatMap((file) =>
    documentsOf(file, reader).flatMap((document) => fluxBuild(file.path, document, at, readPatch) ?? []),
  );
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
