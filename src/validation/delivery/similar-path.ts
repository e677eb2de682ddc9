import { baseName, isKustomizationFile } from '../../manifests/file-names.ts';
import { joinPath } from '../../manifests/paths.ts';
import type { Tree } from '../manifest-set.ts';
import { nearest } from '../nearest.ts';

/** A path that exists and differs in one misspelt name, or undefined. */
export function similarPath(tree: Tree, path: string): string | undefined {
  const parts = path.split('/');
  const index = parts.findIndex((_, end) => !exists(tree, parts.slice(0, end + 1).join('/')));
  const name = parts[index];
  if (name === undefined) return undefined;
  const parent = parts.slice(0, index).join('/');
  const rest = parts.slice(index + 1);
  const similar = nearestName(name, rest.length === 0 ? childrenOf(tree, parent) : foldersIn(tree, parent));
  const candidate = similar === undefined ? undefined : [parent, similar, ...rest].join('/').replace(/^\//, '');
  return candidate !== undefined && exists(tree, candidate) ? candidate : undefined;
}

function exists(tree: Tree, path: string): boolean {
  const kind = tree.kindOf(path);
  return kind === 'file' || kind === 'folder';
}

function foldersIn(tree: Tree, parent: string): readonly string[] {
  const start = parent === '' ? 0 : parent.length + 1;
  return [...new Set(tree.foldersBelow(parent).map((folder) => folder.slice(start).split('/')[0] ?? ''))];
}

function childrenOf(tree: Tree, parent: string): readonly string[] {
  const files = tree.filesIn(parent).filter((file) => !isKustomizationFile(joinPath('', file)));
  return [...files.map(baseName), ...foldersIn(tree, parent)];
}

/** Endings are alike everywhere, and would make everything similar. */
function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const stem = (text: string) => text.replace(/\.[a-z]+$/i, '');
  const byStem = new Map(candidates.map((candidate) => [stem(candidate), candidate]));
  const similar = byStem.has(stem(name)) ? stem(name) : nearest(stem(name), byStem.keys());
  return similar === undefined ? undefined : byStem.get(similar);
}
