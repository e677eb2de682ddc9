import {
  APOSTROPHE,
  begin,
  COLON,
  type Cursor,
  createCursor,
  DASH,
  DOT,
  finishLine,
  HASH,
  isItem,
  type Marks,
  mark,
  NEWLINE,
  NOWHERE,
  QUOTE,
  SPACE,
  skipSpaces,
  UNKNOWN,
  UNUSUAL,
  unitAt,
  unusual,
} from './block-yaml-cursor.ts';
import { readFlow } from './block-yaml-flow.ts';
import { readBlockScalar } from './block-yaml-literal.ts';
import { put, type YamlMap } from './block-yaml-map.ts';
import { plainKey, readPlainRest, scanPlain } from './block-yaml-plain.ts';
import { readQuoted } from './block-yaml-quoted.ts';
import type { YamlMode } from './plain-scalar.ts';

export interface BlockYaml {
  readonly value: unknown;
  readonly ambiguous: boolean;
  /** Maps, lists and scalars, keys left out; none of them is shared. */
  readonly nodes: number;
}

/** Reads one document, or gives undefined where it has something that is left to the library. */
export type BlockYamlReader = (text: string, mode: YamlMode) => BlockYaml | undefined;

const LITERAL = 0x7c;
const FOLDED = 0x3e;
const LIST = 0x5b;
const MAP = 0x7b;

/**
 * A reader of the YAML that manifests are written in: maps and lists in block or flow style, and scalars of all styles.
 * Anchors, aliases, tags, complex keys, tabs that indent, duplicate keys and all that is wrong are not its business:
 * there it gives up, and a caller asks js-yaml, whose values it gives in all other cases, character for character.
 *
 * Why there is one at all: js-yaml reads 31 MB of small manifests a second, which is most of the time that checking
 * them takes; this reader takes a third of that. `npm run bench` measures both.
 */
export function createBlockYamlReader(maxDepth: number): BlockYamlReader {
  const cursor = createCursor(maxDepth, 'many');
  return (text, mode) => {
    const plain = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
    if (plain.includes('\r')) return undefined;
    const value = attempt(cursor, plain, mode);
    return value === UNUSUAL ? undefined : { value, ambiguous: cursor.ambiguous, nodes: cursor.nodes };
  };
}

export interface MarkedYaml {
  readonly value: unknown;
  readonly marks: Marks;
}

/** As the reader, for places in the text instead of speed; offsets are those of the text. */
export function readWithMarks(text: string, mode: YamlMode, maxDepth: number): MarkedYaml | undefined {
  if (text.includes('\r')) return undefined;
  const marks: Marks = { of: new Map(), ambiguous: [] };
  const value = attempt({ ...createCursor(maxDepth, 'one'), marks }, text, mode);
  return value === UNUSUAL ? undefined : { value, marks };
}

function attempt(cursor: Cursor, text: string, mode: YamlMode): unknown {
  if (text.includes('\0')) return UNUSUAL;
  try {
    begin(cursor, text, mode);
    return readDocument(cursor);
  } catch (error) {
    if (error === UNUSUAL) return UNUSUAL;
    throw error;
  } finally {
    cursor.text = '';
  }
}

function readDocument(cursor: Cursor): unknown {
  if (isMarker(cursor) && unitAt(cursor, cursor.at) === DASH) finishLine(cursor, cursor.at + 3);
  if (cursor.indent < 0) return null;
  const first = unitAt(cursor, cursor.at);
  if (cursor.indent > 0 || first === 0xfeff || isMarker(cursor)) unusual();
  const value = readNode(cursor, -1, 0);
  if (cursor.indent >= 0 || typeof value !== 'object') unusual();
  return value;
}

/** `---` or `...` at the start of a line, with whatever behind it. */
function isMarker(cursor: Cursor): boolean {
  const { at, indent } = cursor;
  if (indent !== 0) return false;
  const unit = unitAt(cursor, at);
  return (unit === DASH || unit === DOT) && unitAt(cursor, at + 1) === unit && unitAt(cursor, at + 2) === unit;
}

/** A node that begins at `cursor.at` and may be of any kind; leaves the cursor at the next line with content. */
function readNode(cursor: Cursor, parentIndent: number, level: number): unknown {
  const { at } = cursor;
  const column = at - cursor.lineStart;
  if (isItem(cursor, at)) return readList(cursor, column, level);
  const unit = unitAt(cursor, at);
  if (isQuote(unit)) return readQuotedNode(cursor, column, level);
  if (isBracketOrBar(unit)) return readMarked(cursor, unit, parentIndent, level);
  const ended = scanPlain(cursor);
  if (ended !== COLON) return readPlainRest(cursor, at, ended, parentIndent);
  return readMap(cursor, endPlainKey(cursor, at), column, level);
}

/** Quoted text, which may turn out to be the first key of a map. */
function readQuotedNode(cursor: Cursor, column: number, level: number): unknown {
  const { lineStart } = cursor;
  const text = readQuoted(cursor);
  const next = skipSpaces(cursor, cursor.at);
  if (unitAt(cursor, next) !== COLON) return endScalar(cursor, text);
  if (cursor.lineStart !== lineStart) unusual();
  return readMap(cursor, endQuotedKey(cursor, text, next), column, level);
}

/** What begins with a sign of its own: a flow collection or a block scalar. */
function readMarked(cursor: Cursor, unit: number, parentIndent: number, level: number): unknown {
  if (unit === LIST || unit === MAP) {
    const value = readFlow(cursor, level);
    finishLine(cursor, cursor.at);
    return value;
  }
  cursor.nodes++;
  return readBlockScalar(cursor, parentIndent);
}

function endScalar(cursor: Cursor, text: string): string {
  cursor.nodes++;
  finishLine(cursor, cursor.at);
  return text;
}

function readList(cursor: Cursor, indent: number, level: number): readonly unknown[] {
  enter(cursor, level);
  const items: unknown[] = [];
  do {
    const start = toItem(cursor, indent);
    items.push(start === UNKNOWN ? readNothing(cursor) : readNode(cursor, indent, level + 1));
    mark(cursor, items, items.length - 1, start, start);
  } while (cursor.indent === indent && isItem(cursor, cursor.at));
  if (cursor.indent > indent) unusual();
  return items;
}

/** Goes from a dash to the node behind it and gives its offset; `UNKNOWN` where there is none. */
function toItem(cursor: Cursor, indent: number): number {
  const at = skipSpaces(cursor, cursor.at + 1);
  const unit = unitAt(cursor, at);
  if (unit !== NEWLINE && unit !== HASH) {
    cursor.at = at;
    return at;
  }
  finishLine(cursor, cursor.at + 1);
  if (cursor.indent > indent) return cursor.at;
  // js-yaml takes items of the outer list for those of the inner one behind an empty item; it must answer for that itself.
  if (cursor.indent < indent && cursor.indent >= 0 && isItem(cursor, cursor.at)) unusual();
  return UNKNOWN;
}

/** A map whose first key has been read already. */
function readMap(cursor: Cursor, firstKey: string, indent: number, level: number): YamlMap {
  enter(cursor, level);
  const map: YamlMap = {};
  readEntry(cursor, map, firstKey, indent, level + 1);
  while (cursor.indent === indent) readEntry(cursor, map, readKey(cursor), indent, level + 1);
  if (cursor.indent > indent) unusual();
  return map;
}

function readEntry(cursor: Cursor, map: YamlMap, key: string, indent: number, level: number): void {
  const { keyStart, keyEnd } = cursor;
  put(map, key, readValue(cursor, indent, level));
  mark(cursor, map, key, keyStart, keyEnd);
}

/** The library counts a key as one level more. */
function enter(cursor: Cursor, level: number): void {
  if (level + 2 >= cursor.maxDepth) unusual();
  cursor.nodes++;
}

function readKey(cursor: Cursor): string {
  const { at, lineStart } = cursor;
  const unit = unitAt(cursor, at);
  if (isQuote(unit)) {
    const text = readQuoted(cursor);
    if (cursor.lineStart !== lineStart) unusual();
    return endQuotedKey(cursor, text, skipSpaces(cursor, cursor.at));
  }
  if ((unit === DASH || unit === DOT) && (isItem(cursor, at) || isMarker(cursor))) unusual();
  if (scanPlain(cursor) !== COLON) unusual();
  return endPlainKey(cursor, at);
}

/** Leaves the cursor behind the colon, as all that read keys do. */
function endPlainKey(cursor: Cursor, from: number): string {
  const key = plainKey(cursor, from, cursor.stop);
  cursor.at++;
  return key;
}

function endQuotedKey(cursor: Cursor, text: string, colon: number): string {
  const next = unitAt(cursor, colon + 1);
  if (unitAt(cursor, colon) !== COLON || (next !== SPACE && next !== NEWLINE)) unusual();
  cursor.at = colon + 1;
  return text;
}

/** What stands behind a key and its colon. */
function readValue(cursor: Cursor, indent: number, level: number): unknown {
  const at = skipSpaces(cursor, cursor.at);
  const unit = unitAt(cursor, at);
  if (unit === NEWLINE || unit === HASH) {
    finishLine(cursor, cursor.at);
    return readBelow(cursor, indent, level);
  }
  cursor.at = at;
  if (isQuote(unit)) return endScalar(cursor, readQuoted(cursor));
  if (isBracketOrBar(unit)) return readMarked(cursor, unit, indent, level);
  if (isItem(cursor, at)) unusual();
  const ended = scanPlain(cursor);
  return readPlainRest(cursor, at, ended, indent);
}

/** A list may stand as deep as the key that it belongs to (https://yaml.org/spec/1.2.2/#822-block-mappings). */
function readBelow(cursor: Cursor, indent: number, level: number): unknown {
  if (cursor.indent > indent) return readNode(cursor, indent, level);
  if (cursor.indent === indent && isItem(cursor, cursor.at)) return readList(cursor, indent, level);
  return readNothing(cursor);
}

function readNothing(cursor: Cursor): null {
  cursor.nodes++;
  cursor.valueStart = NOWHERE;
  return null;
}

function isQuote(unit: number): boolean {
  return unit === QUOTE || unit === APOSTROPHE;
}

function isBracketOrBar(unit: number): boolean {
  return unit === LIST || unit === MAP || unit === LITERAL || unit === FOLDED;
}
