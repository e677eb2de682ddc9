/** A pattern, taken apart. */
export type PatternNode =
  | { readonly kind: 'character'; readonly test: (character: string) => boolean }
  | { readonly kind: 'assertion'; readonly holds: (before: string, after: string) => boolean }
  | { readonly kind: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number };

interface Parsing {
  readonly pattern: string;
  at: number;
  /** Of `i`, `m` and `s`, those that are on. */
  flags: string;
  depth: number;
}

const MOST_DEPTH = 100;

/** Reads RE2 (https://github.com/google/re2/wiki/Syntax); undefined where something in it is not known here. */
export function parsePattern(pattern: string): PatternNode | undefined {
  const parsing: Parsing = { pattern, at: 0, flags: '', depth: 0 };
  try {
    const node = parseChoice(parsing);
    return parsing.at === pattern.length ? node : undefined;
  } catch {
    return undefined;
  }
}

function parseChoice(parsing: Parsing): PatternNode {
  if (++parsing.depth > MOST_DEPTH) throw new Error('nested too deeply');
  const nodes = [parseSequence(parsing)];
  while (take(parsing, '|')) nodes.push(parseSequence(parsing));
  parsing.depth--;
  return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'choice', nodes };
}

function parseSequence(parsing: Parsing): PatternNode {
  const nodes: PatternNode[] = [];
  while (parsing.at < parsing.pattern.length && !/[|)]/.test(parsing.pattern.charAt(parsing.at))) {
    const atom = parseAtom(parsing);
    if (atom !== undefined) nodes.push(parseRepeat(parsing, atom));
  }
  return { kind: 'sequence', nodes };
}

/** Undefined for flags that hold from here on: they match nothing themselves. */
function parseAtom(parsing: Parsing): PatternNode | undefined {
  if (take(parsing, '(')) return parseGroup(parsing);
  const source = parsing.pattern.slice(parsing.at);
  const atom =
    /^(?:\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2}|\\p\{\^?\w+\}|\\p\w|\\P\{\w+\}|\\P\w|\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|[^*+?]{1})/u.exec(
      source,
    )?.[0];
  if (atom === undefined) throw new Error('nothing to repeat');
  parsing.at += atom.length;
  return assertion(atom, parsing.flags) ?? { kind: 'character', test: characterTest(atom, parsing.flags) };
}

function parseGroup(parsing: Parsing): PatternNode | undefined {
  const before = parsing.flags;
  const head = /^\?(?:P?<\w+>|([imsU]*)(?:-([imsU]+))?(:|\)))/.exec(parsing.pattern.slice(parsing.at));
  if (head === null && parsing.pattern[parsing.at] === '?') throw new Error('a group of an unknown kind');
  if (head !== null) {
    parsing.at += head[0].length;
    const [, on = '', off = '', end] = head;
    parsing.flags = [...new Set(before + on)].filter((flag) => !off.includes(flag)).join('');
    if (end === ')') return undefined;
  }
  const node = parseChoice(parsing);
  if (!take(parsing, ')')) throw new Error('a group that is not closed');
  parsing.flags = before;
  return node;
}

function parseRepeat(parsing: Parsing, node: PatternNode): PatternNode {
  const match = /^(?:([*+?])|\{(\d{1,4})(,(\d{1,4})?)?\})\??/.exec(parsing.pattern.slice(parsing.at));
  if (match === null) return node;
  parsing.at += match[0].length;
  const [, sign, low, comma, high] = match;
  const min = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
  const open = sign === undefined ? comma !== undefined && high === undefined : sign !== '?';
  const max = open ? Number.POSITIVE_INFINITY : sign === '?' ? 1 : Number(high ?? low);
  return parseRepeat(parsing, { kind: 'repeat', node, min, max });
}

function take(parsing: Parsing, character: string): boolean {
  const isThere = parsing.pattern[parsing.at] === character;
  if (isThere) parsing.at++;
  return isThere;
}

function assertion(atom: string, flags: string): PatternNode | undefined {
  const isMultiline = flags.includes('m');
  const holds = ASSERTIONS[isMultiline && (atom === '^' || atom === '$') ? `m${atom}` : atom];
  return holds === undefined ? undefined : { kind: 'assertion', holds };
}

const isWord = (character: string) => /^\w$/.test(character);

const ASSERTIONS: Readonly<Record<string, (before: string, after: string) => boolean>> = {
  '^': (before) => before === '',
  $: (_, after) => after === '',
  'm^': (before) => before === '' || before === '\n',
  m$: (_, after) => after === '' || after === '\n',
  '\\A': (before) => before === '',
  '\\z': (_, after) => after === '',
  '\\b': (before, after) => isWord(before) !== isWord(after),
  '\\B': (before, after) => isWord(before) === isWord(after),
};

/** One character is held against its class by the machine's own engine; answers for ASCII are kept. */
function characterTest(atom: string, flags: string): (character: string) => boolean {
  const expression = compileAtom(translated(atom), flags.replace(/[mU]/g, ''));
  const known = new Int8Array(128);
  return (character) => {
    const code = character.charCodeAt(0);
    if (code > 127) return expression.test(character);
    if (known[code] === 0) known[code] = expression.test(character) ? 1 : -1;
    return known[code] === 1;
  };
}

function compileAtom(source: string, flags: string): RegExp {
  try {
    return new RegExp(`^${source}$`, `${flags}u`);
  } catch {
    return new RegExp(`^${source}$`, flags);
  }
}

/** `]` first in a class stands for itself, and classes have names; a lone brace is a brace. */
function translated(atom: string): string {
  if (atom === '{' || atom === '}' || atom === ']') return `\\${atom}`;
  return atom
    .replace(/^\\([pP])([A-Z])$/, '\\$1{$2}')
    .replace(/^\[(\^?)\]/, '[$1\\]')
    .replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole)
    .replace(/\\x([0-9A-Fa-f]{2})/g, '\\u{$1}')
    .replace(/\\x\{/g, '\\u{');
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  digit: '0-9',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: 'A-Fa-f0-9',
};
