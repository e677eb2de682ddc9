/** Names for what the parser has no syntax for: `a.?b` and `a[?b]`. */
export const OPTIONAL_FIELD = 'optionalField__';
export const OPTIONAL_INDEX = 'optionalIndex__';

const TOKEN =
  /\/\/[^\n]*|[bB]?[rR]?(?:"""[\s\S]*?"""|'''[\s\S]*?''')|[rR](?:"[^"\n]*"|'[^'\n]*')|[bB]?(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\.\s*\?\s*[A-Za-z_]\w*|\[\s*\?|\s+|\w+|[\s\S]/g;

/**
 * Writes optional selection (https://github.com/google/cel-spec/wiki/proposal-246) as calls: `a.?b` becomes
 * `a.optionalField__("b")`. Optional items of lists and maps stay as they are, and are refused by the parser.
 */
export function writeOptionalsAsCalls(text: string): string {
  if (!/[.[]\s*\?/.test(text)) return text;
  const ends: string[] = [];
  let previous = '';
  let result = '';
  for (const [token] of text.matchAll(TOKEN)) {
    result += rewritten(token, previous, ends);
    if (token.trim() !== '' && !token.startsWith('//')) previous = token;
  }
  return result;
}

function rewritten(token: string, previous: string, ends: string[]): string {
  const field = /^\.\s*\?\s*(\w+)$/.exec(token)?.[1];
  if (field !== undefined) return `.${OPTIONAL_FIELD}("${field}")`;
  if (token.startsWith('[')) {
    const isIndex = token !== '[' && /[\w)\]}"'?]$/.test(previous);
    ends.push(isIndex ? ')' : ']');
    return isIndex ? `.${OPTIONAL_INDEX}(` : token;
  }
  return token === ']' ? (ends.pop() ?? token) : token;
}
