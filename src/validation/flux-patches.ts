import { directoryName } from '../manifests/file-names.ts';
import { kustomizeList } from './kustomize-entries.ts';
import { type Kinds, NO_KINDS, patchedKinds, type ReadPatch, union } from './patched-kinds.ts';
import { isObject } from './scalars.ts';
import { isBelow } from './tree.ts';

type Json = Readonly<Record<string, unknown>>;

/** A Kustomization of Flux (https://fluxcd.io/flux/components/kustomize/kustomizations/#patches), as far as patches go. */
export interface FluxBuild {
  /** The file that it stands in. */
  readonly file: string;
  /** The folder that it builds, as paths of findings have it. */
  readonly folder: string;
  /** Kinds that its patches change in what it builds. */
  readonly kinds: Kinds;
  /** Kinds that the Kustomizations in what it builds patch in turn, because one of its patches gives them patches. */
  readonly passedOn: Kinds;
}

/** Undefined for a document that is none, or whose path is not settled. */
export function fluxBuild(
  file: string,
  document: unknown,
  fromTop: (path: string) => string,
  readPatch: ReadPatch,
): FluxBuild | undefined {
  if (!isObject(document) || document.kind !== 'Kustomization' || !isObject(document.spec)) return undefined;
  const { spec } = document;
  const path = spec.path ?? '.';
  if (typeof path !== 'string' || path.includes('${')) return undefined;
  return { file, folder: fromTop(path), kinds: kindsIn(spec, readPatch), passedOn: kindsPassedOn(spec, readPatch) };
}

function kindsIn(spec: Json, readPatch: ReadPatch): Kinds {
  return patchedKinds(spec, (path) => path, readPatch);
}

function kindsPassedOn(spec: Json, readPatch: ReadPatch): Kinds {
  const patches = kustomizeList(spec, 'patches').filter(isObject);
  return patches
    .flatMap(({ patch }) => (typeof patch === 'string' ? readPatch({ text: patch }) : []))
    .flatMap(specsIn)
    .map((inner) => union(kindsIn(inner, readPatch), kindsPassedOn(inner, readPatch)))
    .reduce(union, NO_KINDS);
}

/** What a patch puts into `spec`, as far as it is patches: a merge patch as it stands, or operations of a JSON patch. */
function specsIn(patch: unknown): readonly Json[] {
  if (Array.isArray(patch)) {
    return patch
      .filter(isObject)
      .filter(({ path }) => typeof path === 'string' && /^\/spec\/patches(\/|$)/.test(path))
      .map(({ value }) => ({ patches: Array.isArray(value) ? value : [value] }));
  }
  return isObject(patch) && isObject(patch.spec) ? [patch.spec] : [];
}

/**
 * The kinds that Flux patches in a file, by its path. A file that no Kustomization of the tree builds may be built by one that
 * is elsewhere, and that is patched alike, or by none: there any kind counts that is patched somewhere.
 * @param filesOf what the kustomization of a folder builds, wherever it lies
 */
export function spreadFluxPatches(
  builds: readonly FluxBuild[],
  filesOf: (folder: string) => ReadonlySet<string>,
): (path: string) => Kinds {
  const known = new Map<string, Kinds>();
  const mark = (folder: string, kinds: Kinds) => {
    if (isNone(kinds)) return;
    for (const path of [folder, ...filesOf(folder)]) known.set(path, union(known.get(path) ?? NO_KINDS, kinds));
  };
  for (const build of builds) {
    mark(build.folder, build.kinds);
    if (isNone(build.passedOn)) continue;
    const built = filesOf(build.folder);
    for (const child of builds) {
      const isBuilt = built.has(child.file) || isBelow(child.file, build.folder);
      if (isBuilt) mark(child.folder, build.passedOn);
    }
  }
  // The top is what another repository is mostly built from.
  const reached = new Set(builds.flatMap(({ folder }) => [folder, ...filesOf(folder)]).filter((place) => place !== ''));
  const anywhere = builds.flatMap(({ kinds, passedOn }) => [kinds, passedOn]).reduce(union, NO_KINDS);
  if (isNone(anywhere)) return () => NO_KINDS;
  return (path) => {
    const around = [path, ...foldersOf(path)];
    if (!around.some((place) => reached.has(place))) return anywhere;
    return around.map((place) => known.get(place) ?? NO_KINDS).reduce(union);
  };
}

function isNone(kinds: Kinds): boolean {
  return kinds !== 'all' && kinds.size === 0;
}

/** The folders that a file lies in, the top among them. */
function foldersOf(path: string): readonly string[] {
  const folder = directoryName(path);
  return folder === '' ? [''] : [folder, ...foldersOf(folder)];
}
