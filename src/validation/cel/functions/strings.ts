import { MOST_LENGTH } from '../meter.ts';
import { failed, isFault, type Result, unsupported, type Value } from '../value.ts';
import { type Overload, on } from './define.ts';
import { format } from './format-text.ts';
import { lengthOf } from './operators.ts';

/** CEL's own methods of text, and its extension for strings (https://pkg.go.dev/github.com/google/cel-go/ext#Strings). */
export const STRINGS: readonly Overload[] = [
  on('.contains', ['string', 'string'], (text, part) => text.includes(part)),
  on('.startsWith', ['string', 'string'], (text, part) => text.startsWith(part)),
  on('.endsWith', ['string', 'string'], (text, part) => text.endsWith(part)),
  on('.charAt', ['string', 'int'], (text, index) =>
    substring(text, index, index === BigInt(lengthOf(text)) ? index : index + 1n),
  ),
  on('.indexOf', ['string', 'string'], (text, part) => position(text, text.indexOf(part))),
  on('.indexOf', ['string', 'string', 'int'], (text, part, from) => indexFrom(text, part, from)),
  on('.lastIndexOf', ['string', 'string'], (text, part) => position(text, text.lastIndexOf(part))),
  on('.lastIndexOf', ['string', 'string', 'int'], (text, part, from) => lastIndexFrom(text, part, from)),
  on('.join', ['list'], (list) => join(list, '')),
  on('.join', ['list', 'string'], join),
  on('.lowerAscii', ['string'], (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())),
  on('.upperAscii', ['string'], (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  on('.replace', ['string', 'string', 'string'], (text, part, by) => replace(text, part, by, -1n)),
  on('.replace', ['string', 'string', 'string', 'int'], replace),
  on('.reverse', ['string'], (text) => [...text].reverse().join('')),
  on('.split', ['string', 'string'], (text, by) => split(text, by, -1n)),
  on('.split', ['string', 'string', 'int'], split),
  on('.substring', ['string', 'int'], (text, from) => substring(text, from, BigInt(lengthOf(text)))),
  on('.substring', ['string', 'int', 'int'], substring),
  on('.trim', ['string'], trimmed),
  on('.format', ['string', 'list'], format),
  on('strings.quote', ['string'], (text) => JSON.stringify(text)),
];

/** Spaces of Unicode are those of JavaScript, and one more. */
function trimmed(text: string): string {
  const isSpace = (unit: string) => unit === '\u0085' || /\s/.test(unit);
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Of code points, from an index of JavaScript's units. */
function position(text: string, index: number): bigint {
  return index < 0 ? -1n : BigInt(lengthOf(text.slice(0, index)));
}

function substring(text: string, from: bigint, to: bigint): Result {
  const length = BigInt(lengthOf(text));
  if (from < 0n || from > length) return failed(`index out of range: ${from}`);
  if (to < from || to > length) return failed(`index out of range: ${to}`);
  if (length === BigInt(text.length)) return text.slice(Number(from), Number(to));
  return [...text].slice(Number(from), Number(to)).join('');
}

function indexFrom(text: string, part: string, from: bigint): Result {
  const head = substring(text, 0n, from);
  if (isFault(head)) return head;
  return position(text, text.indexOf(part, String(head).length));
}

function lastIndexFrom(text: string, part: string, from: bigint): Result {
  const head = substring(text, 0n, from);
  if (isFault(head)) return head;
  return position(text, text.lastIndexOf(part, String(head).length));
}

function join(list: readonly Value[], by: string): Result {
  if (!list.every((item) => typeof item === 'string')) return failed('join: the list holds something else than text');
  const length = list.reduce((sum, item) => sum + item.length + by.length, 0);
  return length > MOST_LENGTH ? tooLong() : list.join(by);
}

/** As https://pkg.go.dev/strings#SplitN: at most so many parts, the rest in the last one. */
function split(text: string, by: string, most: bigint): Result {
  if (most === 0n) return [];
  if (text.length > MOST_LENGTH) return tooLong();
  const parts = by === '' ? [...text] : text.split(by);
  if (most < 0n || BigInt(parts.length) <= most) return parts;
  const kept = parts.slice(0, Number(most) - 1);
  return [...kept, parts.slice(kept.length).join(by)];
}

/** As https://pkg.go.dev/strings#Replace. */
function replace(text: string, part: string, by: string, most: bigint): Result {
  if (most === 0n) return text;
  const pieces = part === '' ? ['', ...text] : text.split(part);
  const count = most < 0n ? pieces.length : Number(most);
  if (text.length + Math.min(count, pieces.length) * by.length > MOST_LENGTH) return tooLong();
  const changed = pieces.slice(0, count + 1).join(by);
  const rest = pieces.slice(count + 1);
  const end = part === '' && count >= pieces.length ? by : '';
  return rest.length === 0 ? changed + end : changed + (part === '' ? '' : part) + rest.join(part);
}

function tooLong(): Result {
  return unsupported('text longer than is made here');
}
