import { yaml } from '../manifests/libraries.ts';
import { createLineIndex } from '../manifests/lines.ts';
import type { Suppression } from './suppress.ts';

const WORD = 'drawbridge-ignore:';
const WISH = /(?:^|\s)#\s*drawbridge-ignore:\s*(.*)$/;

/**
 * The comments `# drawbridge-ignore: rule-id[, rule-id] reason`. One behind something is about its own line; one that has
 * the line for itself is about the next line that is no comment. What looks like one inside a block scalar or quotes is text.
 */
export function commentSuppressions(path: string, text: string): readonly Suppression[] {
  if (!text.includes(WORD)) return [];
  // To the lexer a line ends with a newline alone.
  const lines = text.replace(/\r(?!\n)/g, '\n');
  const placeOf = createLineIndex(lines);
  const nextLines = linesOfContent(lines);
  return commentsWithWord(lines).flatMap(({ start, text: comment }) => {
    const match = WISH.exec(comment);
    if (match === null) return [];
    const place = placeOf(start + comment.indexOf('#', match.index));
    const line = nextLines[place.line - 1] ?? place.line;
    const covers = { kind: 'line', path, line } as const;
    return [{ source: 'comment', rules: readRules(match[1] ?? ''), place: { path, ...place }, covers }];
  });
}

/** Names with commas between them, each once; what follows the last one is the reason. */
export function readRules(text: string): readonly string[] {
  const list = /^\s*[\w*/-]+(\s*,\s*[\w*/-]+)*/.exec(text)?.[0] ?? '';
  const names = list.split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

interface Comment {
  readonly start: number;
  readonly text: string;
}

/** Marks of the lexer that are not in the text: a document begins, a flow collection is not closed, a scalar follows. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
const SCALAR = '\u001f';

/** The lexer cuts any text into pieces, without a fault. */
function commentsWithWord(text: string): readonly Comment[] {
  const found: Comment[] = [];
  let start = 0;
  let before = '';
  for (const piece of new (yaml().Lexer)().lex(text)) {
    if (before !== SCALAR && piece.startsWith('#') && piece.includes(WORD)) found.push({ start, text: piece });
    if (!MARKS.has(piece)) start += piece.length;
    before = piece;
  }
  return found;
}

/** For each line, that of the content in it, or else of the next content below it; its own where there is none. From 1. */
function linesOfContent(text: string): readonly number[] {
  const lines = text.split('\n');
  const found: number[] = new Array(lines.length);
  let next: number | undefined;
  for (let index = lines.length - 1; index >= 0; index--) {
    if (!/^\s*(#|$)/.test(lines[index] ?? '')) next = index + 1;
    found[index] = next ?? index + 1;
  }
  return found;
}
