/** A regular expression, taken apart. */
export type PatternNode =
  | { readonly kind: 'one'; readonly accepts: (character: string) => boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly choices: readonly PatternNode[] }
  /** `most` is absent for no limit. */
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most?: number };

/** What is wrong, as the end of a sentence that begins with the pattern. */
export interface PatternProblem {
  readonly problem: string;
}

interface Reader {
  readonly source: string;
  at: number;
  depth: number;
}

const MAX_LENGTH = 1_000;
const MAX_DEPTH = 50;
const MAX_COUNT = 1_000;
const GROUP = /^\((?:\?(?::|P?<[A-Za-z_][A-Za-z0-9_]*>))?/;
const COUNT = /^\{(\d{1,6})(,(\d{0,6}))?\}/;
const CLASSES: Readonly<Record<string, RegExp>> = { d: /[0-9]/, w: /[A-Za-z0-9_]/, s: /\s/ };

/**
 * Reads what the languages of most tools have in common: characters, `.`, classes, `\d`, `\w`, `\s`, groups, `|`, `*`, `+`, `?`,
 * `{2,5}`, `^` and `$`.
 */
export function parsePattern(source: string): PatternNode | PatternProblem {
  if (source.length > MAX_LENGTH) return { problem: `has ${source.length} characters (at most ${MAX_LENGTH})` };
  const reader: Reader = { source, at: 0, depth: 0 };
  const node = readEither(reader);
  if ('problem' in node || reader.at === source.length) return node;
  return { problem: `has a ) without its ( at character ${reader.at + 1}` };
}

type Read = PatternNode | PatternProblem;

function readEither(reader: Reader): Read {
  const choices: PatternNode[] = [];
  for (;;) {
    const choice = readSequence(reader);
    if ('problem' in choice) return choice;
    choices.push(choice);
    if (reader.source[reader.at] !== '|') return choices.length === 1 ? choice : { kind: 'either', choices };
    reader.at++;
  }
}

function readSequence(reader: Reader): Read {
  const parts: PatternNode[] = [];
  for (let next = reader.source[reader.at]; next !== undefined && next !== '|' && next !== ')'; ) {
    const part = readRepeated(reader);
    if ('problem' in part) return part;
    parts.push(part);
    next = reader.source[reader.at];
  }
  return { kind: 'sequence', parts };
}

function readRepeated(reader: Reader): Read {
  const part = readOne(reader);
  if ('problem' in part) return part;
  const count = readCount(reader);
  if (count === undefined) return part;
  if ('problem' in count) return count;
  if (reader.source[reader.at] === '?') reader.at++;
  const again = reader.source[reader.at] ?? '';
  if ('*+?'.includes(again) && again !== '') return wrong(reader, `repeats a repetition with ${again}`);
  return { kind: 'repeat', part, ...count };
}

type Count = { readonly least: number; readonly most?: number };

function readCount(reader: Reader): Count | PatternProblem | undefined {
  const rest = reader.source.slice(reader.at);
  const simple: Readonly<Record<string, Count>> = { '*': { least: 0 }, '+': { least: 1 }, '?': { least: 0, most: 1 } };
  const count = Object.hasOwn(simple, rest[0] ?? '') ? simple[rest[0] ?? ''] : undefined;
  if (count !== undefined) {
    reader.at++;
    return count;
  }
  const [text, least, range, most] = COUNT.exec(rest) ?? [];
  if (text === undefined) return undefined;
  const [from, to] = [Number(least), range === undefined ? Number(least) : Number(most || MAX_COUNT)];
  if (from > to || to > MAX_COUNT) return wrong(reader, `has the count ${text}, which is not up to ${MAX_COUNT}`);
  reader.at += text.length;
  return range !== undefined && most === '' ? { least: from } : { least: from, most: to };
}

function readOne(reader: Reader): Read {
  const character = String.fromCodePoint(reader.source.codePointAt(reader.at) ?? 0);
  if (character === '(') return readGroup(reader);
  if (character === '[') return readClass(reader);
  if (character === '\\') return readEscape(reader);
  if ('*+?'.includes(character)) return wrong(reader, `has nothing before ${character} to repeat`);
  reader.at += character.length;
  if (character === '^' || character === '$') return { kind: character === '^' ? 'start' : 'end' };
  if (character === '.') return { kind: 'one', accepts: (own) => own !== '\n' };
  return { kind: 'one', accepts: (own) => own === character };
}

function readGroup(reader: Reader): Read {
  const [open = '('] = GROUP.exec(reader.source.slice(reader.at)) ?? [];
  if (open === '(' && reader.source[reader.at + 1] === '?')
    return wrong(reader, 'looks around, which takes no limited time');
  if (++reader.depth > MAX_DEPTH) return wrong(reader, `has more than ${MAX_DEPTH} groups in each other`);
  reader.at += open.length;
  const node = readEither(reader);
  if ('problem' in node) return node;
  if (reader.source[reader.at] !== ')') return wrong(reader, 'has a ( without its )');
  reader.at++;
  reader.depth--;
  return node;
}

function readEscape(reader: Reader): Read {
  const letter = reader.source[reader.at + 1] ?? '';
  const accepts = escaped(letter);
  if (accepts === undefined) return wrong(reader, `has \\${letter}, which is not known here`);
  reader.at += 2;
  return { kind: 'one', accepts };
}

/** What `\d` and its like stand for, and signs that lose their meaning; undefined for other letters and digits. */
function escaped(letter: string): ((character: string) => boolean) | undefined {
  const set = Object.hasOwn(CLASSES, letter.toLowerCase()) ? CLASSES[letter.toLowerCase()] : undefined;
  if (set !== undefined) return (own) => set.test(own) === (letter === letter.toLowerCase());
  return letter === '' || /[A-Za-z0-9]/.test(letter) ? undefined : (own) => own === letter;
}

function readClass(reader: Reader): Read {
  const end = classEnd(reader);
  const source = reader.source.slice(reader.at + 1, end);
  if (end < 0 || source === '' || source === '^') return wrong(reader, 'has a [ without its ]');
  const negated = source.startsWith('^');
  const tests = classTests(negated ? source.slice(1) : source);
  if (tests === undefined) return wrong(reader, `has the class [${source}], which cannot be read`);
  reader.at = end + 1;
  return { kind: 'one', accepts: (own) => tests.some((test) => test(own)) !== negated };
}

function classEnd({ source, at }: Reader): number {
  for (let index = at + 1; index < source.length; index++) {
    if (source[index] === '\\') index++;
    else if (source[index] === ']') return index;
  }
  return -1;
}

function classTests(source: string): readonly ((character: string) => boolean)[] | undefined {
  const units = source.match(/\\.|[^\\]/gsu) ?? [];
  const tests: ((character: string) => boolean)[] = [];
  for (let index = 0; index < units.length; index++) {
    const [from = '', dash, to = ''] = units.slice(index, index + 3);
    const isRange = dash === '-' && to !== '';
    const test = isRange
      ? rangeTest(from, to)
      : from.startsWith('\\')
        ? escaped(from.slice(1))
        : (own: string) => own === from;
    if (test === undefined) return undefined;
    tests.push(test);
    if (isRange) index += 2;
  }
  return tests;
}

function rangeTest(from: string, to: string): ((character: string) => boolean) | undefined {
  const [first, last] = [from, to].map((unit) => (/^\\[A-Za-z0-9]$/.test(unit) ? undefined : unit.replace(/^\\/, '')));
  if (first === undefined || last === undefined) return undefined;
  const [low, high] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
  return low > high ? undefined : (own) => (own.codePointAt(0) ?? 0) >= low && (own.codePointAt(0) ?? 0) <= high;
}

function wrong({ at }: Reader, what: string): PatternProblem {
  return { problem: `${what} (character ${at + 1})` };
}
