import { directoryName } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { type FileGraph, filesBelow, type KustomizationFile } from '../validation/file-graph.ts';
import { isBelow } from '../validation/tree.ts';
import { isBuildable } from './kustomize-inputs.ts';
import type { RawObject } from './raw-objects.ts';
import type { SourceTree } from './source-tree.ts';
import type { Unit } from './unit.ts';
import { textOf } from './yaml-values.ts';

/** The folders whose kustomization no other one builds. */
export function kustomizeRoots(files: readonly KustomizationFile[], graph: FileGraph): readonly KustomizationFile[] {
  const included = new Set(
    [...graph.kustomizations.values()].flatMap(({ resources, components }) => [...resources, ...components]),
  );
  return files.filter((file) => isBuildable(file) && !included.has(directoryName(file.path)));
}

export function rootUnit({ path }: KustomizationFile): Unit {
  const folder = directoryName(path);
  return {
    name: `kustomization ${folder === '' ? '.' : folder}`,
    place: { path, line: 1, column: 1 },
    ancestors: [`kustomization ${folder}`],
    recipe: { kind: 'kustomize', folder, around: {} },
  };
}

/** A chart with its own values. */
export function chartUnit(chartFile: string): Unit {
  const folder = directoryName(chartFile);
  const release = folder
    .slice(folder.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return {
    name: `chart ${folder === '' ? '.' : folder}`,
    place: { path: chartFile, line: 1, column: 1 },
    ancestors: [],
    tentative: true,
    recipe: {
      kind: 'helm',
      chart: folder,
      release: release === '' ? 'release' : release.slice(0, 53).replace(/-+$/, ''),
      namespace: 'default',
      values: [],
      parameters: [],
    },
  };
}

/** Charts that stand for themselves: no templates of other charts, and no charts inside others. */
export function chartFiles(paths: readonly string[]): readonly string[] {
  const charts = paths.filter((path) => path === 'Chart.yaml' || path.endsWith('/Chart.yaml'));
  const folders = new Set(charts.map(directoryName));
  const isInside = (path: string) => {
    for (let folder = directoryName(path); folder !== ''; ) {
      folder = directoryName(folder);
      if (folders.has(folder)) return true;
      if (folder === '') return folders.has('');
    }
    return false;
  };
  return charts.filter((path) => !isInside(path));
}

/** What a path that a declaration names takes in. */
export interface Claim {
  readonly by: RawObject;
  covers(path: string): boolean;
}

/** The paths in this tree that declarations of Flux and Argo CD name, as they stand: variables in them are not replaced. */
export function claimsOf(declarations: readonly RawObject[], tree: SourceTree, graph: FileGraph): readonly Claim[] {
  return declarations.flatMap((by) => {
    const paths = [textOf(by.value, 'spec', 'path'), textOf(by.value, 'spec', 'source', 'path')];
    return paths.flatMap((path) => {
      if (path === undefined || by.kind === 'HelmRelease') return [];
      const folder = tree.fromWorkingDirectory(joinPath('', path.replace(/^\/+/, '')));
      return [{ by, covers: coverageOf(folder, graph) }];
    });
  });
}

function coverageOf(folder: string, graph: FileGraph): Claim['covers'] {
  if (!graph.kustomizations.has(folder)) return (path) => isBelow(path, folder);
  const files = filesBelow(folder, graph.kustomizations);
  return (path) => files.has(path) || directoryName(path) === folder;
}
