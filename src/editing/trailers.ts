/** The trailers that a bump, or the rollback of one, leaves in its commit message, in this order. */
export const TRAILER_NAMES = [
  'Image',
  'Previous-Image',
  'Set',
  'Source-Repository',
  'Source-Commit',
  'Pipeline-Url',
  'Rolls-Back',
] as const;

export interface Trailer {
  readonly name: string;
  readonly value: string;
}

/** Longest value that is written; references and URLs are shorter. */
const MAX_VALUE = 500;
const TRAILER_LINE = /^([A-Za-z][A-Za-z0-9-]{0,63}): (.*)$/;

/**
 * The trailers of a commit message: the last paragraph, when every line of it is one or goes on with the line above
 * (https://git-scm.com/docs/git-interpret-trailers). A message that is nothing but a title has none.
 */
export function parseTrailers(message: string): readonly Trailer[] {
  const paragraphs = message
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .split(/\n[ \t]*\n/);
  const last = paragraphs.length > 1 ? paragraphs.at(-1) : undefined;
  const trailers: Trailer[] = [];
  for (const line of last?.split('\n') ?? []) {
    const [, name, value] = TRAILER_LINE.exec(line) ?? [];
    const above = trailers.at(-1);
    if (name !== undefined && value !== undefined) trailers.push({ name, value: value.trim() });
    else if (/^[ \t]/.test(line) && above !== undefined)
      trailers.splice(-1, 1, { ...above, value: `${above.value} ${line.trim()}` });
    else return [];
  }
  return trailers;
}

/** Every value of one trailer, in order. */
export function trailerValues(trailers: readonly Trailer[], name: (typeof TRAILER_NAMES)[number]): readonly string[] {
  return trailers.filter((trailer) => trailer.name.toLowerCase() === name.toLowerCase()).map(({ value }) => value);
}

/** The trailer paragraph; nothing in a value can start another line. */
export function printTrailers(trailers: readonly Trailer[]): string {
  return trailers.map(({ name, value }) => `${name}: ${oneLine(value, MAX_VALUE)}`).join('\n');
}

/** Foreign text on one line: control, direction and line-separating characters become spaces, and length is capped. */
export function oneLine(text: string, limit: number): string {
  const line = text
    .slice(0, limit * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}
