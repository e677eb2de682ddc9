import { directoryName } from '../manifests/file-names.ts';
import type { PathKind, Tree } from './manifest-set.ts';

/** A tree that remembers what it was asked and could not tell from the files alone. */
export interface AskedTree extends Tree {
  /** Paths that are neither among the files nor a folder above one of them. */
  readonly asked: ReadonlySet<string>;
}

/** @param known answers for paths beside the files */
export function createTree(paths: readonly string[], known: (path: string) => PathKind): AskedTree {
  const files = new Set(paths);
  const byFolder = Map.groupBy(paths, directoryName);
  const folders = withParents(byFolder.keys());
  const asked = new Set<string>();
  return {
    asked,
    kindOf(path) {
      if (files.has(path)) return 'file';
      if (folders.has(path)) return 'folder';
      asked.add(path);
      return known(path);
    },
    filesIn: (folder) => byFolder.get(folder) ?? [],
    foldersBelow: (folder) => [...byFolder.keys()].filter((other) => isBelow(other, folder) && other !== folder),
  };
}

/** True for the folder itself, too; `''` holds everything. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function withParents(folders: Iterable<string>): ReadonlySet<string> {
  const all = new Set<string>(['']);
  for (const folder of folders) {
    for (let path = folder; path !== '' && !all.has(path); path = directoryName(path)) all.add(path);
  }
  return all;
}
