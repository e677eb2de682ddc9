import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { keyOf, type NodePath } from './node-index.ts';
import { findEntry } from './reading.ts';
import { printScalar } from './scalar-text.ts';
import type { PlannedSplice } from './splice.ts';
import type { YamlDocument, YamlFile } from './yaml-file.ts';

/** An entry of a kustomization's `images` that is not there yet. Keys in the order in which they are written. */
export interface NewEntry {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

const KEY = 'images';
const FIELDS: readonly string[] = ['name', 'newName', 'newTag', 'digest'];
const PLAIN = { type: 'PLAIN', taggedString: false, json: false } as const;

/**
 * How new entries are written: behind the last one in the layout that the list has, or as a new list at the end of the file in
 * the layout that its other lists have. One splice for each entry; undefined where no safe way is known.
 */
export function planEntries(
  document: YamlDocument,
  entries: readonly NewEntry[],
): readonly PlannedSplice[] | undefined {
  const { root } = document;
  if (!isMap(root) || root.flow === true || document.file.json || document.nodes.aliasesOf(root).length > 0)
    return undefined;
  const list = findEntry(document, root, KEY);
  if (list === undefined) return planList(document, root, entries);
  const node = root.items.includes(list as never) ? list.value : undefined;
  if (!isSeq(node) || document.nodes.aliasesOf(node).length > 0) return undefined;
  return planItems(document, node, entries);
}

function planItems(
  document: YamlDocument,
  list: YAMLSeq,
  entries: readonly NewEntry[],
): readonly PlannedSplice[] | undefined {
  const place = list.flow === true ? flowPlace(list) : blockPlace(document.file, list);
  if (place === undefined) return undefined;
  return entries.map((entry, index) => ({
    splice: { start: place.at, end: place.at, text: place.print(entry, index) },
    expected: addedAt(document, [KEY, list.items.length + index], entry),
  }));
}

function addedAt(document: YamlDocument, path: NodePath, value: unknown): PlannedSplice['expected'] {
  return { document: document.index, path, kind: 'added', value, everywhere: true };
}

interface InsertPlace {
  readonly at: number;
  readonly print: (entry: NewEntry, index: number) => string;
}

function flowPlace(list: YAMLSeq): InsertPlace | undefined {
  const last = list.items.at(-1) as Node | undefined;
  const at = last === undefined ? (list.range?.[0] ?? -1) + 1 : endOf(last);
  if (at === undefined || at < 1) return undefined;
  const print = (entry: NewEntry) => `{${pairsOf(entry).join(', ')}}`;
  return { at, print: (entry, index) => `${last === undefined && index === 0 ? '' : ', '}${print(entry)}` };
}

function blockPlace(file: YamlFile, list: YAMLSeq): InsertPlace | undefined {
  const indent = indentAt(file, list.range?.[0]);
  const end = endOf(list);
  if (indent === undefined || end === undefined) return undefined;
  return { at: lineEnd(file.text, end), print: (entry) => printItem(file, indent, entry) };
}

/** At the end of everything that is written, comments included, so that these stay with what they are about. */
function planList(
  document: YamlDocument,
  root: YAMLMap,
  entries: readonly NewEntry[],
): readonly PlannedSplice[] | undefined {
  const { file } = document;
  const start = (root.items[0]?.key as Node | undefined)?.range?.[0];
  const indent = indentAt(file, start, '');
  const end = file.text.trimEnd().length;
  if (indent === undefined || file.documents.length !== 1) return undefined;
  const expected = addedAt(document, [KEY], entries);
  const items = `${indent}${listIndent(file, root)}`;
  return entries.map((entry, index) => {
    const head = index === 0 ? `${file.lineEnding}${indent}${KEY}:` : '';
    return { splice: { start: end, end, text: `${head}${printItem(file, items, entry)}` }, expected };
  });
}

/** What lists of this file have before their dashes, beyond their keys. */
function listIndent(file: YamlFile, root: YAMLMap): string {
  const depths = root.items.flatMap(({ key, value }: Pair) => {
    const list = isSeq(value) && value.flow !== true ? indentAt(file, value.range?.[0]) : undefined;
    const own = indentAt(file, (key as Node | null)?.range?.[0], '');
    return list === undefined || own === undefined ? [] : [list.slice(own.length)];
  });
  return depths[0] ?? '';
}

/** The spaces before an offset, when nothing else (and, for a list, its dash) stands on its line. */
function indentAt({ text }: YamlFile, offset: number | undefined, mark = '-'): string | undefined {
  if (offset === undefined || !text.startsWith(mark, offset)) return undefined;
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^ *$/.test(before) ? before : undefined;
}

function printItem({ lineEnding }: YamlFile, indent: string, entry: NewEntry): string {
  const [first, ...others] = pairsOf(entry);
  return [`${indent}- ${first}`, ...others.map((pair) => `${indent}  ${pair}`)]
    .map((line) => `${lineEnding}${line}`)
    .join('');
}

function pairsOf(entry: NewEntry): readonly string[] {
  return Object.entries(entry).map(([key, value]) => `${key}: ${printScalar(String(value), PLAIN)}`);
}

/** Where the text of a node ends; undefined where that is not on a line of its own. */
export function endOf(node: unknown): number | undefined {
  if (isScalar(node)) return node.type?.startsWith('BLOCK') ? undefined : node.range?.[1];
  if (isSeq(node)) return node.flow === true ? node.range?.[1] : endOf(node.items.at(-1));
  if (isMap(node)) return node.flow === true ? node.range?.[1] : endOf(node.items.at(-1)?.value);
  return (node as Node | null | undefined)?.range?.[1];
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline - (text[newline - 1] === '\r' ? 1 : 0);
}

/** The entry that a map of the list is, as far as it holds nothing else. */
export function readEntry(map: unknown): NewEntry | undefined {
  if (!isMap(map)) return undefined;
  const pairs = map.items.map(({ key, value }) => [keyOf({ key } as Pair), isScalar(value) ? value.value : undefined]);
  const known = pairs.every(([key, value]) => FIELDS.includes(String(key)) && typeof value === 'string');
  return known ? (Object.fromEntries(pairs) as unknown as NewEntry) : undefined;
}
