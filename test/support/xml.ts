/** A node of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, entities replaced. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const CHARS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const ATTRIBUTE = /\s+([A-Za-z][\w.-]*)="([^"<]*)"/y;

/**
 * Reads a document and is strict about it: the part of XML 1.0 that reports are written in (no comments, sections,
 * processing instructions or own entities). Throws where the document is not well-formed.
 */
export function readXml(document: string): XmlElement {
  if (!CHARS.test(document)) throw new Error('a character that XML does not allow');
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(head)) throw new Error('no declaration');
  const reader = { document, at: head.length };
  const root = readElement(reader);
  if (document.slice(reader.at).trim() !== '') throw new Error('text after the root');
  return root;
}

interface Reader {
  readonly document: string;
  at: number;
}

function readElement(reader: Reader): XmlElement {
  const name = expect(reader, /<([A-Za-z][\w.-]*)/y)[1] ?? '';
  const attributes: Record<string, string> = {};
  for (let found = tryRead(reader, ATTRIBUTE); found !== undefined; found = tryRead(reader, ATTRIBUTE)) {
    const [, key = '', value = ''] = found;
    if (Object.hasOwn(attributes, key)) throw new Error(`the attribute ${key} twice`);
    attributes[key] = decode(value);
  }
  const end = expect(reader, /(\/?)>/y)[1];
  if (end === '/') return { name, attributes, children: [], text: '' };
  return { name, attributes, ...readContent(reader, name) };
}

function readContent(
  reader: Reader,
  name: string,
): { readonly children: readonly XmlElement[]; readonly text: string } {
  const children: XmlElement[] = [];
  let text = '';
  for (;;) {
    text += decode(expect(reader, /[^<]*/y)[0]);
    const closing = tryRead(reader, /<\/([A-Za-z][\w.-]*)>/y);
    if (closing === undefined) children.push(readElement(reader));
    else if (closing[1] === name) return { children, text };
    else throw new Error(`${closing[0]} closes ${name}`);
  }
}

function decode(text: string): string {
  const left = text.replace(/&(?:#(\d+)|([a-z]+));/g, (whole, code?: string, name?: string) => {
    const character = code === undefined ? ENTITIES[name ?? ''] : String.fromCodePoint(Number(code));
    if (character === undefined || !CHARS.test(character)) throw new Error(`unknown entity ${whole}`);
    return character === '&' ? '\0' : character;
  });
  if (left.includes('&')) throw new Error(`unescaped text: ${text}`);
  return left.replaceAll('\0', '&');
}

function tryRead(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.document);
  if (found === null) return undefined;
  reader.at = pattern.lastIndex;
  return found;
}

function expect(reader: Reader, pattern: RegExp): RegExpExecArray {
  const found = tryRead(reader, pattern);
  if (found === undefined)
    throw new Error(`${pattern} expected at ${JSON.stringify(reader.document.slice(reader.at, reader.at + 40))}`);
  return found;
}
