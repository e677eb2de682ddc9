import { matchingPrefixes } from './glob.ts';

/**
 * True for the operators that bring a value of their own where the variable has none. `+`, `?` and `-` do so too: Flux reads
 * all of them as a default.
 */
export function takesUnset(operator: string): boolean {
  return /^:?[=\-?+]$/.test(operator);
}

/** What an operator makes of a value; see https://github.com/fluxcd/pkg/tree/main/envsubst. */
export function applyOperator(operator: string, value: string, args: readonly string[]): string {
  const [first = '', second] = args;
  switch (operator) {
    case ',':
      return changeFirst(value, (char) => char.toLowerCase());
    case ',,':
      return value.toLowerCase();
    case '^':
      return changeFirst(value, (char) => char.toUpperCase());
    case '^^':
      return value.toUpperCase();
    case '#':
      return args.length === 0 ? String(Buffer.byteLength(value)) : withoutPrefix(value, first, 'shortest');
    case '##':
      return withoutPrefix(value, first, 'longest');
    case '%':
      return withoutSuffix(value, first, 'shortest');
    case '%%':
      return withoutSuffix(value, first, 'longest');
    case ':':
      return slice(value, first, second);
    case '/':
      return first === '' ? `${second ?? ''}${value}` : value.replace(first, () => second ?? '');
    case '//':
      return value.replaceAll(first, () => second ?? '');
    case '/#':
      return second !== undefined && value.startsWith(first) ? second + value.slice(first.length) : value;
    case '/%':
      return second !== undefined && value.endsWith(first)
        ? value.slice(0, value.length - first.length) + second
        : value;
    default:
      return value === '' ? args.join('') : value;
  }
}

function changeFirst(value: string, change: (char: string) => string): string {
  const [first = ''] = value;
  return change(first) + value.slice(first.length);
}

/** Offset and length count bytes; what is no number leaves the value as it is. */
function slice(value: string, offset: string, length: string | undefined): string {
  const bytes = Buffer.from(value);
  const [from, count] = [integer(offset), length === undefined ? undefined : integer(length)];
  if (from === undefined || (length !== undefined && count === undefined)) return value;
  const start = from < 0 ? Math.max(0, bytes.length + from) : from;
  return bytes.subarray(start, count === undefined ? undefined : Math.max(start, start + count)).toString();
}

function integer(text: string): number | undefined {
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

type Extent = 'shortest' | 'longest';

/** Takes off the beginning that the pattern matches; never the empty one. */
function withoutPrefix(value: string, pattern: string, extent: Extent): string {
  const chars = [...value];
  const lengths = matchingPrefixes(pattern, chars).filter((length) => length > 0);
  const length = extent === 'longest' ? lengths.at(-1) : lengths[0];
  return length === undefined ? value : chars.slice(length).join('');
}

function withoutSuffix(value: string, pattern: string, extent: Extent): string {
  return reversed(withoutPrefix(reversed(value), reversed(pattern), extent));
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
