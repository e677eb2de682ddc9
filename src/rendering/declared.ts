import type { Repository } from '../validation/manifest-set.ts';
import { groupOf } from '../validation/schemas.ts';
import type { SourceTree } from './source-tree.ts';
import type { Place, Undone, Unit } from './unit.ts';
import type { Json } from './yaml-values.ts';

/** An object that tells a delivery engine what to render. */
export interface Declared {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly value: Json;
  readonly place: Place;
  /** The declarations that it comes from, outermost first. */
  readonly ancestors: readonly string[];
}

/** What a declaration comes to. */
export interface Plan {
  readonly units: readonly Unit[];
  readonly undone: readonly Undone[];
}

export interface Surroundings {
  readonly tree: SourceTree;
  /** Undefined where nothing is known of it: then only what says so itself is in it. */
  readonly repository: Repository | undefined;
  /** The object of that kind and name, rendered or in a file; of several, the one nearest to the path. */
  findObject(kind: string, name: string, namespace: string | undefined, near: string): Json | undefined;
  /** All objects of a kind, the nearest to the path first. */
  listObjects(kind: string, near: string): readonly Json[];
}

/** `Kustomization flux-system/apps`. */
export function identityOf({ kind, namespace, name }: Pick<Declared, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

export function isFlux({ apiVersion, kind }: Pick<Declared, 'apiVersion' | 'kind'>, wanted: string): boolean {
  return kind === wanted && groupOf(apiVersion).endsWith('.toolkit.fluxcd.io');
}

export function isArgo({ apiVersion, kind }: Pick<Declared, 'apiVersion' | 'kind'>, wanted: string): boolean {
  return kind === wanted && groupOf(apiVersion) === 'argoproj.io';
}

export function undone(declared: Declared, reason: string): Plan {
  return { units: [], undone: [{ name: identityOf(declared), place: declared.place, reason }] };
}

export function planned(...units: readonly Unit[]): Plan {
  return { units, undone: [] };
}

/** A path of a source that may be this very repository; undefined where it is another's, or not there. */
export async function pathHere(
  { tree, repository }: Surroundings,
  url: string | undefined,
  revision: string | undefined,
  path: string,
): Promise<string | undefined> {
  if (repository?.isFollowed(revision) === false) return undefined;
  const same = url === undefined ? 'perhaps' : (repository?.isSame(url) ?? 'perhaps');
  const here = tree.fromWorkingDirectory(path);
  if (same === 'no') return undefined;
  const kind = await tree.kindOf(here);
  return kind === 'folder' && (same === 'yes' || path !== '') ? here : undefined;
}
