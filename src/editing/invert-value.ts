import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { normaliseImageName } from '../image/image-ref.ts';
import type { ChangedSince } from './invert.ts';
import { endOf } from './new-entry.ts';
import { keyOf, type NodePath } from './node-index.ts';
import type { ProvedValue } from './proved-value.ts';
import { textAt } from './reading.ts';
import { printScalar, readScalar, styleOf } from './scalar-text.ts';
import { presentSlots, type Site } from './site.ts';
import { type PlannedSplice, type Splice, scalarRange } from './splice.ts';
import { type Followed, followPath } from './stable-path.ts';
import { lineIn, type YamlDocument, type YamlFile } from './yaml-file.ts';

/** How one value of a bump is taken back. */
export type Inverse =
  | {
      readonly kind: 'splice';
      readonly document: YamlDocument;
      readonly planned: PlannedSplice;
      readonly value: ProvedValue;
    }
  | { readonly kind: 'changed'; readonly place: ChangedSince }
  /** It is again what it was. */
  | { readonly kind: 'done' };

/** @param sites the images that the file holds now */
export function invertValue(file: YamlFile, sites: readonly Site[], value: ProvedValue): Inverse {
  return value.kind === 'added' ? invertAdded(file, value) : invertScalar(file, sites, value);
}

function invertScalar(file: YamlFile, sites: readonly Site[], value: ProvedValue): Inverse {
  const found = followPath(file, value.at);
  const node = found?.node;
  if (found === undefined || !isScalar(node)) return changed(value);
  const current = readScalar(node);
  if (current === value.before && current !== value.after) return { kind: 'done' };
  const line = lineIn(found.document.file, node.range?.[0] ?? 0);
  if (current !== value.after) return changed(value, line, current);
  const stranger = sites.find(
    (site) => presentSlots(site).some((slot) => slot.node === node) && !namesImage(site, value),
  );
  if (stranger !== undefined) return changed(value, line, `${current}, which ${stranger.place} reads too`);
  const splice = restoreText(found.document.file, node, value);
  if (splice === undefined) return changed(value, line, 'a value that cannot be edited safely');
  const path = found.document.nodes.pathOf(node);
  return spliceOf(value, found.document, splice, path, 'value', value.parsedBefore);
}

/** The parent's own characters where the bump's still stand; else the old value in the quotes that stand there now. */
function restoreText(file: YamlFile, node: Scalar, value: ProvedValue): Splice | undefined {
  const range = scalarRange(file.text, node);
  if (range === undefined) return undefined;
  const [start, end] = range;
  const lead = value.textAfter.length - value.textAfter.trimStart().length;
  const trail = value.textAfter.length - value.textAfter.trimEnd().length;
  if (file.text.slice(start - lead, end + trail) === value.textAfter) {
    return { start: start - lead, end: end + trail, text: value.textBefore };
  }
  const text =
    typeof value.parsedBefore === 'string' ? printScalar(value.before, styleOf(node, file.json)) : value.textBefore;
  return text === undefined ? undefined : { start, end, text };
}

/** Takes out a key or an item with exactly the characters that the bump had put in. */
function invertAdded(file: YamlFile, value: ProvedValue): Inverse {
  const last = value.at.steps.at(-1);
  const parent = followPath(file, { ...value.at, steps: value.at.steps.slice(0, -1) });
  if (parent === undefined || last === undefined) return changed(value);
  const nodes = childrenOf(parent, last);
  const [node, ...others] = nodes;
  if (node === undefined) return { kind: 'done' };
  const { document } = parent;
  const line = lineIn(document.file, node.range?.[0] ?? 0);
  if (others.length > 0) return changed(value, line, 'given twice');
  if (isScalar(node) && readScalar(node) !== value.after) return changed(value, line, readScalar(node));
  const end = endOf(node) ?? 0;
  const start = end - value.textAfter.length;
  if (document.file.text.slice(Math.max(start, 0), end) !== value.textAfter)
    return changed(value, line, `${value.after}, written in another way`);
  const step = last.kind === 'key' ? last.key : indexIn(parent, node);
  const path = [...document.nodes.pathOf(parent.node), step];
  return spliceOf(value, document, { start, end, text: '' }, path, 'removed', null);
}

function childrenOf({ document, node }: Followed, step: ProvedValue['at']['steps'][number]): readonly Node[] {
  if (step.kind === 'key') {
    const pair = isMap(node) ? node.items.find((own) => keyOf(own) === step.key) : undefined;
    return pair === undefined ? [] : [(pair.value ?? pair.key) as Node];
  }
  const items = isSeq(node) ? (node.items as readonly Node[]) : [];
  if (step.name === undefined) return items.slice(step.index, step.index + 1);
  return items.filter((item) => isMap(item) && textAt(document, item, 'name') === step.name);
}

function indexIn({ node }: Followed, item: Node): number {
  return isSeq(node) ? node.items.indexOf(item as never) : -1;
}

function spliceOf(
  value: ProvedValue,
  document: YamlDocument,
  splice: Splice,
  path: NodePath,
  kind: 'value' | 'removed',
  read: unknown,
): Inverse {
  const expected = { document: document.index, path, kind, value: read, everywhere: false } as const;
  return { kind: 'splice', document, planned: { splice, expected }, value };
}

function namesImage(site: Site, { readBy }: ProvedValue): boolean {
  return normaliseImageName(site.image) === readBy;
}

function changed({ path, place, after }: ProvedValue, line?: number, found?: string): Inverse {
  const where = { path, place, expected: after };
  return {
    kind: 'changed',
    place: { ...where, ...(line !== undefined && { line }), ...(found !== undefined && { found }) },
  };
}
