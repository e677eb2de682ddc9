import {
  APOSTROPHE,
  allowOnlyPairs,
  COLON,
  COMMA,
  type Cursor,
  DASH,
  DOT,
  HASH,
  isOdd,
  mark,
  NEWLINE,
  NOWHERE,
  QUOTE,
  SPACE,
  unitAt,
  unusual,
} from './block-yaml-cursor.ts';
import { put, type YamlMap } from './block-yaml-map.ts';
import { knownKey, plainKey, plainValue } from './block-yaml-plain.ts';
import { readQuoted } from './block-yaml-quoted.ts';

const TAB = 0x09;
const LIST = 0x5b;
const LIST_END = 0x5d;
const MAP = 0x7b;
const MAP_END = 0x7d;

/** `[...]` or `{...}` at `cursor.at`; leaves the cursor behind it. */
export function readFlow(cursor: Cursor, level: number): unknown {
  if (level + 2 >= cursor.maxDepth) unusual();
  cursor.nodes++;
  return unitAt(cursor, cursor.at++) === LIST ? readFlowList(cursor, level) : readFlowMap(cursor, level);
}

function readFlowList(cursor: Cursor, level: number): readonly unknown[] {
  const items: unknown[] = [];
  while (skipBlanks(cursor) !== LIST_END) {
    const { at } = cursor;
    items.push(readFlowValue(cursor, level + 1));
    mark(cursor, items, items.length - 1, at, at);
    skipComma(cursor, LIST_END);
  }
  cursor.at++;
  return items;
}

function readFlowMap(cursor: Cursor, level: number): YamlMap {
  const map: YamlMap = {};
  while (skipBlanks(cursor) !== MAP_END) {
    const key = readFlowKey(cursor);
    const { keyStart, keyEnd } = cursor;
    put(map, key, readValueOf(cursor, level + 1));
    mark(cursor, map, key, keyStart, keyEnd);
    skipComma(cursor, MAP_END);
  }
  cursor.at++;
  return map;
}

/** What stands behind a key: a colon with a value, or nothing. */
function readValueOf(cursor: Cursor, level: number): unknown {
  const lineStart = cursor.lineStart;
  if (skipBlanks(cursor) !== COLON) return readNothing(cursor);
  if (cursor.lineStart !== lineStart) unusual();
  cursor.at++;
  const next = skipBlanks(cursor);
  return next === COMMA || next === MAP_END ? readNothing(cursor) : readFlowValue(cursor, level);
}

function readNothing(cursor: Cursor): null {
  cursor.nodes++;
  cursor.valueStart = NOWHERE;
  return null;
}

function readFlowKey(cursor: Cursor): string {
  const unit = unitAt(cursor, cursor.at);
  if (unit === QUOTE || unit === APOSTROPHE) {
    const { lineStart } = cursor;
    const from = cursor.at + 1;
    const key = readQuoted(cursor);
    if (cursor.lineStart !== lineStart) unusual();
    return cursor.at === from + key.length + 1 ? knownKey(cursor, from, cursor.at - 1) : key;
  }
  const from = cursor.at;
  const to = scanFlowPlain(cursor);
  return plainKey(cursor, from, to);
}

function readFlowValue(cursor: Cursor, level: number): unknown {
  const unit = unitAt(cursor, cursor.at);
  if (unit === LIST || unit === MAP) return readFlow(cursor, level);
  cursor.nodes++;
  if (unit === QUOTE || unit === APOSTROPHE) return readQuoted(cursor);
  const from = cursor.at;
  return plainValue(cursor, from, scanFlowPlain(cursor));
}

/** Where a plain scalar between brackets ends; it must be on one line. Leaves the cursor behind it. */
function scanFlowPlain(cursor: Cursor): number {
  const from = cursor.at;
  let at = from;
  for (let unit = unitAt(cursor, at); !endsFlowPlain(cursor, unit, at); unit = unitAt(cursor, ++at)) {
    if (isOdd(unit)) allowOnlyPairs(cursor, unit);
  }
  cursor.at = at;
  while (at > from && unitAt(cursor, at - 1) === SPACE) at--;
  if (at === from || (at === from + 1 && unitAt(cursor, from) === DASH)) unusual();
  if (unitAt(cursor, from) === DASH && unitAt(cursor, from + 1) === SPACE) unusual();
  return at;
}

function endsFlowPlain(cursor: Cursor, unit: number, at: number): boolean {
  if (isFlowSign(unit) || unit === NEWLINE) return true;
  if (unit === HASH && unitAt(cursor, at - 1) === SPACE) unusual();
  if (unit !== COLON) return false;
  const next = unitAt(cursor, at + 1);
  return next === SPACE || next === NEWLINE || next === TAB || isFlowSign(next);
}

function isFlowSign(unit: number): boolean {
  return unit === COMMA || unit === LIST || unit === LIST_END || unit === MAP || unit === MAP_END;
}

function skipComma(cursor: Cursor, end: number): void {
  const unit = skipBlanks(cursor);
  if (unit === COMMA) cursor.at++;
  else if (unit !== end) unusual();
}

/** Goes to the next unit that is no blank and no line break, and gives it. */
function skipBlanks(cursor: Cursor): number {
  for (;;) {
    const unit = unitAt(cursor, cursor.at);
    if (unit === NEWLINE) {
      if (cursor.at >= cursor.end) unusual();
      cursor.lineStart = cursor.at + 1;
    } else if (unit !== SPACE && unit !== TAB) {
      if (cursor.at === cursor.lineStart && (unit === DASH || unit === DOT)) unusual();
      return unit;
    }
    cursor.at++;
  }
}
