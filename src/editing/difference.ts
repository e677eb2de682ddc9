import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { keyOf, type NodePath } from './node-index.ts';
import type { YamlFile } from './yaml-file.ts';

/** One way in which two parsed files differ. */
export type Difference =
  | {
      readonly kind: 'value';
      readonly document: number;
      readonly path: NodePath;
      readonly before: Scalar;
      readonly after: Scalar;
    }
  /** The value of a new key, or a new item of a list. */
  | { readonly kind: 'added'; readonly document: number; readonly path: NodePath; readonly node: unknown }
  | { readonly kind: 'removed'; readonly document: number; readonly path: NodePath }
  /** Anything that is no edit of single scalars. */
  | { readonly kind: 'other'; readonly document: number; readonly path: NodePath };

/** Every structural difference, found by walking both trees in step. Comments and layout play no part. */
export function differences(before: YamlFile, after: YamlFile): readonly Difference[] {
  if (before.documents.length !== after.documents.length) return [{ kind: 'other', document: 0, path: [] }];
  const found: Difference[] = [];
  for (const [document, old] of before.documents.entries()) {
    compare({ document, found }, [], old.root, after.documents[document]?.root ?? null);
  }
  return found;
}

interface Walk {
  readonly document: number;
  readonly found: Difference[];
}

function compare(walk: Walk, path: NodePath, before: unknown, after: unknown): void {
  if (isScalar(before) && isScalar(after) && sameProperties(before, after)) compareScalars(walk, path, before, after);
  else if (isMap(before) && isMap(after) && sameProperties(before, after)) compareMaps(walk, path, before, after);
  else if (isSeq(before) && isSeq(after) && sameProperties(before, after)) compareLists(walk, path, before, after);
  else if (!sameAliasOrNothing(before, after)) walk.found.push({ kind: 'other', document: walk.document, path });
}

function sameAliasOrNothing(before: unknown, after: unknown): boolean {
  if (isAlias(before) && isAlias(after)) return before.source === after.source;
  return (before ?? null) === null && (after ?? null) === null;
}

function compareScalars(walk: Walk, path: NodePath, before: Scalar, after: Scalar): void {
  const same = before.type === after.type && before.source === after.source;
  if (!same) walk.found.push({ kind: 'value', document: walk.document, path, before, after });
}

function compareMaps(walk: Walk, path: NodePath, before: YAMLMap, after: YAMLMap): void {
  const oldKeys = new Set(before.items.map(keyOf));
  const newKeys = new Set(after.items.map(keyOf));
  const kept = before.items.filter((pair) => newKeys.has(keyOf(pair)));
  const keptToo = after.items.filter((pair) => oldKeys.has(keyOf(pair)));
  const inOrder =
    kept.length === keptToo.length && kept.every((pair, index) => keyOf(pair) === keyOf(keptToo[index] ?? pair));
  if (!inOrder || before.flow !== after.flow) {
    walk.found.push({ kind: 'other', document: walk.document, path });
    return;
  }
  for (const [index, pair] of kept.entries()) {
    const other = keptToo[index];
    if (!isScalar(pair.key)) compare(walk, path, pair.key, other?.key);
    compare(walk, [...path, keyOf(pair) ?? ''], pair.value, other?.value);
  }
  for (const pair of before.items.filter((own) => !newKeys.has(keyOf(own)))) reportRemoved(walk, path, keyOf(pair));
  for (const pair of after.items.filter((own) => !oldKeys.has(keyOf(own))))
    reportAdded(walk, path, keyOf(pair), pair.value);
}

function reportAdded(walk: Walk, path: NodePath, step: string | number = '', node: unknown): void {
  walk.found.push({ kind: 'added', document: walk.document, path: [...path, step], node });
}

function reportRemoved(walk: Walk, path: NodePath, step: string | number = ''): void {
  walk.found.push({ kind: 'removed', document: walk.document, path: [...path, step] });
}

/** Items that came or went are told by their names; without these, lists that differ in length differ at their ends. */
function compareLists(walk: Walk, path: NodePath, before: YAMLSeq, after: YAMLSeq): void {
  const pairs = pairUp(before, after);
  const inOrder = pairs.every(([, index], at) => at === 0 || index > (pairs[at - 1]?.[1] ?? 0));
  if (!inOrder || before.flow !== after.flow) {
    walk.found.push({ kind: 'other', document: walk.document, path });
    return;
  }
  for (const [index, other] of pairs) compare(walk, [...path, index], before.items[index], after.items[other]);
  const kept = new Set(pairs.map(([index]) => index));
  for (const index of before.items.keys()) if (!kept.has(index)) reportRemoved(walk, path, index);
  const known = new Set(pairs.map(([, index]) => index));
  for (const [index, item] of after.items.entries()) if (!known.has(index)) reportAdded(walk, path, index, item);
}

/** Indexes of the items of two lists that stand for each other. */
function pairUp(before: YAMLSeq, after: YAMLSeq): readonly (readonly [number, number])[] {
  const isSameLength = before.items.length === after.items.length;
  const [old, next] = isSameLength ? [] : [itemNames(before), itemNames(after)];
  if (old === undefined || next === undefined) {
    return Array.from({ length: Math.min(before.items.length, after.items.length) }, (_, index) => [index, index]);
  }
  const places = new Map(next.map((name, index) => [name, index]));
  return old.flatMap((name, index) => {
    const other = places.get(name);
    return other === undefined ? [] : [[index, other] as const];
  });
}

/** The `name` of every item; undefined where one has none, or two have the same. */
function itemNames(list: YAMLSeq): readonly string[] | undefined {
  const names = list.items.flatMap((item) => {
    const name = isMap(item) ? item.items.find((pair) => keyOf(pair) === 'name')?.value : undefined;
    return isScalar(name) ? [String(name.value)] : [];
  });
  return names.length === list.items.length && new Set(names).size === names.length ? names : undefined;
}

function sameProperties(before: Node, after: Node): boolean {
  return before.tag === after.tag && anchorOf(before) === anchorOf(after);
}

function anchorOf(node: Node): string | undefined {
  return isAlias(node) ? undefined : (node as Scalar).anchor;
}
