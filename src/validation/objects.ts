import { LIMITS } from '../manifests/limits.ts';
import type { Path } from '../manifests/locate.ts';
import type { ResourceId } from '../manifests/resource.ts';
import { ownText, ownWord } from './own-text.ts';
import type { ManifestObject } from './rules/rule.ts';
import { isObject } from './scalars.ts';

export interface ObjectsOptions {
  readonly encrypted: boolean;
  /** A kustomization lists the file. */
  readonly kustomized?: boolean;
  /** True where an overlay patches objects of this kind in the file. */
  isPatched(kind: string): boolean;
  isKnown(apiVersion: string, kind: string): boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** The objects of a document: itself, or the items of a List, which may hold Lists in turn. */
export function objectsOf(value: Json, options: ObjectsOptions): readonly ManifestObject[] {
  return expand(value, [], options);
}

function expand(value: Json, path: Path, options: ObjectsOptions): readonly ManifestObject[] {
  const itemKind = path.length < LIMITS.depth ? itemsOf(value, options) : undefined;
  if (itemKind === undefined) return [manifestObject(value, path, options)];
  return itemKind.items.flatMap((item, index) => {
    const at = [...path, 'items', index];
    const object = isObject(item) ? { ...itemKind.defaults, ...item } : { ...itemKind.defaults };
    return expand(object, at, options);
  });
}

/** Items of a `ConfigMapList` need not repeat what they are. */
function itemsOf(value: Json, options: ObjectsOptions): { items: readonly unknown[]; defaults: Json } | undefined {
  const { apiVersion, kind, items } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !kind.endsWith('List')) return undefined;
  if (kind === 'List' && apiVersion === 'v1') return { items: Array.isArray(items) ? items : [], defaults: {} };
  const itemKind = kind.slice(0, -'List'.length);
  const isList = Array.isArray(items) || items === null || items === undefined;
  if (!isList || !options.isKnown(apiVersion, itemKind)) return undefined;
  return { items: items ?? [], defaults: { apiVersion, kind: itemKind } };
}

function manifestObject(value: Json, path: Path, options: ObjectsOptions): ManifestObject {
  const resource = resourceOf(value);
  const complete = !options.isPatched(resource.kind);
  return { resource, value, path, complete, encrypted: options.encrypted, kustomized: options.kustomized ?? false };
}

function resourceOf(value: Json): ResourceId {
  const metadata = isObject(value.metadata) ? value.metadata : {};
  const { name, namespace } = metadata;
  return {
    apiVersion: word(value.apiVersion),
    kind: word(value.kind),
    ...(typeof namespace === 'string' ? { namespace: ownWord(namespace) } : {}),
    ...(typeof name === 'string' ? { name: ownText(name) } : {}),
  };
}

function word(value: unknown): string {
  return typeof value === 'string' ? ownWord(value) : '';
}
