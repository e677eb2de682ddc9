/** From this length on V8 keeps a part of a text as a reference to the whole of it. */
const LENGTH_OF_PARTS = 13;
const MOST_REMEMBERED = 1 << 12;

const known = new Map<string, string>();

/**
 * The same text, without a hold on what it was cut from: a name that is kept would keep the text of its whole file, and
 * most of the memory of a large tree would go there.
 */
export function ownText(text: string): string {
  return text.length < LENGTH_OF_PARTS ? text : copyOf(text);
}

/** As `ownText`, for words that come again and again: one string for all of them. */
export function ownWord(word: string): string {
  const own = known.get(word);
  if (own !== undefined) return own;
  const copy = ownText(word);
  if (known.size < MOST_REMEMBERED) known.set(copy, copy);
  return copy;
}

/** In both units of UTF-16, so that half a pair stays what it is. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
