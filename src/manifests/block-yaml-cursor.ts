import type { YamlMode } from './plain-scalar.ts';

/** UTF-16 code units that YAML gives a meaning to. */
export const NEWLINE = 0x0a;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const APOSTROPHE = 0x27;
export const COMMA = 0x2c;
export const DASH = 0x2d;
export const DOT = 0x2e;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;

const TAB = 0x09;

/** Where the reading of one document stands. Offsets count UTF-16 code units of `text`. */
export interface Cursor {
  text: string;
  /** The units of `text`, with a line break at `end`. */
  units: Uint16Array;
  /** Offset of the line break that ends the last line, whether `text` has it or not. */
  end: number;
  /** The next unit to read; between nodes the first of a line that is neither a space nor of a comment. */
  at: number;
  /** Offset of the line that `at` is in. */
  lineStart: number;
  /** Spaces before `at` in its line; -1 at the end of the document. */
  indent: number;
  /** Line breaks that the last step to another line went over. */
  breaks: number;
  /** A comment line was among them. */
  commented: boolean;
  /** Where the last stretch of a plain scalar ends. */
  stop: number;
  /** The last key, with its quotes. */
  keyStart: number;
  keyEnd: number;
  /** The last scalar as it stands in the text; its start is `NOWHERE` or `UNKNOWN` where there is no such thing. */
  valueStart: number;
  valueEnd: number;
  /** Where places are wanted, and not only values. */
  marks: Marks | undefined;
  mode: YamlMode;
  ambiguous: boolean;
  /** Maps, lists and scalars, keys left out. */
  nodes: number;
  readonly maxDepth: number;
  /** Keys read before, by a hash of theirs: most of a file's keys are few words, and equal strings are best one string. */
  readonly keys: string[];
}

/** A scalar without any text of its own. */
export const NOWHERE = -1;
/** A scalar whose place is not followed up. */
export const UNKNOWN = -2;

/** The place of one entry of a map or item of a list. An item has no key: both ends of it are where the item begins. */
export interface Mark {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface Marks {
  /** By map or list, then by key or index. */
  readonly of: Map<object, Map<string | number, Mark>>;
  readonly ambiguous: { readonly start: number; readonly end: number; readonly text: string }[];
}

/** Notes the place of an entry whose value has just been read. */
export function mark(cursor: Cursor, parent: object, part: string | number, keyStart: number, keyEnd: number): void {
  if (cursor.marks === undefined) return;
  const { valueStart, valueEnd } = cursor;
  const entries = cursor.marks.of.get(parent) ?? new Map<string | number, Mark>();
  cursor.marks.of.set(parent, entries.set(part, { keyStart, keyEnd, valueStart, valueEnd }));
}

/** Thrown to hand a document on to the library: one object, as a stack trace would cost more than the document. */
export const UNUSUAL = new Error('This document is not of the common kind.');

export function unusual(): never {
  throw UNUSUAL;
}

/** Of a reader for many documents, and of one for a single one. */
const KEYS = { many: 1 << 12, one: 1 << 7 } as const;
const UNITS = { many: 1 << 15, one: 1 << 10 } as const;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export function createCursor(maxDepth: number, documents: 'many' | 'one'): Cursor {
  return {
    text: '',
    units: new Uint16Array(UNITS[documents]),
    end: 0,
    at: 0,
    lineStart: 0,
    indent: 0,
    breaks: 0,
    commented: false,
    stop: 0,
    keyStart: 0,
    keyEnd: 0,
    valueStart: NOWHERE,
    valueEnd: 0,
    marks: undefined,
    mode: 'cluster',
    ambiguous: false,
    nodes: 0,
    maxDepth,
    keys: new Array<string>(KEYS[documents]).fill(''),
  };
}

/** Sets the cursor before the first line of a text without carriage returns. */
export function begin(cursor: Cursor, text: string, mode: YamlMode): void {
  cursor.text = text;
  cursor.mode = mode;
  cursor.end = text.endsWith('\n') ? text.length - 1 : text.length;
  if (cursor.units.length < text.length + 4) cursor.units = new Uint16Array(text.length * 2);
  copyUnits(text, cursor.units);
  cursor.units[cursor.end] = NEWLINE;
  cursor.ambiguous = false;
  cursor.nodes = 0;
  toLine(cursor, 0);
}

/** An array of numbers is read two to three times as fast as a string that is part of another one. */
function copyUnits(text: string, units: Uint16Array): void {
  if (IS_LITTLE_ENDIAN) {
    Buffer.from(units.buffer).write(text, 'utf16le');
    return;
  }
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
}

/** The unit at an offset, which must be at most `cursor.end`. */
export function unitAt(cursor: Cursor, at: number): number {
  return cursor.units[at] as number;
}

/** The first offset from `at` on that is no space. */
export function skipSpaces(cursor: Cursor, at: number): number {
  let next = at;
  while (unitAt(cursor, next) === SPACE) next++;
  return next;
}

/** True for a unit that the library looks at more closely: control characters and the like, which most are forbidden. */
export function isOdd(unit: number): boolean {
  return unit < SPACE || (unit > 0x7e && (unit < 0xa0 || unit > 0xfffd || (unit > 0xd7ff && unit < 0xe000)));
}

/** A surrogate is fine as half of a pair; nothing else odd is. */
export function allowOnlyPairs(cursor: Cursor, unit: number): void {
  if (unit < 0xd800 || unit > 0xdfff || !cursor.text.isWellFormed()) unusual();
}

/** Goes from behind a node to the next line with content. Only a comment may stand in between. */
export function finishLine(cursor: Cursor, at: number): void {
  const next = skipSpaces(cursor, at);
  const unit = unitAt(cursor, next);
  if (unit !== NEWLINE && (unit !== HASH || next === at)) unusual();
  toLine(cursor, (unit === HASH ? lineEnd(cursor, next) : next) + 1);
}

/** Goes to the first line with content, from the line that starts at `start` on. */
export function toLine(cursor: Cursor, start: number): void {
  let lineStart = start;
  cursor.breaks = 0;
  cursor.commented = false;
  cursor.indent = -1;
  while (lineStart <= cursor.end) {
    cursor.breaks++;
    const at = skipSpaces(cursor, lineStart);
    const unit = unitAt(cursor, at);
    if (unit !== HASH && unit !== NEWLINE) {
      stopAt(cursor, at, lineStart);
      return;
    }
    if (unit === HASH) cursor.commented = true;
    lineStart = (unit === HASH ? lineEnd(cursor, at) : at) + 1;
  }
}

function stopAt(cursor: Cursor, at: number, lineStart: number): void {
  if (unitAt(cursor, at) === TAB) unusual();
  cursor.at = at;
  cursor.lineStart = lineStart;
  cursor.indent = at - lineStart;
}

/** The offset of the line break at or after `at`. */
export function lineEnd(cursor: Cursor, at: number): number {
  let next = at;
  while (unitAt(cursor, next) !== NEWLINE) next++;
  return next;
}

/** A dash with a blank behind it, which begins an item of a list. */
export function isItem(cursor: Cursor, at: number): boolean {
  if (unitAt(cursor, at) !== DASH) return false;
  const next = unitAt(cursor, at + 1);
  return next === SPACE || next === NEWLINE;
}
