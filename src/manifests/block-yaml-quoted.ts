import {
  APOSTROPHE,
  BACKSLASH,
  type Cursor,
  NEWLINE,
  NOWHERE,
  QUOTE,
  SPACE,
  skipSpaces,
  unitAt,
  unusual,
} from './block-yaml-cursor.ts';

/** One character behind a backslash, and what they stand for together (https://yaml.org/spec/1.2.2/#57-escaped-characters). */
const ESCAPES: ReadonlyMap<number, string> = new Map(
  [
    ['0', '\0'],
    ['a', '\x07'],
    ['b', '\b'],
    ['t', '\t'],
    ['n', '\n'],
    ['v', '\v'],
    ['f', '\f'],
    ['r', '\r'],
    ['e', '\x1b'],
    [' ', ' '],
    ['"', '"'],
    ['/', '/'],
    ['\\', '\\'],
    ['N', '\x85'],
    ['_', '\xa0'],
    ['L', '\u2028'],
    ['P', '\u2029'],
  ].map(([character = '', meaning = '']) => [character.charCodeAt(0), meaning]),
);

const TAB = 0x09;
const HEXADECIMAL_LENGTH: ReadonlyMap<number, number> = new Map([
  [0x78, 2],
  [0x75, 4],
  [0x55, 8],
]);

/** A scalar in quotes, which begins at `cursor.at`; leaves the cursor behind it. Its lines must stand deeper than column 0. */
export function readQuoted(cursor: Cursor): string {
  const start = cursor.at;
  const text = readText(cursor);
  cursor.keyStart = start;
  cursor.keyEnd = cursor.at;
  cursor.valueStart = text === '' ? NOWHERE : start;
  cursor.valueEnd = cursor.at;
  return text;
}

function readText(cursor: Cursor): string {
  const quote = unitAt(cursor, cursor.at);
  const from = cursor.at + 1;
  let at = from;
  for (let unit = unitAt(cursor, at); unit !== quote; unit = unitAt(cursor, ++at)) {
    if (unit === NEWLINE || (unit === BACKSLASH && quote === QUOTE)) return readPieces(cursor, quote, from, at);
    if (unit < SPACE && unit !== TAB) unusual();
  }
  if (quote === APOSTROPHE && unitAt(cursor, at + 1) === APOSTROPHE) return readPieces(cursor, quote, from, at);
  cursor.at = at + 1;
  return cursor.text.slice(from, at);
}

/** As `readQuoted`, from the first unit on that is not to be taken as it stands. */
function readPieces(cursor: Cursor, quote: number, start: number, first: number): string {
  let text = '';
  let from = start;
  cursor.at = first;
  for (;;) {
    const unit = unitAt(cursor, cursor.at);
    if (unit === quote) {
      text += cursor.text.slice(from, cursor.at++);
      if (quote === QUOTE || unitAt(cursor, cursor.at) !== APOSTROPHE) return text;
      from = cursor.at++;
    } else if (unit === NEWLINE) {
      text += cursor.text.slice(from, withoutBlanks(cursor, from, cursor.at)) + foldLines(cursor);
      from = cursor.at;
    } else if (unit === BACKSLASH && quote === QUOTE) {
      text += cursor.text.slice(from, cursor.at) + readEscape(cursor);
      from = cursor.at;
    } else {
      if (unit < SPACE && unit !== TAB) unusual();
      cursor.at++;
    }
  }
}

/** Blanks at the end of a line are left out, unless they were escaped, which ends the piece before them. */
function withoutBlanks(cursor: Cursor, from: number, to: number): number {
  let end = to;
  while (end > from && (unitAt(cursor, end - 1) === SPACE || unitAt(cursor, end - 1) === TAB)) end--;
  return end;
}

/** From a line break to the next line with content: one break is a space, more of them are one less. */
function foldLines(cursor: Cursor): string {
  const breaks = skipBreaks(cursor);
  return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
}

function skipBreaks(cursor: Cursor): number {
  let breaks = 0;
  let at = cursor.at;
  let lineStart = at;
  while (unitAt(cursor, at) === NEWLINE) {
    lineStart = ++at;
    if (at > cursor.end) unusual();
    at = skipSpaces(cursor, at);
    breaks++;
  }
  if (at === lineStart || unitAt(cursor, at) === TAB) unusual();
  cursor.at = at;
  cursor.lineStart = lineStart;
  return breaks;
}

/** What an escape stands for; leaves the cursor behind it. */
function readEscape(cursor: Cursor): string {
  const unit = unitAt(cursor, ++cursor.at);
  if (unit === NEWLINE) {
    skipBreaks(cursor);
    return '';
  }
  cursor.at++;
  return ESCAPES.get(unit) ?? readHexadecimal(cursor, HEXADECIMAL_LENGTH.get(unit) ?? unusual());
}

function readHexadecimal(cursor: Cursor, length: number): string {
  const digits = cursor.text.slice(cursor.at, cursor.at + length);
  if (digits.length < length || !/^[0-9A-Fa-f]+$/.test(digits)) unusual();
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) unusual();
  cursor.at += length;
  return String.fromCodePoint(code);
}
