import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { keyOf } from './node-index.ts';
import { readScalar } from './scalar-text.ts';
import type { Slot } from './site.ts';
import type { YamlDocument } from './yaml-file.ts';

/** The pair that `map` reads for `key`: its own, else that of a merge key (https://yaml.org/type/merge.html). */
export function findEntry(document: YamlDocument, map: YAMLMap, key: string): Pair | undefined {
  return findIn(document, map, key, new Set());
}

export function mapAt(document: YamlDocument, map: YAMLMap, ...keys: readonly string[]): YAMLMap | undefined {
  const node = nodeAt(document, map, ...keys);
  return isMap(node) ? node : undefined;
}

export function listAt(document: YamlDocument, map: YAMLMap, ...keys: readonly string[]): YAMLSeq | undefined {
  const node = nodeAt(document, map, ...keys);
  return isSeq(node) ? node : undefined;
}

/** The text of the scalar below `keys`; undefined for anything else, and for null. */
export function textAt(document: YamlDocument, map: YAMLMap, ...keys: readonly string[]): string | undefined {
  const node = nodeAt(document, map, ...keys);
  return isScalar(node) && node.value !== null ? readScalar(node) : undefined;
}

/** The scalar under `key`, as a list of none or one. */
export function scalarAt(document: YamlDocument, map: YAMLMap | undefined, key: string): readonly Scalar[] {
  const node = map === undefined ? undefined : nodeAt(document, map, key);
  return isScalar(node) ? [node as Scalar] : [];
}

/** Every map of a list, aliases resolved. */
export function mapsOf(document: YamlDocument, list: YAMLSeq | undefined): readonly YAMLMap[] {
  return (list?.items ?? []).map((item) => document.nodes.resolve(item)).filter((item) => isMap(item));
}

/** The slot of `key`: the scalar there, or undefined when the key is missing or holds something else. */
export function slotAt(document: YamlDocument, map: YAMLMap, key: string, place: string): Slot | undefined {
  const entry = findEntry(document, map, key);
  return entry === undefined ? undefined : slotOf(document, entry.value, place);
}

export function slotOf(document: YamlDocument, node: unknown, place: string): Slot | undefined {
  const scalar = document.nodes.resolve(node);
  if (!isScalar(scalar)) return undefined;
  return { kind: 'present', node: scalar as Scalar, text: readScalar(scalar), place };
}

/** The gap for a missing `key` of `map`, right after the first of `siblings` that it has itself. */
export function gapAfter(map: YAMLMap, siblings: readonly string[], key: string, place: string): Slot | undefined {
  const own = new Map(map.items.map((pair) => [keyOf(pair), pair]));
  if (own.has(key)) return undefined;
  const after = siblings.map((sibling) => own.get(sibling)).find((pair) => pair !== undefined);
  return after === undefined ? undefined : { kind: 'absent', map, key, after, place };
}

function nodeAt(document: YamlDocument, map: YAMLMap, ...keys: readonly string[]): Node | undefined {
  let node: Node | undefined = map;
  for (const key of keys) {
    const entry: Pair | undefined = isMap(node) ? findEntry(document, node, key) : undefined;
    node = document.nodes.resolve(entry?.value);
  }
  return node;
}

function findIn(document: YamlDocument, map: YAMLMap, key: string, seen: Set<YAMLMap>): Pair | undefined {
  if (seen.has(map)) return undefined;
  seen.add(map);
  const own = map.items.find((pair) => keyOf(pair) === key);
  if (own !== undefined) return own;
  for (const merged of mergedMaps(document, map)) {
    const entry = findIn(document, merged, key, seen);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function mergedMaps(document: YamlDocument, map: YAMLMap): readonly YAMLMap[] {
  const merges = map.items.filter((pair) => keyOf(pair) === '<<').map((pair) => document.nodes.resolve(pair.value));
  return merges.flatMap((node) => (isMap(node) ? [node] : isSeq(node) ? mapsOf(document, node) : []));
}
