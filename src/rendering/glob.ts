type Token = { readonly kind: 'star' } | { readonly kind: 'one'; readonly takes: (char: string) => boolean };

/**
 * The lengths, in characters, of the beginnings of a text that a pattern of the shell matches, shortest first: `*` stands
 * for any characters (slashes, too), `?` for one, `[a-z]` and `[^a-z]` for one of a class, `\` takes the next as it is. A
 * broken pattern matches nothing. It takes time in proportion to pattern times text.
 */
export function matchingPrefixes(pattern: string, chars: readonly string[]): readonly number[] {
  const tokens = readTokens([...pattern]);
  if (tokens === undefined) return [];
  const lengths: number[] = [];
  let states = spread(new Set([0]), tokens);
  for (let length = 0; states.size > 0; length++) {
    if (states.has(tokens.length)) lengths.push(length);
    const char = chars[length];
    if (char === undefined) break;
    states = spread(step(states, tokens, char), tokens);
  }
  return lengths;
}

/** The places in the pattern that are reached from these by one more character. */
function step(states: ReadonlySet<number>, tokens: readonly Token[], char: string): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const token = tokens[state];
    if (token?.kind === 'star') next.add(state);
    else if (token?.takes(char)) next.add(state + 1);
  }
  return next;
}

/** A star may stand for nothing at all. */
function spread(states: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const state of states) if (tokens[state]?.kind === 'star') states.add(state + 1);
  return states;
}

function readTokens(pattern: readonly string[]): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '*') tokens.push({ kind: 'star' });
    else if (char === '?') tokens.push({ kind: 'one', takes: () => true });
    else if (char === '[') {
      const found = readClass(pattern, at + 1);
      if (found === undefined) return undefined;
      tokens.push({ kind: 'one', takes: found.takes });
      at = found.end;
    } else {
      const literal = char === '\\' ? pattern[++at] : char;
      if (literal === undefined) return undefined;
      tokens.push({ kind: 'one', takes: (candidate) => candidate === literal });
    }
  }
  return tokens;
}

/** @returns `end`: where the closing bracket stands */
function readClass(
  pattern: readonly string[],
  start: number,
): { readonly takes: (char: string) => boolean; readonly end: number } | undefined {
  const isNegated = pattern[start] === '^';
  const ranges: (readonly [string, string])[] = [];
  let at = isNegated ? start + 1 : start;
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = readMember(pattern, at);
    const high = low !== undefined && pattern[low.next] === '-' ? readMember(pattern, low.next + 1) : low;
    if (low === undefined || high === undefined || high.next >= pattern.length) return undefined;
    ranges.push([low.char, high.char]);
    at = high.next;
  }
  const isMember = (char: string) => ranges.some(([low, high]) => compare(low, char) <= 0 && compare(char, high) <= 0);
  return { takes: (char) => isMember(char) !== isNegated, end: at };
}

function readMember(
  pattern: readonly string[],
  at: number,
): { readonly char: string; readonly next: number } | undefined {
  const first = pattern[at];
  if (first === undefined || first === '-' || first === ']') return undefined;
  const char = first === '\\' ? pattern[at + 1] : first;
  return char === undefined ? undefined : { char, next: first === '\\' ? at + 2 : at + 1 };
}

function compare(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}
