import type { Path } from '../manifests/locate.ts';
import type { ResourceId } from '../manifests/resource.ts';
import type { KustomizationFile } from './file-graph.ts';
import { groupOf } from './schemas.ts';

/** What rules over several files look at. */
export interface ManifestSet {
  /** All objects of all files, but no patches. */
  readonly objects: readonly SetObject[];
  /** What kustomize reads, in the order of their paths. */
  readonly kustomizations: readonly KustomizationFile[];
  readonly tree: Tree;
  /** Undefined where nothing is known of the repository around the files. */
  readonly repository: Repository | undefined;
  /** Every manifest of the repository is among the files, so that what is not there does not exist in it. */
  readonly whole: boolean;
}

/** An object, and where it stands. */
export interface SetObject {
  readonly path: string;
  /** From 1, within the file. */
  readonly document: number;
  /** Empty, or below `items` of a List. */
  readonly at: Path;
  readonly resource: ResourceId;
  /** False where an overlay in the tree patches it. */
  readonly complete: boolean;
  /** Of the kinds that point at others only: see `isKept`. */
  readonly value?: Readonly<Record<string, unknown>>;
}

export type PathKind = 'file' | 'folder' | 'missing' | 'unknown';

/** The files and folders that there are, by their paths as findings have them. */
export interface Tree {
  kindOf(path: string): PathKind;
  /** Paths of the manifests among the files that lie in the folder itself. */
  filesIn(folder: string): readonly string[];
  /** Folders that hold a manifest, anywhere below the folder. */
  foldersBelow(folder: string): readonly string[];
}

/** The Git repository that the files are in. */
export interface Repository {
  /** The working directory as seen from the top of the repository; `''` where it is the top. */
  readonly prefix: string;
  /** Whether a URL names this repository; `perhaps` for a fork or a mirror, and where it is not known. */
  isSame(url: string): 'yes' | 'perhaps' | 'no';
  /** True where the revision follows the branch that the files are on, or will be merged into. */
  isFollowed(revision: string | undefined): boolean;
}

/** A path from the top of the repository, as seen from the working directory. */
export function fromTop(repository: Repository, path: string): string {
  const { prefix } = repository;
  if (prefix === '') return path;
  if (path === prefix) return '';
  if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length + 1);
  return `${prefix.replace(/[^/]+/g, '..')}${path === '' ? '' : `/${path}`}`;
}

/** Values are kept of the objects of delivery engines, and of those that make Secrets: the rest is known by name alone. */
export function isKept({ apiVersion }: ResourceId): boolean {
  if (apiVersion === 'v1' || apiVersion === 'apps/v1') return false;
  const group = groupOf(apiVersion);
  return group === 'argoproj.io' || group.endsWith('toolkit.fluxcd.io') || MAKERS.has(group);
}

const KEPT = new WeakMap<readonly SetObject[], readonly SetObject[]>();

/** Those with their values: few among many, and looked through by many rules. */
export function keptObjects(objects: readonly SetObject[]): readonly SetObject[] {
  const kept = KEPT.get(objects) ?? objects.filter(({ value }) => value !== undefined);
  KEPT.set(objects, kept);
  return kept;
}

const MAKERS: ReadonlySet<string> = new Set(['external-secrets.io', 'bitnami.com', 'fluxcd.controlplane.io']);
