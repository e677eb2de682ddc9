import { baseName, directoryName } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { type FluxBuild, spreadFluxPatches } from './flux-patches.ts';
import { type EntryRole, isRemote, kustomizeEntries } from './kustomize-entries.ts';
import { type Kinds, patchedKinds, type ReadPatch, union } from './patched-kinds.ts';
import { policyManifests } from './policy-generator.ts';
import type { TestFiles } from './test-assertions.ts';

/** What kustomizations of the tree, and tests in it, say about its other files. */
export interface FileGraph {
  /**
   * Why a file is no manifest of its own: a patch, or an input of a generator. `forgotten patch`: nothing names it, but its
   * own name says that it is a patch of a kustomization nearby.
   */
  roleOf(path: string): 'patch' | 'forgotten patch' | 'input' | 'values' | 'assertion' | undefined;
  /** True where kustomize reads the file as a resource. */
  isResource(path: string): boolean;
  /**
   * True where nothing in the tree names a file that lies beside a kustomization: a patch, or a base, that may get its
   * namespace and what it lacks from there, or that nobody deploys. So it is with a file beside a test, whose steps may
   * apply part of an object that is there already.
   */
  isLeftOut(path: string): boolean;
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

/** The files and folders that a kustomization names; URLs are left out. */
export interface Kustomization {
  /** The kustomization file itself. */
  readonly path: string;
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly patches: readonly string[];
  readonly inputs: readonly string[];
  readonly values: readonly string[];
  /** Kinds that its patches change. */
  readonly patchedKinds: Kinds;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 * @param fluxBuilds Kustomizations of Flux, which patch what they build in turn
 * @param tests files with parts of objects that tests compare with, and the folders of tests
 */
export function buildFileGraph(
  files: readonly KustomizationFile[],
  readPatch: ReadPatch,
  fluxBuilds: readonly FluxBuild[] = [],
  tests: TestFiles = { parts: new Set(), folders: new Set() },
): FileGraph {
  const byFolder = new Map<string, Kustomization>();
  for (const { path, content } of files) byFolder.set(directoryName(path), readKustomization(path, content, readPatch));
  const all = [...byFolder.values()];
  const patches = new Set(all.flatMap((kustomization) => kustomization.patches));
  const inputs = new Set(all.flatMap((kustomization) => kustomization.inputs));
  const values = new Set(all.flatMap((kustomization) => kustomization.values));
  const resources = new Set(all.flatMap((kustomization) => kustomization.resources));
  const patched = spreadPatches(byFolder);
  const patchedByFlux = spreadFluxPatches(fluxBuilds, (folder) => filesBelow(folder, byFolder));
  return {
    roleOf(path) {
      if (patches.has(path)) return 'patch';
      if (inputs.has(path) || inputs.has(directoryName(path))) return 'input';
      if (values.has(path)) return 'values';
      if (tests.parts.has(path)) return 'assertion';
      return !resources.has(path) && isNamedAsPatch(path) && isNearKustomization(path, byFolder)
        ? 'forgotten patch'
        : undefined;
    },
    isResource: (path) => resources.has(path),
    isLeftOut(path) {
      const folder = directoryName(path);
      return (byFolder.has(folder) && !resources.has(path)) || tests.folders.has(folder);
    },
    isPatched: (path, kind) => includes(patched.get(path), kind) || includes(patchedByFlux(path), kind),
    kustomizations: byFolder,
  };
}

function includes(kinds: Kinds | undefined, kind: string): boolean {
  return kinds === 'all' || (kinds?.has(kind) ?? false);
}

/** As kubebuilder and most people call them: `patches/…`, `x_patch.yaml`, `x-patch.yaml`, `patch-x.yaml`. */
function isNamedAsPatch(path: string): boolean {
  if (!/patch/i.test(path)) return false;
  if (/(^|[-_.])patch\.(ya?ml|json)$|^patch[-_.]/i.test(baseName(path))) return true;
  return /(^|\/)patch(es)?$/i.test(directoryName(path));
}

/** In the folder of a kustomization, or in one of the two above: `config/crd/patches/x.yaml` belongs to `config/crd`. */
function isNearKustomization(path: string, byFolder: ReadonlyMap<string, unknown>): boolean {
  const folder = directoryName(path);
  const above = directoryName(folder);
  return [folder, above, directoryName(above)].some((candidate) => byFolder.has(candidate));
}

/** For each file below a kustomization that patches: the kinds that it patches. */
function spreadPatches(byFolder: ReadonlyMap<string, Kustomization>): ReadonlyMap<string, Kinds> {
  const patched = new Map<string, Kinds>();
  for (const [folder, kustomization] of byFolder) {
    const kinds = kindsPatchedBy(kustomization, byFolder);
    if (kinds !== 'all' && kinds.size === 0) continue;
    for (const file of filesBelow(folder, byFolder)) {
      const known = patched.get(file);
      patched.set(file, known === undefined ? kinds : union(known, kinds));
    }
  }
  return patched;
}

/** Patches of components act on the resources of whoever includes them. */
function kindsPatchedBy(kustomization: Kustomization, byFolder: ReadonlyMap<string, Kustomization>): Kinds {
  return withComponents(kustomization, byFolder)
    .map((source) => source.patchedKinds)
    .reduce(union);
}

function withComponents(
  kustomization: Kustomization,
  byFolder: ReadonlyMap<string, Kustomization>,
): readonly Kustomization[] {
  const found = new Set([kustomization]);
  // A set gives what is added to it while it is gone through.
  for (const { components } of found) {
    for (const path of components) {
      const component = byFolder.get(path);
      if (component !== undefined) found.add(component);
    }
  }
  return [...found];
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
    inputs: [
      ...policyManifests(path, content, readPatch),
      ...named('data'),
      ...named('setting').filter((file) => /\.(ya?ml|json)$/i.test(baseName(file))),
    ],
    values: named('values'),
    patchedKinds: patchedKinds(content, at, readPatch),
  };
}
