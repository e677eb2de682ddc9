import { type DocumentText, holdsNoContent, splitDocuments } from '../manifests/documents.ts';
import { exceededLimit, LIMITS, tooManyNodes } from '../manifests/limits.ts';
import type { YamlMode } from '../manifests/plain-scalar.ts';
import type { ReadDocument, YamlReader } from '../manifests/read-yaml.ts';
import { looksLikeTemplate } from './classify.ts';
import { refusedFaults } from './refused-yaml.ts';
import type { Rule } from './rules/rule.ts';
import { duplicateKey } from './rules/yaml-duplicate-key.ts';
import { limit } from './rules/yaml-limit.ts';
import { syntax } from './rules/yaml-syntax.ts';
import { isObject } from './scalars.ts';
import type { Twin, Twins, TwinText } from './twins/twins.ts';

/** One document, read as far as it could be. */
export interface ReadResult extends DocumentText {
  /** From 1. */
  readonly number: number;
  /** Undefined where it cannot be read at all, and where it need not be: of a twin. */
  readonly value: unknown;
  readonly readable: boolean;
  readonly ambiguous: boolean;
  readonly unknownTag: string | undefined;
  /** Some key is a map or a list. */
  readonly complexKeys: boolean;
  readonly faults: readonly Fault[];
  /** What the document is a twin of. */
  readonly twin?: Twin;
}

/** What is wrong with the text itself, by offset into the document. */
export interface Fault {
  readonly rule: Rule;
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

export type ReadFile =
  | { readonly kind: 'documents'; readonly documents: readonly ReadResult[] }
  | { readonly kind: 'template' }
  | { readonly kind: 'other' }
  | { readonly kind: 'too-many'; readonly message: string };

/** Reads all documents of a YAML file. Documents without content are left out, unless the file has no other. */
export function readYamlFile(text: string, mode: YamlMode, reader: YamlReader, twins?: Twins): ReadFile {
  const known = twins?.findAll(text, mode);
  if (known !== undefined && known.length <= LIMITS.documents)
    return { kind: 'documents', documents: known.map(asRead) };
  const pieces = splitDocuments(text);
  const full = pieces.length === 1 ? pieces : pieces.filter((piece) => !holdsNoContent(piece.text));
  if (full.length > LIMITS.documents) {
    return { kind: 'too-many', message: `The file has more than ${LIMITS.documents.toLocaleString('en')} documents.` };
  }
  const kept = full.length === 0 ? pieces.slice(0, 1) : full;
  const documents = kept.map((piece, index) => {
    const twin = twins?.find(piece, mode);
    return twin === undefined ? readYaml(piece, index + 1, mode, reader) : asRead(twin, index);
  });
  const broken = documents.some((document) => !document.readable || document.complexKeys);
  if (broken && looksLikeTemplate(text)) return { kind: 'template' };
  return { kind: 'documents', documents };
}

function readYaml(piece: DocumentText, number: number, mode: YamlMode, reader: YamlReader): ReadResult {
  const read = readDocument(piece, number, mode, reader);
  const refused = read.readable ? refusedFaults(piece, mode, read.value) : NO_FAULTS;
  return refused.length === 0 ? read : { ...read, faults: [...read.faults, ...refused] };
}

function asRead({ text, start, line, twin }: TwinText, index: number): ReadResult {
  return {
    text,
    start,
    line,
    twin,
    number: index + 1,
    value: undefined,
    readable: true,
    ambiguous: false,
    unknownTag: undefined,
    complexKeys: false,
    faults: NO_FAULTS,
  };
}

const NO_FAULTS: readonly Fault[] = [];

/**
 * Reads a JSON file that may hold a Kubernetes object; others are left alone, as many of them (settings of editors and
 * compilers) are not quite JSON. Duplicate keys and exact integers come from reading it as the YAML that it also is.
 */
export function readJsonFile(text: string, reader: YamlReader): ReadFile {
  if (!text.includes('"apiVersion"') || !text.includes('"kind"')) return { kind: 'other' };
  const documents = splitJson(text).map((piece, index) => {
    const fault = jsonFault(piece.text);
    return fault === undefined
      ? readDocument(piece, index + 1, 'cluster', reader)
      : unreadable(piece, index + 1, fault);
  });
  return documents.some((document) => !document.readable) && looksLikeTemplate(text)
    ? { kind: 'template' }
    : { kind: 'documents', documents };
}

/** kubectl takes one JSON value after the other from a file. The parser tells where the first one ends. */
function splitJson(text: string): readonly DocumentText[] {
  const pieces: DocumentText[] = [];
  let start = 0;
  let line = 1;
  while (start < text.length || pieces.length === 0) {
    const rest = text.slice(start);
    const end = pieces.length < LIMITS.documents ? endOfFirstValue(rest) : rest.length;
    pieces.push({ text: rest.slice(0, end), start, line });
    line += rest.slice(0, end).split('\n').length - 1;
    start += end;
  }
  return pieces;
}

function endOfFirstValue(text: string): number {
  try {
    JSON.parse(text);
  } catch (error) {
    const match = /non-whitespace character after JSON at position (\d+)/.exec(String(error));
    if (match !== null) return Number(match[1]);
  }
  return text.length;
}

function readDocument(piece: DocumentText, number: number, mode: YamlMode, reader: YamlReader): ReadResult {
  const read = readOne(piece.text, mode, reader);
  if (read.ok) return withLimits(piece, number, read, []);
  const { kind, message, offset } = read.problem;
  if (kind === 'depth') {
    return unreadable(piece, number, { rule: limit, offset, message: `Nested deeper than ${LIMITS.depth} levels.` });
  }
  const again = kind === 'duplicate-key' ? reader.read(piece.text, mode, 'allow') : read;
  if (again.ok) return withLimits(piece, number, again, [{ rule: duplicateKey, offset, message }]);
  return unreadable(piece, number, syntaxFault(again.problem.message, again.problem.offset));
}

/** More `...` lines behind the first end nothing more, and kubectl takes them. */
function readOne(text: string, mode: YamlMode, reader: YamlReader): ReadDocument {
  const read = reader.read(text, mode);
  const end = read.ok ? undefined : firstEnd(text);
  return end === undefined ? read : reader.read(text.slice(0, end), mode);
}

/** Behind the first of the `...` lines that only blank lines and comments follow. */
function firstEnd(text: string): number | undefined {
  let at = text.length;
  let first: number | undefined;
  for (const line of text.split('\n').toReversed()) {
    if (!/^\s*(#.*)?$|^\.\.\.\s*$/.test(line)) break;
    if (line.startsWith('...')) first = at;
    at -= line.length + 1;
  }
  return first;
}

function withLimits(
  piece: DocumentText,
  number: number,
  read: Extract<ReadDocument, { ok: true }>,
  faults: readonly Fault[],
): ReadResult {
  const exceeded = read.nodes === undefined ? exceededLimit(read.value, piece.text) : tooManyNodes(read.nodes);
  if (exceeded !== undefined) return unreadable(piece, number, { rule: limit, offset: 0, message: exceeded });
  const { value, ambiguous, unknownTag } = read;
  const complexKeys = read.nodes === undefined && /[{[?]/.test(piece.text) && hasComplexKey(value);
  return { ...piece, number, value, readable: true, ambiguous, unknownTag, complexKeys, faults };
}

function unreadable(piece: DocumentText, number: number, fault: Fault): ReadResult {
  const nothing = { value: undefined, readable: false, ambiguous: false, unknownTag: undefined, complexKeys: false };
  return { ...piece, ...nothing, number, faults: [fault] };
}

/** A text without quotes that begins with an asterisk is taken for an alias: it may be a password, and is not repeated. */
function syntaxFault(told: string, offset: number): Fault {
  const isAlias = /^unidentified alias/i.test(told);
  const reason = isAlias ? 'an alias whose anchor is nowhere above it' : told;
  const quote = isAlias ? 'Put a text that begins with an asterisk in quotes.' : undefined;
  const hint = /\btabs?\b/.test(reason) ? 'Indent with spaces.' : quote;
  return { rule: syntax, offset, message: sentence(reason), ...(hint === undefined ? {} : { hint }) };
}

function jsonFault(text: string): Fault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /at position (\d+)/.exec(message)?.[1];
    const reason = message
      .replace(/,? ?(\.\.\.)?(?<!')".*is not valid JSON$/s, '')
      .replace(/ in JSON| at position.*$/g, '');
    return syntaxFault(`not valid JSON: ${reason}`, position === undefined ? text.trimEnd().length : Number(position));
  }
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

/** js-yaml turns a map that stands as a key, which is what `{{ name }}` is, into this text. */
function hasComplexKey(value: unknown, seen: Set<object> = new Set()): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  if (isObject(value) && Object.hasOwn(value, '[object Object]')) return true;
  return Object.values(value).some((inner) => hasComplexKey(inner, seen));
}
