import { baseName, directoryName } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { type EntryRole, isPath, isRemote, kustomizeEntries, kustomizeList } from './kustomize-entries.ts';
import { isObject } from './scalars.ts';

/** What kustomizations of the tree say about its other files. */
export interface FileGraph {
  /** Why a file is no manifest of its own: a patch, or an input of a generator. */
  roleOf(path: string): 'patch' | 'input' | 'values' | undefined;
  /** True where kustomize reads the file as a resource. */
  isResource(path: string): boolean;
  /** True where an overlay patches objects of this kind in the file, so that it may be incomplete as it stands. */
  isPatched(path: string, kind: string): boolean;
  /** By folder: what its kustomization names, as paths. */
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
}

/** A kustomization file's content as read. */
export interface KustomizationFile {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Reads the documents of a patch: those of a file by its path, or of text that stands in the kustomization. */
export type ReadPatch = (patch: { readonly path: string } | { readonly text: string }) => readonly unknown[];

/** The files and folders that a kustomization names; URLs are left out. */
export interface Kustomization {
  /** The kustomization file itself. */
  readonly path: string;
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly patches: readonly string[];
  readonly inputs: readonly string[];
  readonly values: readonly string[];
  /** Kinds that its patches change; undefined for all. */
  readonly patchedKinds: ReadonlySet<string> | 'all';
}

type Json = Readonly<Record<string, unknown>>;

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export function buildFileGraph(files: readonly KustomizationFile[], readPatch: ReadPatch): FileGraph {
  const byFolder = new Map<string, Kustomization>();
  for (const { path, content } of files) byFolder.set(directoryName(path), readKustomization(path, content, readPatch));
  const all = [...byFolder.values()];
  const patches = new Set(all.flatMap((kustomization) => kustomization.patches));
  const inputs = new Set(all.flatMap((kustomization) => kustomization.inputs));
  const values = new Set(all.flatMap((kustomization) => kustomization.values));
  const resources = new Set(all.flatMap((kustomization) => kustomization.resources));
  const patched = spreadPatches(byFolder);
  return {
    roleOf: (path) =>
      patches.has(path) ? 'patch' : inputs.has(path) ? 'input' : values.has(path) ? 'values' : undefined,
    isResource: (path) => resources.has(path),
    isPatched(path, kind) {
      const kinds = patched.get(path);
      return kinds === 'all' || (kinds?.has(kind) ?? false);
    },
    kustomizations: byFolder,
  };
}

/** For each file below a kustomization that patches: the kinds that it patches. */
function spreadPatches(byFolder: ReadonlyMap<string, Kustomization>): ReadonlyMap<string, Set<string> | 'all'> {
  const patched = new Map<string, Set<string> | 'all'>();
  for (const [folder, kustomization] of byFolder) {
    const kinds = kindsPatchedBy(kustomization, byFolder);
    if (kinds !== 'all' && kinds.size === 0) continue;
    for (const file of filesBelow(folder, byFolder)) {
      const known = patched.get(file);
      if (kinds === 'all' || known === 'all') patched.set(file, 'all');
      else patched.set(file, new Set([...(known ?? []), ...kinds]));
    }
  }
  return patched;
}

/** Patches of components act on the resources of whoever includes them. */
function kindsPatchedBy(
  kustomization: Kustomization,
  byFolder: ReadonlyMap<string, Kustomization>,
): ReadonlySet<string> | 'all' {
  const kinds = new Set<string>();
  for (const source of withComponents(kustomization, byFolder)) {
    if (source.patchedKinds === 'all') return 'all';
    for (const kind of source.patchedKinds) kinds.add(kind);
  }
  return kinds;
}

function withComponents(
  kustomization: Kustomization,
  byFolder: ReadonlyMap<string, Kustomization>,
  seen: Set<Kustomization> = new Set(),
): readonly Kustomization[] {
  if (seen.has(kustomization)) return [];
  seen.add(kustomization);
  const components = kustomization.components.flatMap((path) => byFolder.get(path) ?? []);
  return [kustomization, ...components.flatMap((component) => withComponents(component, byFolder, seen))];
}

/** The files that the kustomization of a folder builds, those of its bases and components among them. */
export function filesBelow(folder: string, byFolder: ReadonlyMap<string, Kustomization>): ReadonlySet<string> {
  const files = new Set<string>();
  const seen = new Set<string>();
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const kustomization = byFolder.get(next);
    for (const entry of [...(kustomization?.resources ?? []), ...(kustomization?.components ?? [])]) {
      if (byFolder.has(entry)) pending.push(entry);
      else files.add(entry);
    }
  }
  return files;
}

function readKustomization(path: string, content: Json, readPatch: ReadPatch): Kustomization {
  const folder = directoryName(path);
  const at = (entry: string) => joinPath(folder, entry);
  const entries = kustomizeEntries(content).filter(({ entry }) => !isRemote(entry));
  const named = (...roles: readonly EntryRole[]) =>
    entries.filter(({ role }) => roles.includes(role)).map(({ entry }) => at(entry));
  return {
    path,
    resources: named('resource'),
    components: named('component'),
    patches: named('patch'),
    inputs: [...named('data'), ...named('setting').filter((file) => /\.(ya?ml|json)$/i.test(baseName(file)))],
    values: named('values'),
    patchedKinds: patchedKinds(content, at, readPatch),
  };
}

function patchedKinds(content: Json, at: (entry: string) => string, readPatch: ReadPatch): ReadonlySet<string> | 'all' {
  const kinds = new Set<string>();
  const patches = [...kustomizeList(content, 'patches'), ...kustomizeList(content, 'patchesJson6902')];
  for (const patch of patches.filter(isObject)) {
    const target = isObject(patch.target) ? patch.target : undefined;
    const found = target === undefined ? kindsOf(patch, at, readPatch) : [target.kind];
    for (const kind of found) {
      if (!isText(kind) || /[^A-Za-z0-9]/.test(kind)) return 'all';
      kinds.add(kind);
    }
  }
  for (const merge of kustomizeList(content, 'patchesStrategicMerge').filter(isText)) {
    for (const kind of kindsOf(isPath(merge) ? { path: merge } : { patch: merge }, at, readPatch)) {
      if (!isText(kind)) return 'all';
      kinds.add(kind);
    }
  }
  return kinds;
}

function kindsOf(patch: Json, at: (entry: string) => string, readPatch: ReadPatch): readonly unknown[] {
  const documents = isText(patch.path)
    ? readPatch({ path: at(patch.path) })
    : readPatch({ text: isText(patch.patch) ? patch.patch : '' });
  return documents.map((document) => (isObject(document) ? document.kind : undefined));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
