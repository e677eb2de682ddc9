import { directoryName } from '../manifests/file-names.ts';
import { lazily } from '../manifests/lazily.ts';
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
  const foldersBelow = searchBelow([...byFolder.keys()]);
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
    foldersBelow,
  };
}

/** The folders below one stand together once all are sorted; they are given in the order that they came in. */
function searchBelow(folders: readonly string[]): (folder: string) => readonly string[] {
  const sorted = lazily(() =>
    folders.map((path, index) => ({ path, index })).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
  );
  return (folder) => {
    if (folder === '') return folders.filter((other) => other !== '');
    const from = firstAfter(sorted(), `${folder}/`);
    let to = from;
    while (sorted()[to]?.path.startsWith(`${folder}/`)) to++;
    return sorted()
      .slice(from, to)
      .sort((a, b) => a.index - b.index)
      .map(({ path }) => path);
  };
}

/** Index of the first path that is not before the text. */
function firstAfter(sorted: readonly { readonly path: string }[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.path ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
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
