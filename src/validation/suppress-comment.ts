import type { Suppression } from './suppress.ts';

const WORD = 'drawbridge-ignore:';
const COMMENT = /(?:^|\s)#\s*drawbridge-ignore:\s*(.*)$/;

/**
 * The comments `# drawbridge-ignore: rule-id[, rule-id] reason`. One behind something is about its own line; one that has
 * the line for itself is about the next line that is no comment.
 */
export function commentSuppressions(path: string, text: string): readonly Suppression[] {
  if (!text.includes(WORD)) return [];
  const lines = text.split(/\r\n|\n|\r/);
  return lines.flatMap((content, index) => {
    const match = COMMENT.exec(content);
    if (match === null) return [];
    const column = content.indexOf('#', match.index) + 1;
    const line = isComment(content) ? nextLine(lines, index) : index + 1;
    const place = { path, line: index + 1, column };
    return [{ source: 'comment', rules: readRules(match[1] ?? ''), place, covers: { kind: 'line', path, line } }];
  });
}

/** Names with commas between them; what follows the last one is the reason. */
export function readRules(text: string): readonly string[] {
  const list = /^\s*[\w*/-]+(\s*,\s*[\w*/-]+)*/.exec(text)?.[0] ?? '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function isComment(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

/** From 1. */
function nextLine(lines: readonly string[], index: number): number {
  const after = lines.findIndex((line, candidate) => candidate > index && !isComment(line));
  return after < 0 ? index + 1 : after + 1;
}
