import type { DocumentText } from '../manifests/documents.ts';
import { yaml } from '../manifests/libraries.ts';
import { createLocator, type Path } from '../manifests/locate.ts';
import type { YamlMode } from '../manifests/plain-scalar.ts';
import type { Fault } from './read-file.ts';
import { syntax } from './rules/yaml-syntax.ts';

/**
 * What the readers of YAML take, and kubectl and kustomize do not: they go by https://github.com/kubernetes-sigs/yaml, which
 * makes JSON of every document. A file that begins with a brace is JSON to kubectl.
 */
export function refusedFaults(piece: DocumentText, mode: YamlMode, value: unknown): readonly Fault[] {
  const { text, start } = piece;
  const numbers = /\.(?:inf|nan)/i.test(text) ? noNumbers(text, mode, value) : [];
  const keys = /(?:null|Null|NULL|~)\s*:/.test(text) ? nullKeys(text, mode, value) : [];
  const isJson = start === 0 && text.trimStart().startsWith('{');
  const escapes = !isJson && text.includes('\\') && ESCAPE.test(text) ? wrongEscapes(text) : [];
  return numbers.length + keys.length + escapes.length === 0 ? NONE : [...numbers, ...keys, ...escapes];
}

const NONE: readonly Fault[] = [];

/** `.inf` and `.nan` without quotes are numbers, which JSON does not have. */
function noNumbers(text: string, mode: YamlMode, value: unknown): readonly Fault[] {
  const paths = pathsTo(value, (inner) => typeof inner === 'number' && !Number.isFinite(inner));
  if (paths.length === 0) return NONE;
  const locator = createLocator(text, mode);
  return paths.map((path) => ({
    rule: syntax,
    offset: locator.value(path).start,
    message: 'JSON has no number for this, so that kubectl and kustomize refuse the document.',
    hint: 'Put it in quotes where it is a text.',
  }));
}

/** The readers make the text `null` of a key that is none. */
function nullKeys(text: string, mode: YamlMode, value: unknown): readonly Fault[] {
  const paths = pathsTo(value, (_, name) => name === 'null');
  if (paths.length === 0) return NONE;
  const locator = createLocator(text, mode);
  const keys = paths.map((path) => locator.key(path));
  return keys
    .filter(({ start, end }) => /^(?:null|Null|NULL|~)$/.test(text.slice(start, end)))
    .map(({ start: offset }) => ({
      rule: syntax,
      offset,
      message: 'A key must be a text, and this is null: kubectl and kustomize refuse the document.',
      hint: 'Put it in quotes.',
    }));
}

type Wanted = (value: unknown, name: string | number) => boolean;

/** Each map and list is looked at once, wherever aliases have it. */
function pathsTo(value: unknown, isWanted: Wanted, path: Path = [], seen: Set<object> = new Set()): readonly Path[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return entries.flatMap(([name, inner]) => {
    const below = [...path, name];
    return [...(isWanted(inner, name) ? [below] : []), ...pathsTo(inner, isWanted, below, seen)];
  });
}

const ESCAPE = /\\(?:\/|u[dD][89a-fA-F]|U)/;

/** Those in double quotes; in other texts, which never begin with such a quote as a token, a backslash is one. */
function wrongEscapes(text: string): readonly Fault[] {
  const faults: Fault[] = [];
  let offset = 0;
  for (const token of new (yaml().Lexer)().lex(text)) {
    if (token.startsWith('"')) faults.push(...escapesIn(token, offset));
    if (!MARKS.has(token)) offset += token.length;
  }
  return faults;
}

/** Tokens of the lexer that stand for no text (https://eemeli.org/yaml/#lexer). */
const MARKS: ReadonlySet<string> = new Set(['\u001f', '\u0002', '\u0018']);

function escapesIn(quoted: string, offset: number): readonly Fault[] {
  return [...quoted.matchAll(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|.)/gs)].flatMap((match) => {
    const [whole, short, long] = match;
    const digits = short ?? long;
    if (whole !== '\\/' && (digits === undefined || !isSurrogate(Number.parseInt(digits, 16)))) return [];
    return [{ rule: syntax, offset: offset + match.index, ...(digits === undefined ? SLASH : SURROGATE) }];
  });
}

const SLASH = { message: 'kubectl and kustomize know no escape \\/ in quotes.', hint: 'Write / alone.' };
const SURROGATE = {
  message: 'kubectl and kustomize refuse an escape that stands for one half of a character.',
  hint: 'Write the character itself, or \\U and its eight digits.',
};

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
