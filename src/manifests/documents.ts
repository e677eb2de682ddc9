/** One document of a file: a stretch of its text. A document that begins with `---` includes that line. */
export interface DocumentText {
  readonly text: string;
  /** Offset into the file's text. */
  readonly start: number;
  /** Line of the file, from 1, where `text` begins. */
  readonly line: number;
}

/**
 * Cuts a file at its `---` lines. At the start of a line these end a document wherever they stand, in block scalars and
 * quotes too (https://yaml.org/spec/1.2.2/#912-document-markers), so that one broken document leaves the others readable.
 * What stands before the first marker is a document only if it holds more than comments; directives stay with what follows.
 */
export function splitDocuments(text: string): readonly DocumentText[] {
  const starts = documentStarts(text);
  let line = 1;
  let counted = 0;
  return starts.map((start, index) => {
    line += countLines(text, counted, start);
    counted = start;
    return { text: text.slice(start, starts[index + 1]), start, line };
  });
}

function documentStarts(text: string): readonly number[] {
  const [first, ...others] = markers(text);
  if (first === undefined) return [0];
  const preface = text.slice(0, first);
  if (!holdsNoContent(preface)) return [0, first, ...others];
  return /^%/m.test(preface) ? [0, ...others] : [first, ...others];
}

/** Offsets of the lines that begin with `---` and a blank. */
function markers(text: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.startsWith('---') ? 0 : nextMarker(text, 0); at >= 0; at = nextMarker(text, at)) {
    const after = text.charCodeAt(at + 3);
    if (Number.isNaN(after) || after === 0x20 || after === 0x09 || after === 0x0a || after === 0x0d) found.push(at);
  }
  return found;
}

function nextMarker(text: string, from: number): number {
  const newline = text.indexOf('\n---', from);
  return newline < 0 ? -1 : newline + 1;
}

/** Only blank lines, comments, directives and markers. */
export function holdsNoContent(text: string): boolean {
  const line = /([^\r\n]*)(?:\r\n|[\r\n]|$)/y;
  while (line.lastIndex < text.length) {
    if (!/^\s*(#.*)?$|^%|^---\s*(#.*)?$|^\.\.\.\s*$/.test(line.exec(text)?.[1] ?? '')) return false;
  }
  return true;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
