import {
  allowOnlyPairs,
  type Cursor,
  DASH,
  HASH,
  isOdd,
  lineEnd,
  NEWLINE,
  NOWHERE,
  SPACE,
  skipSpaces,
  toLine,
  UNKNOWN,
  unitAt,
  unusual,
} from './block-yaml-cursor.ts';

const FOLDED = 0x3e;
const PLUS = 0x2b;
const TAB = 0x09;

/** What stands behind `|` or `>`: how line breaks at the end are kept, and the indentation where it is told. */
interface Header {
  readonly folded: boolean;
  readonly chomping: 'clip' | 'strip' | 'keep';
  /** Spaces more than those of the parent; 0 where the first line tells. */
  readonly indentation: number;
}

/** A block scalar that begins at `cursor.at`; `parentIndent` is that of the map or list around it. */
export function readBlockScalar(cursor: Cursor, parentIndent: number): string {
  const start = cursor.at;
  const header = readHeader(cursor);
  const text = readLines(cursor, header, parentIndent, header.folded ? foldInto : keepInto);
  cursor.valueStart = header.chomping === 'keep' ? UNKNOWN : text === '' ? NOWHERE : start;
  return text;
}

function readHeader(cursor: Cursor): Header {
  const folded = unitAt(cursor, cursor.at) === FOLDED;
  let chomping: Header['chomping'] = 'clip';
  let indentation = 0;
  let at = cursor.at + 1;
  for (let unit = unitAt(cursor, at); unit !== NEWLINE && unit !== SPACE; unit = unitAt(cursor, ++at)) {
    if (unit > 0x30 && unit <= 0x39 && indentation === 0) indentation = unit - 0x30;
    else if ((unit === PLUS || unit === DASH) && chomping === 'clip') chomping = unit === PLUS ? 'keep' : 'strip';
    else unusual();
  }
  at = skipSpaces(cursor, at);
  if (unitAt(cursor, at) === HASH) at = lineEnd(cursor, at);
  if (unitAt(cursor, at) !== NEWLINE) unusual();
  cursor.at = at + 1;
  return { folded, chomping, indentation };
}

/** How the lines read so far go on. */
interface Lines {
  text: string;
  /** Empty lines since the last line with content. */
  empty: number;
  begun: boolean;
  /** The last line began with a blank, so that it is not folded. */
  deeper: boolean;
}

type Append = (lines: Lines, first: number) => void;

function readLines(cursor: Cursor, header: Header, parentIndent: number, append: Append): string {
  const lines: Lines = { text: '', empty: 0, begun: false, deeper: false };
  let known = header.indentation > 0;
  let indent = parentIndent + Math.max(1, header.indentation);
  let start = cursor.at;
  while (start <= cursor.end) {
    const at = skipAtMost(cursor, start, known ? start + indent : cursor.end);
    const deep = at - start;
    if (!known && deep > indent) indent = deep;
    const unit = unitAt(cursor, at);
    if (unit === NEWLINE) lines.empty++;
    else if (deep < indent) break;
    else append(lines, unit);
    const stop = unit === NEWLINE ? at : contentEnd(cursor, at);
    if (unit !== NEWLINE) {
      lines.text += cursor.text.slice(at, stop);
      lines.empty = 0;
      lines.begun = true;
      known = true;
    }
    start = stop + 1;
    if (unit !== NEWLINE) cursor.valueEnd = Math.min(start, cursor.text.length);
  }
  toLine(cursor, start);
  return lines.text + lastBreaks(lines, header.chomping);
}

function skipAtMost(cursor: Cursor, from: number, limit: number): number {
  let at = from;
  while (at < limit && unitAt(cursor, at) === SPACE) at++;
  return at;
}

function contentEnd(cursor: Cursor, from: number): number {
  let at = from;
  for (let unit = unitAt(cursor, at); unit !== NEWLINE; unit = unitAt(cursor, ++at)) {
    if (isOdd(unit) && unit !== TAB) allowOnlyPairs(cursor, unit);
  }
  return at;
}

function keepInto(lines: Lines): void {
  const breaks = lines.begun ? lines.empty + 1 : lines.empty;
  if (breaks === 1) lines.text += '\n';
  else if (breaks > 1) lines.text += '\n'.repeat(breaks);
}

/** A break between two lines is a space, unless one of them begins with a blank (https://yaml.org/spec/1.2.2/#813-folded-style). */
function foldInto(lines: Lines, first: number): void {
  const isDeeper = first === SPACE || first === TAB;
  if (isDeeper) lines.text += '\n'.repeat(lines.begun ? lines.empty + 1 : lines.empty);
  else if (lines.deeper) lines.text += '\n'.repeat(lines.empty + 1);
  else if (lines.empty > 0) lines.text += '\n'.repeat(lines.empty);
  else if (lines.begun) lines.text += ' ';
  lines.deeper = isDeeper;
}

function lastBreaks(lines: Lines, chomping: Header['chomping']): string {
  if (chomping === 'keep') return '\n'.repeat(lines.begun ? lines.empty + 1 : lines.empty);
  return chomping === 'clip' && lines.begun ? '\n' : '';
}
