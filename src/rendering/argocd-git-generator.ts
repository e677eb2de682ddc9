import picomatch from 'picomatch';
import { directoryName } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { isObject } from '../validation/scalars.ts';
import type { Elements } from './argocd-generators.ts';
import type { Surroundings } from './declared.ts';
import { matchingPrefixes } from './glob.ts';
import type { SourceTree } from './source-tree.ts';
import { fieldOf, type Json, listOf, readFileValues, textOf } from './yaml-values.ts';

/**
 * The parameters that a generator reads from folders or files of this repository
 * (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/).
 */
export async function gitElements(git: unknown, isGo: boolean, around: Surroundings): Promise<Elements> {
  const { tree, repository } = around;
  const url = textOf(git, 'repoURL') ?? '';
  const isHere = repository?.isSame(url) !== 'no' && repository?.isFollowed(textOf(git, 'revision')) !== false;
  if (!isHere) return { ok: false, reason: `its generator git reads ${url}, which is not what is checked here` };
  const found = await listAll(tree);
  const make = (path: string, name?: string) => pathParameters(path, name, isGo, textOf(git, 'pathParamPrefix'));
  const folders = listOf(git, 'directories');
  if (folders.length > 0) {
    const paths = found.folders.filter((path) => isChosen(path, folders));
    return { ok: true, elements: paths.map((path) => make(path)) };
  }
  const files = found.files.filter((path) => isNamed(path, listOf(git, 'files')));
  const elements = files.map(async (path) => {
    const parameters = make(directoryName(path), path.slice(path.lastIndexOf('/') + 1));
    const [document] = readFileValues(await tree.read(tree.fromWorkingDirectory(path)), 'cluster');
    const values = Array.isArray(document?.value) ? document.value : [document?.value ?? {}];
    return values.filter(isObject).map((value) => ({ ...value, ...parameters }));
  });
  return { ok: true, elements: (await Promise.all(elements)).flat() };
}

/** All of the repository from its top, but what is hidden: Argo CD does not look into it either. */
async function listAll(
  tree: SourceTree,
): Promise<{ readonly folders: readonly string[]; readonly files: readonly string[] }> {
  const [folders, files, pending]: [string[], string[], string[]] = [[], [], ['']];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (folder !== '') folders.push(folder);
    for (const { name, kind } of await tree.list(tree.fromWorkingDirectory(folder))) {
      if (kind === 'directory' && !name.startsWith('.')) pending.push(joinPath(folder, name));
      else if (kind === 'file') files.push(joinPath(folder, name));
    }
  }
  return { folders: folders.sort(), files: files.sort() };
}

/** Patterns of Go's `path.Match`, in which a star never takes a slash; an exclusion has the last word. */
function isChosen(path: string, entries: readonly unknown[]): boolean {
  const matches = (entry: unknown) =>
    picomatch.isMatch(path, (textOf(entry, 'path') ?? '').replace(/\*+/g, '*'), { nobrace: true, noextglob: true });
  const [excluded, included] = [true, false].map((wanted) =>
    entries.some((entry) => (fieldOf(entry, 'exclude') === true) === wanted && matches(entry)),
  );
  return included === true && excluded === false;
}

/** Patterns of `git ls-files`, in which a star takes slashes, too. */
function isNamed(path: string, entries: readonly unknown[]): boolean {
  const chars = [...path];
  const isMatch = (entry: unknown) => matchingPrefixes(textOf(entry, 'path') ?? '', chars).includes(chars.length);
  const [excluded, included] = [true, false].map((wanted) =>
    entries.some((entry) => (fieldOf(entry, 'exclude') === true) === wanted && isMatch(entry)),
  );
  return included === true && excluded === false;
}

function pathParameters(path: string, file: string | undefined, isGo: boolean, prefix: string | undefined): Json {
  const segments = path.split('/');
  const basename = segments.at(-1) ?? '';
  const fields: Record<string, string> = { basename, basenameNormalized: normalised(basename) };
  if (file !== undefined) Object.assign(fields, { filename: file, filenameNormalized: normalised(file) });
  if (isGo) {
    const own = { path: { ...fields, path, segments } };
    return prefix === undefined ? own : { [prefix]: own };
  }
  const start = prefix === undefined ? 'path' : `${prefix}.path`;
  const named = Object.entries(fields).map(([name, value]) => [`${start}.${name}`, value] as const);
  const numbered = segments.map((segment, index) => [`${start}[${index}]`, segment] as const);
  return { [start]: path, ...Object.fromEntries([...named, ...numbered]) };
}

/** As a name in Kubernetes. */
function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
}
