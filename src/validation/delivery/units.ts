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

/**
 * Files that are told of all units of one run. Kustomizations that build each other in a long row, or folders in each other that
 * are all deployed, would come to millions: from here on a unit holds only the files that it names, or that lie in its folder.
 */
const MOST_FILES = 5_000_000;

interface Work {
  readonly set: ManifestSet;
  /** The folders of kustomizations, with what these build. */
  readonly built: ReadonlyMap<string, Built>;
  left: number;
}

interface Built {
  readonly path: string;
  /** Files and folders, in their order. */
  readonly resources: readonly string[];
  /** Changes nothing about names and namespaces. */
  readonly isPlain: boolean;
}

/** The kustomizations, and the plain folders that an Application or a Kustomization of Flux deploys. */
export function units(set: ManifestSet): readonly Unit[] {
  const built = new Map(set.kustomizations.map((file) => [directoryName(file.path), builtBy(file)]));
  const work: Work = { set, built, left: MOST_FILES };
  const kustomized = [...built].map(([folder, { path }]) => ({
    name: `the kustomization ${path}`,
    files: filesOf(folder, work),
    refuses: true,
  }));
  return [...kustomized, ...argoFolders(work), ...fluxFolders(work)];
}

function builtBy({ path, content }: ManifestSet['kustomizations'][number]): Built {
  const folder = directoryName(path);
  const resources = kustomizeEntries(content)
    .filter(({ role, entry }) => role === 'resource' && !isRemote(entry))
    .map(({ entry }) => joinPath(folder, entry));
  return { path, resources, isPlain: isPlain(content) };
}

/**
 * The files of a kustomization and of those of its bases that change nothing about names and namespaces, each once.
 * Components are left out: they may take away what they find.
 */
function filesOf(folder: string, work: Work): readonly string[] {
  const files: string[] = [];
  const seen = new Set([folder]);
  const pending = [...(work.built.get(folder)?.resources ?? [])].reverse();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    work.left--;
    const base = work.built.get(path);
    if (seen.has(path) || (base !== undefined && (!base.isPlain || work.left < 0))) continue;
    seen.add(path);
    if (base === undefined) files.push(path);
    else for (let index = base.resources.length - 1; index >= 0; index--) pending.push(base.resources[index] ?? '');
  }
  return files;
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
function argoFolders(work: Work): readonly Unit[] {
  const { set, built } = work;
  const sources = argoSources(set).flatMap((source) => {
    const { path, chart } = source.value;
    const directory = objectIn(source.value, 'directory');
    const isFiltered = ['include', 'exclude', 'jsonnet'].some((name) => directory?.[name] !== undefined);
    if (typeof path !== 'string' || isOpen(path) || chart !== undefined || isFiltered) return [];
    if (RENDERED_BY.some((name) => source.value[name] !== undefined)) return [];
    return [{ url: source.repoURL, revision: source.revision, path, recurse: directory?.recurse === true, source }];
  });
  const found = firstOf(lookUpHere(set, sources), ({ wanted, path }) => `${wanted.recurse} ${path}`);
  return found.flatMap(({ wanted, path, kind }) => {
    if (kind !== 'folder' || built.has(path) || isChart(set, path)) return [];
    const name = `the Application ${wanted.source.object.resource.name ?? ''}`;
    return [
      { name, files: wanted.recurse ? filesBelow(work, path, new Set()) : set.tree.filesIn(path), refuses: false },
    ];
  });
}

/** Flux makes a kustomization of all files below a folder that has none; folders that have one are its bases. */
function fluxFolders(work: Work): readonly Unit[] {
  const { set, built } = work;
  const wanted = fluxObjects(set, 'Kustomization').flatMap((from) => {
    const { path, sourceRef } = from.spec;
    const { kind, name } = Object(sourceRef) as { readonly kind?: unknown; readonly name?: unknown };
    const isGiven = kind === 'GitRepository' && name === 'flux-system';
    return isGiven && typeof path === 'string' && !isOpen(path)
      ? [{ url: undefined, revision: undefined, path, from }]
      : [];
  });
  const found = firstOf(lookUpHere(set, wanted), ({ path }) => path);
  return found.flatMap(({ wanted: { from }, path, kind }) => {
    if (kind !== 'folder' || built.has(path)) return [];
    const name = `the Kustomization ${from.object.resource.name ?? ''}`;
    return [{ name, files: filesBelow(work, path, built), refuses: true }];
  });
}

/** Two units of the same files have nothing to tell but what the first one does. */
function firstOf<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...Map.groupBy(items, keyOf).values()].flatMap(([first]) => (first === undefined ? [] : [first]));
}

/** `closed` are folders that are left out with all below them. */
function filesBelow(work: Work, folder: string, closed: Pick<ReadonlySet<string>, 'has'>): readonly string[] {
  const { tree } = work.set;
  const below = work.left < 0 ? [] : tree.foldersBelow(folder).filter((path) => !isClosed(path, folder, closed));
  const files = [folder, ...below].flatMap((path) => tree.filesIn(path));
  work.left -= below.length + files.length;
  return files;
}

function isClosed(path: string, top: string, closed: Pick<ReadonlySet<string>, 'has'>): boolean {
  for (let at = path; at !== top; at = directoryName(at)) if (closed.has(at)) return true;
  return false;
}

function isChart({ tree }: ManifestSet, folder: string): boolean {
  return tree.filesIn(folder).includes(joinPath(folder, 'Chart.yaml'));
}
