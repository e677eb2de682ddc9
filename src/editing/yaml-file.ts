import { Composer, type Document, LineCounter, type ParsedNode, Parser, type Scalar, type YAMLParseError } from 'yaml';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { indexNodes, type NodeIndex } from './node-index.ts';
import { mapScalar, type ScalarMap } from './scalar-map.ts';

/** Larger files are not looked into. The largest install manifests of public projects have 2 MB. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_DOCUMENTS = 10_000;

/** A file of YAML or JSON documents with every node's place in the text. */
export interface YamlFile {
  readonly path: string;
  /** Without the byte order mark; all ranges of nodes count in this text. */
  readonly text: string;
  readonly bom: boolean;
  /** JSON allows less than YAML: new text must be double quoted. */
  readonly json: boolean;
  readonly lineEnding: '\n' | '\r\n';
  readonly documents: readonly YamlDocument[];
  /** Only where the text is the value of a scalar of another file. */
  readonly within?: Enclosure;
}

/** The scalar that holds a file's text. */
export interface Enclosure {
  readonly document: YamlDocument;
  readonly node: Scalar;
  readonly map: ScalarMap;
}

export interface YamlDocument {
  readonly file: YamlFile;
  /** From 0, in its file. */
  readonly index: number;
  readonly root: ParsedNode | null;
  readonly nodes: NodeIndex;
}

export type ParsedFile =
  | { readonly ok: true; readonly file: YamlFile }
  | { readonly ok: false; readonly line: number; readonly problem: string };

export function parseFile(source: SourceFile): ParsedFile {
  const decoded = decodeText(source.bytes);
  if (!decoded.ok) return { ok: false, line: 1, problem: decoded.problem };
  return parseText(source.path, decoded.text, decoded.bom);
}

/**
 * Parses without building values: nodes and ranges only. Duplicate keys are found by the node index in linear time, and
 * errors stay terse, since both are quadratic in `yaml` itself.
 */
export function parseText(path: string, text: string, bom: boolean, version: '1.1' | '1.2' = '1.2'): ParsedFile {
  const file: YamlFile = {
    path,
    text,
    bom,
    json: /\.json$/i.test(path),
    lineEnding: lineEndingOf(text),
    documents: [],
  };
  return compose(file, version);
}

const SCALAR_TEXTS = new WeakMap<Scalar, ParsedFile>();

/**
 * The documents in the text of a scalar, such as the Helm values that an Argo CD Application holds in a block. Everybody who
 * asks for the same scalar gets the same nodes.
 */
export function parseScalarText(document: YamlDocument, node: Scalar): ParsedFile {
  const known = SCALAR_TEXTS.get(node);
  const parsed = known ?? parseEnclosed(document, node);
  if (known === undefined) SCALAR_TEXTS.set(node, parsed);
  return parsed;
}

function parseEnclosed(document: YamlDocument, node: Scalar): ParsedFile {
  const map = mapScalar(document.file.text, node);
  const line = lineIn(document.file, node.range?.[0] ?? 0);
  if (map === undefined || typeof node.value !== 'string')
    return { ok: false, line, problem: 'the text is written in a way that cannot be edited safely' };
  const within: Enclosure = { document, node, map };
  const text = { path: document.file.path, text: node.value, bom: false, json: false, lineEnding: '\n' } as const;
  const parsed = compose({ ...text, documents: [], within }, '1.2');
  return parsed.ok ? parsed : { ...parsed, line };
}

function compose(file: YamlFile, version: '1.1' | '1.2'): ParsedFile {
  const { text } = file;
  const documents: Document.Parsed[] = [];
  const lines = new LineCounter();
  const composer = new Composer({ version, uniqueKeys: false, prettyErrors: false, strict: true, logLevel: 'silent' });
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text))) {
    const error = document.errors[0];
    if (error !== undefined) return { ok: false, line: lines.linePos(error.pos[0]).line, problem: printError(error) };
    documents.push(document);
    if (documents.length > MAX_DOCUMENTS)
      return { ok: false, line: 1, problem: `more than ${MAX_DOCUMENTS} documents` };
  }
  return located(file, documents);
}

/** The file in the repository that a file stands in: itself, unless it is the text of a scalar. */
export function outermost(file: YamlFile): YamlFile {
  return file.within === undefined ? file : outermost(file.within.document.file);
}

/** The line of an offset in the file of the repository, from 1. */
export function lineIn(file: YamlFile, offset: number): number {
  const { within } = file;
  return within === undefined ? lineAt(file.text, offset) : lineIn(within.document.file, within.map.offsetAt(offset));
}

/** From 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let index = text.indexOf('\n'); index >= 0 && index < offset; index = text.indexOf('\n', index + 1)) line++;
  return line;
}

function located(file: YamlFile, parsed: readonly Document.Parsed[]): ParsedFile {
  const documents: YamlDocument[] = [];
  const whole: YamlFile = { ...file, documents };
  for (const [index, document] of parsed.entries()) {
    const nodes = indexNodes(document.contents);
    if (!nodes.ok) return { ok: false, line: lineAt(file.text, nodes.offset), problem: nodes.problem };
    documents.push({ file: whole, index, root: document.contents, nodes: nodes.index });
  }
  return { ok: true, file: whole };
}

function lineEndingOf(text: string): '\n' | '\r\n' {
  const newline = text.indexOf('\n');
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}

function printError(error: YAMLParseError): string {
  return error.message.split('\n', 1)[0] ?? error.code;
}
