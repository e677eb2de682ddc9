import { isScalar, type Node, type Scalar } from 'yaml';
import type { NodePath } from './node-index.ts';
import type { SlotChange } from './rewrite.ts';
import { printScalar, styleOf, typedLike } from './scalar-text.ts';
import type { Slot } from './site.ts';
import type { YamlDocument, YamlFile } from './yaml-file.ts';

/** The characters from `start` to `end` of a file's text become `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What the parsed file must show after a splice, and nowhere else. */
export interface Expectation {
  readonly document: number;
  readonly path: NodePath;
  readonly kind: 'value' | 'added' | 'removed';
  /** As YAML 1.2 reads it. */
  readonly value: unknown;
  /** YAML 1.1 has to read the same; not asked of an old value that comes back as it was. */
  readonly everywhere: boolean;
}

export interface PlannedSplice {
  readonly splice: Splice;
  readonly expected: Expectation;
}

type Present = Extract<Slot, { kind: 'present' }>;
type Absent = Extract<Slot, { kind: 'absent' }>;

/** How a change is written into the text; undefined where no safe way is known. */
export function planSplice(
  document: YamlDocument,
  { slot, after, keepsType = false }: SlotChange,
): PlannedSplice | undefined {
  const typed = slot.kind === 'present' && keepsType ? typedLike(slot.node, after) : undefined;
  const splice =
    slot.kind === 'present' ? replaceScalar(document.file, slot, after, typed) : insertPair(document.file, slot, after);
  if (splice === undefined) return undefined;
  const path =
    slot.kind === 'present' ? document.nodes.pathOf(slot.node) : [...document.nodes.pathOf(slot.map), slot.key];
  const kind = slot.kind === 'present' ? 'value' : 'added';
  return { splice, expected: { document: document.index, path, kind, value: typed ?? after, everywhere: true } };
}

/**
 * Applies splices from the end of the text backwards; insertions at one offset keep their order.
 * @throws RangeError when two of them overlap
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = text;
  let limit = text.length;
  for (const splice of splices.toReversed().sort((a, b) => b.start - a.start || b.end - a.end)) {
    if (splice.end > limit) throw new RangeError('two edits overlap');
    result = result.slice(0, splice.start) + splice.text + result.slice(splice.end);
    limit = splice.start;
  }
  return result;
}

/** Where a scalar's own characters stand: of a block scalar its only line of content, undefined when it has more. */
export function scalarRange(text: string, node: Scalar): readonly [number, number] | undefined {
  const [start, end] = node.range ?? [];
  if (start === undefined || end === undefined) return undefined;
  if (node.type !== 'BLOCK_FOLDED' && node.type !== 'BLOCK_LITERAL') return [start, end];
  const header = text.indexOf('\n', start) + 1;
  const body = header === 0 ? '' : text.slice(header, end);
  const content = body.trim();
  if (content === '' || content.includes('\n')) return undefined;
  const from = header + body.indexOf(content);
  return [from, from + content.length];
}

function replaceScalar(file: YamlFile, slot: Present, after: string, typed: unknown): Splice | undefined {
  const range = scalarRange(file.text, slot.node);
  const text = typed === undefined ? printScalar(after, styleOf(slot.node, file.json)) : after;
  if (range === undefined || text === undefined) return undefined;
  const [start, end] = range;
  if (start < end) return { start, end, text };
  const before = /[\s[{,]/.test(file.text[start - 1] ?? ' ') ? '' : ' ';
  const behind = /[\s\]},]/.test(file.text[end] ?? ' ') ? '' : ' ';
  return { start, end, text: `${before}${text}${behind}` };
}

/** A new pair after its sibling: on a line of its own in a block map, after a comma in a flow map. */
function insertPair(file: YamlFile, slot: Absent, after: string): Splice | undefined {
  const key = slot.after.key as Node | null;
  const value = slot.after.value as Node | null;
  const keyStart = key?.range?.[0];
  const valueEnd = value?.range?.[1];
  if (keyStart === undefined || valueEnd === undefined) return undefined;
  const style = { type: 'PLAIN', taggedString: false, json: file.json || usesQuotedKeys(key) } as const;
  const pair = `${style.json ? JSON.stringify(slot.key) : slot.key}: ${printScalar(after, style)}`;
  if (slot.map.flow === true) return { start: valueEnd, end: valueEnd, text: `, ${pair}` };
  if (isBlockScalar(value)) return undefined;
  const lineStart = file.text.lastIndexOf('\n', keyStart - 1) + 1;
  const indent = file.text.slice(lineStart, keyStart).replace(/[^ ]/g, ' ');
  const newline = file.text.indexOf('\n', valueEnd);
  const lineEnd = newline < 0 ? file.text.length : newline - (file.text[newline - 1] === '\r' ? 1 : 0);
  return { start: lineEnd, end: lineEnd, text: `${file.lineEnding}${indent}${pair}` };
}

function usesQuotedKeys(key: Node | null): boolean {
  return isScalar(key) && key.type === 'QUOTE_DOUBLE';
}

function isBlockScalar(node: Node | null): boolean {
  return isScalar(node) && (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL');
}
