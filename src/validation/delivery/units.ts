import { directoryName } from '../../manifests/file-names.ts';
import { joinPath } from '../../manifests/paths.ts';
import { objectIn } from '../kubernetes/reading.ts';
import { isRemote, kustomizeEntries } from '../kustomize-entries.ts';
import type { ManifestSet } from '../manifest-set.ts';
import { argoSources } from './argocd-sources.ts';
import { fluxObjects } from './flux-objects.ts';
import { isOpen, lookUpHere } from './here.ts';

/** Files whose objects reach one cluster and namespace together, as they stand. */
export interface Unit {
  /** What builds or applies them, in words. */
  readonly name: string;
  readonly files: readonly string[];
  /** kustomize refuses a second object of the same name; Argo CD takes the last one, and warns. */
  readonly refuses: boolean;
}

/** The kustomizations, and the plain folders that an Application or a Kustomization of Flux deploys. */
export function units(set: ManifestSet): readonly Unit[] {
  const byFolder = new Map(set.kustomizations.map((file) => [directoryName(file.path), file]));
  const built = [...byFolder].map(([folder, { path }]) => ({
    name: `the kustomization ${path}`,
    files: filesOf(folder, byFolder),
    refuses: true,
  }));
  return [...built, ...argoFolders(set, byFolder), ...fluxFolders(set, byFolder)];
}

type ByFolder = ReadonlyMap<string, ManifestSet['kustomizations'][number]>;

/**
 * The files of a kustomization and of those of its bases that change nothing about names and namespaces, each once.
 * Components are left out: they may take away what they find.
 */
function filesOf(folder: string, byFolder: ByFolder, seen: Set<string> = new Set()): readonly string[] {
  const kustomization = byFolder.get(folder);
  if (kustomization === undefined || seen.has(folder)) return [];
  seen.add(folder);
  return kustomizeEntries(kustomization.content)
    .filter(({ role, entry }) => role === 'resource' && !isRemote(entry))
    .flatMap(({ entry }) => {
      const path = joinPath(folder, entry);
      const base = byFolder.get(path);
      if (base !== undefined) return isPlain(base.content) ? filesOf(path, byFolder, seen) : [];
      if (seen.has(path)) return [];
      seen.add(path);
      return [path];
    });
}

const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'labels',
  'commonLabels',
  'commonAnnotations',
  'images',
  'replicas',
]);

function isPlain(content: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(content).every((name) => PLAIN_FIELDS.has(name));
}

const RENDERED_BY: readonly string[] = ['helm', 'kustomize', 'plugin'];

/** https://argo-cd.readthedocs.io/en/stable/user-guide/directory/ */
function argoFolders(set: ManifestSet, byFolder: ByFolder): readonly Unit[] {
  const sources = argoSources(set).flatMap((source) => {
    const { path, chart } = source.value;
    const directory = objectIn(source.value, 'directory');
    const isFiltered = ['include', 'exclude', 'jsonnet'].some((name) => directory?.[name] !== undefined);
    if (typeof path !== 'string' || isOpen(path) || chart !== undefined || isFiltered) return [];
    if (RENDERED_BY.some((name) => source.value[name] !== undefined)) return [];
    return [{ url: source.repoURL, revision: source.revision, path, recurse: directory?.recurse === true, source }];
  });
  return lookUpHere(set, sources).flatMap(({ wanted, path, kind }) => {
    if (kind !== 'folder' || byFolder.has(path) || isChart(set, path)) return [];
    const name = `the Application ${wanted.source.object.resource.name ?? ''}`;
    return [{ name, files: wanted.recurse ? filesBelow(set, path) : set.tree.filesIn(path), refuses: false }];
  });
}

/** Flux makes a kustomization of all files below a folder that has none; folders that have one are its bases. */
function fluxFolders(set: ManifestSet, byFolder: ByFolder): readonly Unit[] {
  const wanted = fluxObjects(set, 'Kustomization').flatMap((from) => {
    const { path, sourceRef } = from.spec;
    const { kind, name } = Object(sourceRef) as { readonly kind?: unknown; readonly name?: unknown };
    const isGiven = kind === 'GitRepository' && name === 'flux-system';
    return isGiven && typeof path === 'string' && !isOpen(path)
      ? [{ url: undefined, revision: undefined, path, from }]
      : [];
  });
  return lookUpHere(set, wanted).flatMap(({ wanted: { from }, path, kind }) => {
    if (kind !== 'folder' || byFolder.has(path)) return [];
    const name = `the Kustomization ${from.object.resource.name ?? ''}`;
    const files = filesBelow(set, path, (folder) => byFolder.has(folder));
    return [{ name, files, refuses: true }];
  });
}

function filesBelow(set: ManifestSet, folder: string, stopsAt: (folder: string) => boolean = () => false) {
  const closed = set.tree.foldersBelow(folder).filter(stopsAt);
  const open = set.tree
    .foldersBelow(folder)
    .filter((candidate) => !closed.some((stop) => candidate === stop || candidate.startsWith(`${stop}/`)));
  return [folder, ...open].flatMap((candidate) => set.tree.filesIn(candidate));
}

function isChart({ tree }: ManifestSet, folder: string): boolean {
  return tree.filesIn(folder).includes(joinPath(folder, 'Chart.yaml'));
}
