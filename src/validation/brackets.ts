/**
 * What `open[^close]+close` finds, in a single pass: the expression tries every `open` up to the end of the text where no
 * `close` follows, which takes minutes for a text of nothing but them.
 */
export function holdsBracketed(text: string, open: string, close: string): boolean {
  for (let at = text.indexOf(open); at >= 0; ) {
    const inside = at + open.length;
    const end = text.indexOf(close, inside);
    if (end < 0) return false;
    if (end > inside) return true;
    at = text.indexOf(open, inside);
  }
  return false;
}

/** A variable of Flux, `${name}` (https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution). */
export function holdsVariable(text: string): boolean {
  return holdsBracketed(text, '${', '}');
}

/** Brackets that hold something, or nothing, that is not known here. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['${', '}'],
  ['{{', '}}'],
  ['<<', '>>'],
]);

/** What stands before, between and behind `${…}`, `$name`, `{{…}}` and `<<…>>`; the text alone where there is none of them. */
export function textAround(text: string): readonly string[] {
  const parts: string[] = [];
  const unclosed = new Set<string>();
  let start = 0;
  for (const { index } of text.matchAll(/\$\{|\$\w|\{\{|<</g)) {
    if (index < start) continue;
    const end = endOfUnknown(text, index, unclosed);
    if (end === undefined) continue;
    parts.push(text.slice(start, index));
    start = end;
  }
  return [...parts, text.slice(start)];
}

function endOfUnknown(text: string, at: number, unclosed: Set<string>): number | undefined {
  const open = text.slice(at, at + 2);
  const close = PAIRS.get(open);
  if (close === undefined) return at + (/^\$\w+/.exec(text.slice(at, at + LONGEST_NAME))?.[0].length ?? 2);
  const end = unclosed.has(open) ? -1 : text.indexOf(close, at + 2);
  // Nor does one behind it, then.
  if (end < 0) unclosed.add(open);
  return end < 0 ? undefined : end + close.length;
}

/** Of a variable without brackets. */
const LONGEST_NAME = 256;
