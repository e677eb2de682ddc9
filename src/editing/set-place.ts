import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { nearestNames } from './nearest.ts';
import { keyOf } from './node-index.ts';
import { findEntry, slotOf, textAt } from './reading.ts';
import type { SetStep, SetWish } from './set-wish.ts';
import type { Slot } from './site.ts';
import { lineIn, parseScalarText, type YamlDocument, type YamlFile } from './yaml-file.ts';

/** Where a `set` leads in one file. */
export type SetPlace =
  | { readonly kind: 'found'; readonly document: YamlDocument; readonly slot: Slot }
  /** `reason` ends a sentence that begins with the path. */
  | { readonly kind: 'absent' | 'ambiguous' | 'no-scalar'; readonly line: number; readonly reason: string };

interface Spot {
  readonly document: YamlDocument;
  readonly node: Node;
}

/**
 * Follows a path from the top of every document, through aliases and merge keys, and into text that is YAML of its own. It
 * must lead to one place in the whole file; conditions that stand one after the other must hold together. `create` lets a
 * last key that is missing be the place.
 */
export function findSetPlace(file: YamlFile, wish: SetWish, create: boolean): SetPlace {
  let spots = file.documents.flatMap((document) =>
    document.root === null ? [] : [{ document, node: document.root as Node }],
  );
  for (const [index, step] of wish.steps.entries()) {
    const next = spots.flatMap((spot) => follow(spot, step));
    const inOneList = [...Map.groupBy(next, ({ document }) => document).values()].find(({ length }) => length > 1);
    if (inOneList !== undefined && wish.steps[index + 1]?.kind !== 'filter') return severalItems(inOneList, step);
    if (next.length === 0) return lastGap(spots, wish, index, create) ?? absent(spots, wish.steps, index);
    spots = next;
  }
  const [spot, ...others] = spots;
  if (spot === undefined || others.length > 0) return severalDocuments(spots);
  const slot = slotOf(spot.document, spot.node, wish.place);
  if (slot !== undefined) return { kind: 'found', document: spot.document, slot };
  return {
    kind: 'no-scalar',
    line: lineOf(spot),
    reason: `holds a ${isMap(spot.node) ? 'map' : 'list'}, not a single value`,
  };
}

function follow(spot: Spot, step: SetStep): readonly Spot[] {
  const { document, node } = spot;
  if (isScalar(node)) return spotsInText(spot).flatMap((inner) => follow(inner, step));
  if (step.kind === 'key') return isMap(node) ? spotOf(document, findEntry(document, node, step.key)?.value) : [];
  if (step.kind === 'index') return isSeq(node) ? spotOf(document, node.items[step.index]) : [];
  const items = isSeq(node) ? node.items.flatMap((item) => spotOf(document, item)) : [spot];
  return items.filter((item) => isMap(item.node) && textAt(document, item.node, ...step.field) === step.value);
}

function spotOf(document: YamlDocument, value: unknown): readonly Spot[] {
  const node = document.nodes.resolve(value);
  return node === undefined ? [] : [{ document, node }];
}

/** A path goes on in text only where that is several lines of YAML, and only once. */
function spotsInText({ document, node }: Spot): readonly Spot[] {
  const isText = isScalar(node) && typeof node.value === 'string' && node.value.includes('\n');
  const parsed = isText && document.file.within === undefined ? parseScalarText(document, node) : undefined;
  if (parsed?.ok !== true) return [];
  return parsed.file.documents.flatMap((inner) =>
    inner.root === null ? [] : [{ document: inner, node: inner.root as Node }],
  );
}

/** The gap for a last key that is missing, after a sibling that stands on one line. */
function lastGap(spots: readonly Spot[], wish: SetWish, index: number, create: boolean): SetPlace | undefined {
  const step = wish.steps[index];
  const [spot, ...others] = spots;
  if (!create || step?.kind !== 'key' || index < wish.steps.length - 1 || others.length > 0) return undefined;
  const map = spot !== undefined && isScalar(spot.node) ? spotsInText(spot)[0] : spot;
  if (map === undefined || !isMap(map.node)) return undefined;
  const after = (map.node as YAMLMap).items.findLast(isOnOneLine);
  if (after === undefined) return undefined;
  const slot = { kind: 'absent', map: map.node, key: step.key, after, place: wish.place } as const;
  return { kind: 'found', document: map.document, slot };
}

function isOnOneLine({ value }: Pair): boolean {
  return isScalar(value) && value.type !== 'BLOCK_FOLDED' && value.type !== 'BLOCK_LITERAL';
}

function absent(spots: readonly Spot[], steps: readonly SetStep[], index: number): SetPlace {
  const [spot] = spots;
  const before = steps
    .slice(0, index)
    .map(({ source }) => source)
    .join('');
  const where = before === '' ? 'at the top' : `at ${before}`;
  const missing = steps[index];
  const names = missing?.kind === 'key' ? nearestNames(missing.key, spots.flatMap(keysAt)) : [];
  const near = names.length === 0 ? '' : `; the nearest keys there are ${names.join(', ')}`;
  const what = missing?.kind === 'key' ? `no key ${missing.key}` : `nothing that is ${missing?.source}`;
  return {
    kind: 'absent',
    line: spot === undefined ? 1 : lineOf(spot),
    reason: `leads nowhere: there is ${what} ${where}${near}`,
  };
}

function keysAt({ node }: Spot): readonly string[] {
  return isMap(node) ? node.items.map((pair) => keyOf(pair) ?? '') : [];
}

function severalItems(spots: readonly Spot[], step: SetStep): SetPlace {
  const [spot] = spots;
  const reason = `is not clear: ${spots.length} items are ${step.source}, in ${printLines(spots)}`;
  return { kind: 'ambiguous', line: spot === undefined ? 1 : lineOf(spot), reason };
}

function severalDocuments(spots: readonly Spot[]): SetPlace {
  const [spot] = spots;
  const reason = `is not clear: it leads to ${spots.length} places, in ${printLines(spots)}; begin the path with [kind=…] or [metadata.name=…] to choose a document`;
  return { kind: 'ambiguous', line: spot === undefined ? 1 : lineOf(spot), reason };
}

function printLines(spots: readonly Spot[]): string {
  return `lines ${spots.slice(0, 5).map(lineOf).join(', ')}${spots.length > 5 ? ' and more' : ''}`;
}

function lineOf({ document, node }: Spot): number {
  return lineIn(document.file, node.range?.[0] ?? 0);
}
