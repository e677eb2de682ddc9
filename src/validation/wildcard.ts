/**
 * True where a text is these parts in their order with anything, or nothing, between them: `['a', '', 'b']` is `a**b`. The
 * earliest place of each part is as good as any other, so that none is tried twice.
 */
export function isMadeOf(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}
