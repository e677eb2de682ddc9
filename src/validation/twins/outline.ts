const NEWLINE = 0x0a;
const SPACE = 0x20;
const DASH = 0x2d;
const COLON = 0x3a;
const HASH = 0x23;

/** Behind the marker, the blank lines and the lines of comment that a document begins with. */
export function contentStart(text: string, from: number): number {
  let start = text.startsWith('---\n', from) ? from + 4 : from;
  let unit = text.charCodeAt(start);
  while (unit === HASH || unit === NEWLINE) {
    const newline = text.indexOf('\n', start);
    if (newline < 0) return start;
    start = newline + 1;
    unit = text.charCodeAt(start);
  }
  return start;
}

/**
 * A number for a text of YAML that does not depend on the scalars of its lines. Documents that differ in these alone have the
 * same one; others may have it too, by chance, or as it looks at no line more closely than it must.
 */
export function outlineOf(text: string): number {
  let hash = 0x811c9dc5;
  let lineStart = contentStart(text, 0);
  while (lineStart < text.length) {
    const newline = text.indexOf('\n', lineStart);
    const end = newline < 0 ? text.length : newline;
    hash = Math.imul(hash ^ NEWLINE, 0x01000193);
    for (let at = lineStart, stop = headEnd(text, lineStart, end); at < stop; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
    lineStart = end + 1;
  }
  return hash >>> 2;
}

/** The end of a line's dashes and key; of the line, where it has neither. */
function headEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  const first = at;
  while (at + 1 < end && text.charCodeAt(at) === DASH && text.charCodeAt(at + 1) === SPACE) at += 2;
  const afterDashes = at;
  for (; at + 1 < end; at++) {
    if (text.charCodeAt(at) === COLON && text.charCodeAt(at + 1) === SPACE) return at + 2;
  }
  return afterDashes > first ? afterDashes : end;
}
