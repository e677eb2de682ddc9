import { Composer, type Document, LineCounter, type ParsedNode, Parser, type YAMLParseError } from 'yaml';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { indexNodes, type NodeIndex } from './node-index.ts';

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
  return located(
    { path, text, bom, json: /\.json$/i.test(path), lineEnding: lineEndingOf(text), documents: [] },
    documents,
  );
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
