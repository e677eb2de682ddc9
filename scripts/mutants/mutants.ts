/** One change of a source text that a test should notice. */
export interface Mutant {
  readonly line: number;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
  /** The whole text with the change. */
  readonly source: string;
}

interface Change {
  readonly at: number;
  readonly length: number;
  readonly text: string;
  readonly operator: string;
}

const SWAPPED: readonly (readonly [RegExp, string, string])[] = [
  [/(?<= )===(?= )/g, '!==', 'comparison'],
  [/(?<= )!==(?= )/g, '===', 'comparison'],
  [/(?<= )<(?= )/g, '<=', 'boundary'],
  [/(?<= )>(?= )/g, '>=', 'boundary'],
  [/(?<= )<=(?= )/g, '<', 'boundary'],
  [/(?<= )>=(?= )/g, '>', 'boundary'],
  [/(?<= )&&(?=\s)/g, '||', 'condition'],
  [/(?<= )\|\|(?=\s)/g, '&&', 'condition'],
  [/(?<= )\?\?(?=\s)/g, '&&', 'alternative'],
  // A key that is there with no value is the same as none.
  [/(?<= )\?(?= (?!\{\} :))/g, '&& false ?', 'choice'],
  [/(?<= )\?(?= )/g, '|| true ?', 'choice'],
  [/(?<![\w!=])!(?=[\w(])/g, '', 'negation'],
  [/\btrue\b/g, 'false', 'constant'],
  [/\bfalse\b/g, 'true', 'constant'],
  [/(?<= )\+(?= )/g, '-', 'arithmetic'],
  [/(?<= )-(?= )/g, '+', 'arithmetic'],
  [/\bMath\.max\b/g, 'Math.min', 'arithmetic'],
  [/\bMath\.min\b/g, 'Math.max', 'arithmetic'],
  [/\.some\(/g, '.every(', 'quantifier'],
  [/\.every\(/g, '.some(', 'quantifier'],
  [/\.findLastIndex\(/g, '.findIndex(', 'quantifier'],
];

/** Every change of the hand-made list, one at a time, in the order of the text. */
export function mutantsOf(source: string): readonly Mutant[] {
  const code = masked(source);
  const changes = [
    ...SWAPPED.flatMap(([pattern, text, operator]) => swaps(code, pattern, text, operator)),
    ...numbers(code),
    ...conditions(code),
    ...words(source, code),
    ...returns(code),
  ];
  const isCode = codeLines(code);
  return changes
    .sort((a, b) => a.at - b.at)
    .map((change) => mutant(source, change))
    .filter(({ line }) => isCode(line));
}

function mutant(source: string, { at, length, text, operator }: Change): Mutant {
  const line = source.slice(0, at).split('\n').length;
  const changed = source.slice(0, at) + text + source.slice(at + length);
  const lineOf = (whole: string) => whole.split('\n')[line - 1]?.trim() ?? '';
  return { line, operator, before: lineOf(source), after: lineOf(changed), source: changed };
}

function swaps(code: string, pattern: RegExp, text: string, operator: string): readonly Change[] {
  return [...code.matchAll(pattern)].map((match) => ({ at: match.index, length: match[0].length, text, operator }));
}

function numbers(code: string): readonly Change[] {
  return [...code.matchAll(/(?<![\w.])\d[\d_]*\b/g)].map((match) => ({
    at: match.index,
    length: match[0].length,
    text: String(Number(match[0].replaceAll('_', '')) + 1),
    operator: 'constant',
  }));
}

/** `if (...)` always, and never. */
function conditions(code: string): readonly Change[] {
  return [...code.matchAll(/\bif \(/g)].flatMap(({ index }) => {
    const at = index + 4;
    const length = closing(code, at) - at;
    return ['true', 'false'].map((text) => ({ at, length, text, operator: 'condition' }));
  });
}

function closing(code: string, from: number): number {
  let depth = 1;
  for (let at = from; at < code.length; at++) {
    if (code[at] === '(') depth++;
    if (code[at] === ')' && --depth === 0) return at;
  }
  return code.length;
}

/** Words that decide: what is compared, or is in a list. Sentences for people are left as they are. */
function words(source: string, code: string): readonly Change[] {
  return [...code.matchAll(/(?<=(?:[=!]== |: |(?<![\w\]])\[|, |\())'(\s*)'(?!>| \|)/g)].flatMap(
    ({ index, 0: { length } }) =>
      /^'[A-Za-z-]+'$/.test(source.slice(index, index + length))
        ? [{ at: index, length, text: "'mutant'", operator: 'word' }]
        : [],
  );
}

/** A function that does nothing. */
function returns(code: string): readonly Change[] {
  return [...code.matchAll(/^(?:export )?function [^{]*?\{$/gms)].map((match) => ({
    at: match.index + match[0].length,
    length: 0,
    text: ' return undefined as never;',
    operator: 'nothing',
  }));
}

/** Types are no code: lines of imports, interfaces and type aliases. */
function codeLines(code: string): (line: number) => boolean {
  const lines = code.split('\n');
  let inside = false;
  const isCode = lines.map((line) => {
    if (/^(?:export )?(?:interface|type|import)\b/.test(line)) inside = true;
    const was = inside;
    if (inside && (/^\}/.test(line) || /;\s*$/.test(line)) && !/^\s/.test(line)) inside = false;
    return !was;
  });
  return (line) => isCode[line - 1] === true;
}

/** The same text with comments, strings, templates and regular expressions blanked. */
function masked(source: string): string {
  const pattern =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=[(=,:!&|?]\s*)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[a-z]*/g;
  return source.replace(pattern, (text) => {
    const blank = text.replace(/[^\n]/g, ' ');
    return text.startsWith("'") ? `'${blank.slice(2)}'` : blank;
  });
}
