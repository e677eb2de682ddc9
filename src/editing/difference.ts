import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
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
  | { readonly kind: 'added'; readonly document: number; readonly path: NodePath; readonly pair: Pair }
  | { readonly kind: 'removed'; readonly document: number; readonly path: NodePath; readonly pair: Pair }
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
  report(
    walk,
    path,
    'removed',
    before.items.filter((pair) => !newKeys.has(keyOf(pair))),
  );
  report(
    walk,
    path,
    'added',
    after.items.filter((pair) => !oldKeys.has(keyOf(pair))),
  );
}

function report(walk: Walk, path: NodePath, kind: 'added' | 'removed', pairs: readonly Pair[]): void {
  for (const pair of pairs) {
    walk.found.push({ kind, document: walk.document, path: [...path, keyOf(pair) ?? ''], pair });
  }
}

function compareLists(walk: Walk, path: NodePath, before: YAMLSeq, after: YAMLSeq): void {
  if (before.items.length !== after.items.length || before.flow !== after.flow) {
    walk.found.push({ kind: 'other', document: walk.document, path });
    return;
  }
  for (const [index, item] of before.items.entries()) compare(walk, [...path, index], item, after.items[index]);
}

function sameProperties(before: Node, after: Node): boolean {
  return before.tag === after.tag && anchorOf(before) === anchorOf(after);
}

function anchorOf(node: Node): string | undefined {
  return isAlias(node) ? undefined : (node as Scalar).anchor;
}
