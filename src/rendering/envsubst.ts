import { applyOperator, takesUnset } from './envsubst-operators.ts';

/** What a text came to: the text itself, and every variable that it needs and that is not set. */
export interface Evaluated {
  readonly text: string;
  readonly unset: readonly string[];
}

/** A text that cannot be read as one with variables. */
export interface BadSubstitution {
  readonly problem: string;
  /** Into the text. */
  readonly offset: number;
}

interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  /** `''` for a plain `${name}`. */
  readonly operator: string;
  readonly arguments: readonly Part[];
}

type Part = string | Variable;

interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * Replaces `${name}` and what a shell can write in its place, as Flux does: `$name` stays as it is, `$${` is `${`, and a
 * variable that is not set is one only where no default is given (https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution).
 * @param lookUp the value of a variable, or undefined where it is not set
 * @param stopgap stands for what is not set and has no default, which is no mistake then
 */
export function evaluate(text: string, lookUp: LookUp, stopgap?: string): Evaluated | BadSubstitution {
  const cursor: Cursor = { text, at: 0 };
  try {
    const parts = readText(cursor);
    const unset = new Set<string>();
    return { text: parts.map((part) => print(part, { lookUp, stopgap, unset })).join(''), unset: [...unset] };
  } catch (error) {
    if (error instanceof BadText) return { problem: error.message, offset: error.offset };
    throw error;
  }
}

type LookUp = (name: string) => string | undefined;

interface Known {
  readonly lookUp: LookUp;
  readonly stopgap: string | undefined;
  readonly unset: Set<string>;
}

class BadText extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Arguments are worked out first, and what is missing in them is missed even where the variable itself is set. */
function print(part: Part, known: Known): string {
  if (typeof part === 'string') return part;
  const values = part.arguments.map((argument) => print(argument, known));
  const isNeeded = !takesUnset(part.operator);
  const value = known.lookUp(part.name) ?? (isNeeded ? known.stopgap : undefined);
  if (value === undefined && isNeeded) known.unset.add(part.name);
  return applyOperator(part.operator, value ?? '', values);
}

function readText(cursor: Cursor): readonly Part[] {
  const parts: Part[] = [];
  while (cursor.at < cursor.text.length) {
    const dollar = cursor.text.indexOf('$', cursor.at);
    const end = dollar < 0 ? cursor.text.length : dollar;
    if (end > cursor.at) parts.push(cursor.text.slice(cursor.at, end));
    cursor.at = end;
    if (isOpening(cursor)) parts.push(readVariable(cursor));
    else parts.push(readPlain(cursor, (char) => char === '$', 'dollar'));
  }
  return parts;
}

function isOpening({ text, at }: Cursor): boolean {
  return text.charCodeAt(at) === 0x24 && text.charCodeAt(at + 1) === 0x7b;
}

/** Plain characters until a variable begins or one is not accepted. `$$` is `$`; in a pattern, `\/` is `/` as well. */
function readPlain(cursor: Cursor, accepts: (char: string) => boolean, escapes: 'none' | 'dollar' | 'all'): string {
  let plain = '';
  while (cursor.at < cursor.text.length && !isOpening(cursor)) {
    const char = cursor.text[cursor.at] ?? '';
    const next = cursor.text[cursor.at + 1] ?? '';
    const isEscaped =
      (escapes !== 'none' && char === '$' && next === '$') ||
      (escapes === 'all' && char === '\\' && (next === '/' || next === '\\'));
    if (!isEscaped && !accepts(char)) break;
    plain += isEscaped ? next : char;
    cursor.at += isEscaped ? 2 : 1;
  }
  return plain;
}

function readVariable(cursor: Cursor): Variable {
  const start = cursor.at;
  cursor.at += 2;
  const fail = (problem: string): never => {
    throw new BadText(problem, start);
  };
  if (peek(cursor) === '#') {
    cursor.at++;
    const name = readName(cursor) || fail('no name follows ${#');
    return close(cursor, { kind: 'variable', name, operator: '#', arguments: [] }, fail);
  }
  const name = readName(cursor) || fail('no name follows ${');
  const operator = readOperator(cursor);
  const shape = { kind: 'variable', name, operator } as const;
  switch (operator) {
    case '':
    case ',':
    case '^':
    case ',,':
    case '^^':
    case ',^':
    case '^,':
      return close(cursor, { ...shape, arguments: [] }, fail);
    case ':':
      return close(cursor, { ...shape, arguments: readRange(cursor, fail) }, fail);
    case '/':
    case '//':
    case '/#':
    case '/%':
      return close(cursor, { ...shape, arguments: readReplacement(cursor, fail) }, fail);
    case '#':
    case '##':
    case '%':
    case '%%':
      return close(cursor, { ...shape, arguments: [readArgument(cursor, isNotBrace, 'none', fail)] }, fail);
    default:
      return close(cursor, { ...shape, arguments: readDefault(cursor, fail) }, fail);
  }
}

type Fail = (problem: string) => never;

function close(cursor: Cursor, variable: Variable, fail: Fail): Variable {
  if (peek(cursor) !== '}') fail(`\${${variable.name} has no closing brace where one must be`);
  cursor.at++;
  return variable;
}

function peek({ text, at }: Cursor): string {
  return text[at] ?? '';
}

function readName(cursor: Cursor): string {
  const name = /^[\p{L}\p{Nd}_]*/u.exec(cursor.text.slice(cursor.at, cursor.at + 256))?.[0] ?? '';
  cursor.at += name.length;
  return name;
}

const OPERATOR = /^(:[=\-?+]|:|=|[,^]{1,2}|\/[/#%]|\/|##?|%%?)/;

function readOperator(cursor: Cursor): string {
  const operator = OPERATOR.exec(cursor.text.slice(cursor.at, cursor.at + 2))?.[1] ?? '';
  cursor.at += operator.length;
  return operator;
}

const isNotBrace = (char: string) => char !== '}';

/** One variable, or plain text of at least one character. */
function readArgument(cursor: Cursor, accepts: (char: string) => boolean, escapes: 'none' | 'all', fail: Fail): Part {
  if (isOpening(cursor)) return readVariable(cursor);
  return readPlain(cursor, accepts, escapes) || fail('an argument is missing');
}

/** The words of a default follow each other up to the brace. */
function readDefault(cursor: Cursor, fail: Fail): readonly Part[] {
  const parts: Part[] = [];
  while (peek(cursor) !== '}') parts.push(readArgument(cursor, isNotBrace, 'none', fail));
  return parts;
}

function readRange(cursor: Cursor, fail: Fail): readonly Part[] {
  const offset = readArgument(cursor, (char) => char !== ':' && char !== '}', 'none', fail);
  if (readPlain(cursor, (char) => char === ':', 'none') === '') return [offset];
  return [offset, readArgument(cursor, isNotBrace, 'none', fail)];
}

function readReplacement(cursor: Cursor, fail: Fail): readonly Part[] {
  const pattern = readArgument(cursor, (char) => char !== '/', 'all', fail);
  if (readPlain(cursor, (char) => char === '/', 'none') === '') fail('a second / is missing');
  return peek(cursor) === '}' ? [pattern] : [pattern, readArgument(cursor, isNotBrace, 'all', fail)];
}
