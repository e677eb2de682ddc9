import { baseName, isKustomizationFile } from '../../manifests/file-names.ts';
import { joinPath } from '../../manifests/paths.ts';
import type { Tree } from '../manifest-set.ts';
import { type Effort, nearest } from '../nearest.ts';
import { HINT_EFFORT } from './hint-effort.ts';

/** What is asked again and again of one tree. */
interface Known {
  readonly effort: Effort;
  /** By folder, and whether files count: names without their ending, and the names. */
  readonly names: Map<string, ReadonlyMap<string, string>>;
}

const KNOWN = new WeakMap<Tree, Known>();

function knownOf(tree: Tree): Known {
  const known = KNOWN.get(tree) ?? { effort: { left: HINT_EFFORT }, names: new Map() };
  KNOWN.set(tree, known);
  return known;
}

/** A path that exists and differs in one misspelt name; undefined as well where very many were asked for before. */
export function similarPath(tree: Tree, path: string): string | undefined {
  const parts = path.split('/');
  const index = parts.findIndex((_, end) => !exists(tree, parts.slice(0, end + 1).join('/')));
  const name = parts[index];
  if (name === undefined) return undefined;
  const parent = parts.slice(0, index).join('/');
  const rest = parts.slice(index + 1);
  const similar = nearestName(name, namesIn(tree, parent, rest.length === 0), knownOf(tree).effort);
  const candidate = similar === undefined ? undefined : [parent, similar, ...rest].join('/').replace(/^\//, '');
  return candidate !== undefined && exists(tree, candidate) ? candidate : undefined;
}

function exists(tree: Tree, path: string): boolean {
  const kind = tree.kindOf(path);
  return kind === 'file' || kind === 'folder';
}

function namesIn(tree: Tree, parent: string, withFiles: boolean): ReadonlyMap<string, string> {
  const { names } = knownOf(tree);
  const key = `${withFiles} ${parent}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  const all = withFiles ? [...filesIn(tree, parent), ...foldersIn(tree, parent)] : foldersIn(tree, parent);
  const byStem = new Map(all.map((name) => [stem(name), name]));
  names.set(key, byStem);
  return byStem;
}

function filesIn(tree: Tree, parent: string): readonly string[] {
  return tree
    .filesIn(parent)
    .filter((file) => !isKustomizationFile(joinPath('', file)))
    .map(baseName);
}

function foldersIn(tree: Tree, parent: string): readonly string[] {
  const start = parent === '' ? 0 : parent.length + 1;
  return [...new Set(tree.foldersBelow(parent).map((folder) => folder.slice(start).split('/')[0] ?? ''))];
}

/** Endings are alike everywhere, and would make everything similar. */
function nearestName(name: string, byStem: ReadonlyMap<string, string>, effort: Effort): string | undefined {
  const wanted = stem(name);
  const similar = byStem.has(wanted) ? wanted : nearest(wanted, byStem.keys(), wanted.length, effort);
  return similar === undefined ? undefined : byStem.get(similar);
}

function stem(name: string): string {
  return name.replace(/\.[a-z]+$/i, '');
}
