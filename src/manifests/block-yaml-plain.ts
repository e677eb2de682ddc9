import {
  allowOnlyPairs,
  COLON,
  type Cursor,
  finishLine,
  HASH,
  isOdd,
  NEWLINE,
  SPACE,
  toLine,
  unitAt,
  unusual,
} from './block-yaml-cursor.ts';
import { isAmbiguousScalar, type PlainValue, readPlainScalar } from './plain-scalar.ts';

/** What the first character of a plain scalar tells of it. */
const TEXT = 0;
const NUMBER = 1;
const WORD = 2;
/** Begins something else than a plain scalar, or may do so. */
const OTHER = 3;

/** `<<` as a key takes over the fields of another map. */
const MERGE = 0x3c;

const KINDS = new Uint8Array(0x80);
for (const character of '0123456789+-.') KINDS[character.charCodeAt(0)] = NUMBER;
for (const character of '~nNtTfFyYoO') KINDS[character.charCodeAt(0)] = WORD;
for (const character of '\t\n !"#%&\'*,>?@[]`{|}') KINDS[character.charCodeAt(0)] = OTHER;

/** Goes to the end of a plain scalar's stretch on this line, and gives the unit that ends it: a break, `: ` or ` #`. */
export function scanPlain(cursor: Cursor): number {
  let at = cursor.at;
  let unit = unitAt(cursor, at);
  for (;;) {
    if (unit === COLON) {
      const next = unitAt(cursor, at + 1);
      if (next === SPACE || next === NEWLINE) break;
    } else if (unit === NEWLINE) break;
    else if (unit === HASH) {
      if (unitAt(cursor, at - 1) === SPACE) break;
    } else if (isOdd(unit)) allowOnlyPairs(cursor, unit);
    unit = unitAt(cursor, ++at);
  }
  cursor.at = at;
  while (unitAt(cursor, at - 1) === SPACE) at--;
  cursor.stop = at;
  return unit;
}

/**
 * A plain scalar that begins at `from` and whose first line has just been scanned to the unit `ended`. Its other lines
 * stand deeper than `parentIndent`. Leaves the cursor at the next line with content.
 */
export function readPlainRest(cursor: Cursor, from: number, ended: number, parentIndent: number): PlainValue {
  const { stop } = cursor;
  if (ended === NEWLINE) toLine(cursor, cursor.at + 1);
  else if (ended === HASH) finishLine(cursor, stop);
  else unusual();
  cursor.nodes++;
  if (cursor.indent <= parentIndent) return plainValue(cursor, from, stop);
  kindOf(cursor, from, stop);
  const text = readMoreLines(cursor, ended, cursor.text.slice(from, stop), parentIndent);
  cursor.valueStart = from;
  return resolve(cursor, text, from, cursor.valueEnd);
}

/** One line break between two lines is a space, more of them are one less. No line follows one with a comment. */
function readMoreLines(cursor: Cursor, firstEnded: number, first: string, parentIndent: number): string {
  let text = first;
  let ended = firstEnded;
  while (cursor.indent > parentIndent) {
    if (cursor.commented || ended !== NEWLINE) unusual();
    const { at, breaks } = cursor;
    ended = scanPlain(cursor);
    const { stop } = cursor;
    text += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + cursor.text.slice(at, stop);
    cursor.valueEnd = stop;
    finishLine(cursor, stop);
  }
  return text;
}

/** The value of a plain scalar on one line. */
export function plainValue(cursor: Cursor, from: number, to: number): PlainValue {
  const kind = kindOf(cursor, from, to);
  cursor.valueStart = from;
  cursor.valueEnd = to;
  if (kind === TEXT) return cursor.text.slice(from, to);
  const integer = kind === NUMBER ? readInteger(cursor, from, to) : undefined;
  return integer ?? resolve(cursor, cursor.text.slice(from, to), from, to);
}

/** A plain scalar as the key of a map: what it stands for, as text. */
export function plainKey(cursor: Cursor, from: number, to: number): string {
  const key = knownKey(cursor, from, to);
  cursor.keyStart = from;
  cursor.keyEnd = to;
  return kindOf(cursor, from, to) === TEXT ? key : String(resolve(cursor, key, from, to));
}

function kindOf(cursor: Cursor, from: number, to: number): number {
  const first = unitAt(cursor, from);
  const kind = first < 0x80 ? (KINDS[first] as number) : TEXT;
  if (kind === OTHER || from >= to || (first === MERGE && to - from < 3)) unusual();
  return kind === WORD && !mayBeWord(cursor, from, to - from) ? TEXT : kind;
}

/** The second letter of a word that stands for something else, by its length. */
const SECOND_LETTERS = ['', '', 'on', 'ef', 'ur', 'a'];

function mayBeWord(cursor: Cursor, from: number, length: number): boolean {
  if (length < 2 || length >= SECOND_LETTERS.length) return length < 2;
  const letters = SECOND_LETTERS[length] as string;
  const second = unitAt(cursor, from + 1) | 0x20;
  return second === letters.charCodeAt(0) || second === letters.charCodeAt(1);
}

/** Digits without a leading zero; undefined for all else. */
function readInteger(cursor: Cursor, from: number, to: number): number | undefined {
  if (to - from > 15 || (to - from > 1 && unitAt(cursor, from) === 0x30)) return undefined;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = unitAt(cursor, at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function resolve(cursor: Cursor, text: string, start: number, end: number): PlainValue {
  if (isAmbiguousScalar(text)) {
    cursor.ambiguous = true;
    cursor.marks?.ambiguous.push({ start, end, text });
  }
  return readPlainScalar(text, cursor.mode);
}

/** The text of a key, the same string each time. */
export function knownKey(cursor: Cursor, from: number, to: number): string {
  const length = to - from;
  const middle = unitAt(cursor, from + (length >> 1));
  const hash = unitAt(cursor, from) * 31 + middle * 131 + unitAt(cursor, to - 1) * 1031 + length * 8209;
  const slot = hash & (cursor.keys.length - 1);
  const known = cursor.keys[slot] as string;
  if (known.length === length && length > 0 && cursor.text.startsWith(known, from)) return known;
  const key = cursor.text.slice(from, to);
  cursor.keys[slot] = key;
  return key;
}
