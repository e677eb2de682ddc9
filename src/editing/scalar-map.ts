import type { Scalar } from 'yaml';

/** How the value of a scalar lies in the text that it is written in. */
export interface ScalarMap {
  /** Where the character at `position` of the value stands; of a line break, the end of its line. */
  offsetAt(position: number): number;
  /** Where a stretch of the value is written, with what stands between its lines. */
  rangeOf(start: number, end: number): readonly [number, number];
  /** New text as it is written in this scalar; undefined where it cannot be. */
  encode(text: string): string | undefined;
}

/** Of every character of the value where its source begins and ends, and where the value itself ends. */
interface Extent {
  readonly value: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly end: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Lays the value over its source: literal and folded block scalars line by line
 * (https://yaml.org/spec/1.2.2/#81-block-scalar-styles), other styles where they stand on one line. Undefined where the two do
 * not fit together.
 */
export function mapScalar(source: string, node: Scalar): ScalarMap | undefined {
  const { value, type } = node;
  const [start, end] = node.range ?? [];
  if (typeof value !== 'string' || start === undefined || end === undefined) return undefined;
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return mapBlock(source, start, end, value);
  const text = source.slice(start, end);
  if (text.includes('\n')) return undefined;
  const extent = type === 'PLAIN' ? plainExtent(text) : quotedExtent(text, type === 'QUOTE_DOUBLE');
  return extent?.value === value ? createMap(shift(extent, start), encoderOf(type)) : undefined;
}

function createMap({ starts, ends, end }: Extent, encode: ScalarMap['encode']): ScalarMap {
  const offsetAt = (position: number) => starts[position] ?? end;
  return {
    offsetAt,
    rangeOf: (from, to) => [offsetAt(from), to > from ? (ends[to - 1] ?? end) : offsetAt(from)],
    encode,
  };
}

function encoderOf(type: Scalar['type']): ScalarMap['encode'] {
  if (type === 'QUOTE_DOUBLE') return (text) => JSON.stringify(text).slice(1, -1);
  if (type === 'QUOTE_SINGLE') return (text) => (text.includes('\n') ? undefined : text.replaceAll("'", "''"));
  return (text) => (text.includes('\n') ? undefined : text);
}

function shift({ value, starts, ends, end }: Extent, by: number): Extent {
  return { value, starts: starts.map((at) => at + by), ends: ends.map((at) => at + by), end: end + by };
}

function plainExtent(text: string): Extent {
  const starts = Array.from({ length: text.length }, (_, index) => index);
  return { value: text, starts, ends: starts.map((at) => at + 1), end: text.length };
}

/** Between its quotes, one character or escape sequence at a time; undefined for an escape that YAML does not know. */
function quotedExtent(text: string, double: boolean): Extent | undefined {
  let value = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 1; at < text.length - 1; ) {
    const unit = double ? readDoubleQuoted(text, at) : readSingleQuoted(text, at);
    if (unit === undefined) return undefined;
    for (let index = 0; index < unit.value.length; index++) {
      starts.push(at);
      ends.push(at + unit.length);
    }
    value += unit.value;
    at += unit.length;
  }
  return { value, starts, ends, end: text.length - 1 };
}

interface Unit {
  readonly value: string;
  readonly length: number;
}

function readSingleQuoted(text: string, at: number): Unit {
  return { value: text[at] ?? '', length: text.startsWith("''", at) ? 2 : 1 };
}

function readDoubleQuoted(text: string, at: number): Unit | undefined {
  const first = text[at] ?? '';
  if (first !== '\\') return { value: first, length: 1 };
  const letter = text[at + 1] ?? '';
  const digits = Object.hasOwn(HEX_LENGTHS, letter) ? HEX_LENGTHS[letter] : undefined;
  if (digits === undefined)
    return Object.hasOwn(ESCAPES, letter) ? { value: ESCAPES[letter] ?? '', length: 2 } : undefined;
  const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
  return code <= 0x10ffff ? { value: String.fromCodePoint(code), length: 2 + digits } : undefined;
}

function mapBlock(source: string, start: number, end: number, value: string): ScalarMap | undefined {
  const body = source.indexOf('\n', start) + 1;
  if (body === 0 || body > end) return undefined;
  const lines = linesOf(source, body, end);
  const indent = indentOf(lines, value);
  const extent = indent === undefined ? undefined : blockExtent(lines, indent, value);
  if (indent === undefined || extent === undefined) return undefined;
  const lineEnding = source[body - 2] === '\r' ? '\r\n' : '\n';
  return createMap(extent, (text) => text.replaceAll('\n', `${lineEnding}${' '.repeat(indent)}`));
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

function linesOf(source: string, from: number, to: number): readonly Line[] {
  const lines: Line[] = [];
  for (let offset = from; offset < to; ) {
    const newline = source.indexOf('\n', offset);
    const end = newline < 0 || newline > to ? to : newline;
    lines.push({ text: source.slice(offset, end).replace(/\r$/, ''), offset });
    offset = end + 1;
  }
  return lines;
}

/** Spaces that stand before every line and are no part of the value. */
function indentOf(lines: readonly Line[], value: string): number | undefined {
  const first = lines.find(({ text }) => text.trim() !== '')?.text;
  const own = value.split('\n').find((line) => line.trim() !== '');
  if (first === undefined || own === undefined) return undefined;
  const indent = leadingSpaces(first) - leadingSpaces(own);
  return indent > 0 ? indent : undefined;
}

function leadingSpaces(text: string): number {
  return text.length - text.replace(/^ +/, '').length;
}

/** Lines come one after the other in the value, with line breaks between them or, where they are folded, one space. */
function blockExtent(lines: readonly Line[], indent: number, value: string): Extent | undefined {
  const starts: number[] = [];
  const ends: number[] = [];
  let end = lines[0]?.offset ?? 0;
  const skip = (until: number) => {
    while (starts.length < until) {
      starts.push(end);
      ends.push(end);
    }
  };
  for (const { text, offset } of lines) {
    const content = text.slice(indent);
    if (text.slice(0, indent).trim() !== '') return undefined;
    if (content === '') continue;
    skip(afterBreaks(value, starts.length));
    if (!value.startsWith(content, starts.length)) return undefined;
    for (let index = 0; index < content.length; index++) {
      starts.push(offset + indent + index);
      ends.push(offset + indent + index + 1);
    }
    end = offset + text.length;
  }
  const isWhole = /^\n*$/.test(value.slice(starts.length));
  skip(value.length);
  return isWhole ? { value, starts, ends, end } : undefined;
}

function afterBreaks(value: string, position: number): number {
  if (value[position] === ' ' && position > 0) return position + 1;
  let next = position;
  while (value[next] === '\n') next++;
  return next;
}
