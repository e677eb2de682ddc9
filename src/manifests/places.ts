/** Keys of maps and indexes of lists, from the root of a document. */
export type Path = readonly (string | number)[];

/** Offsets into the document's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface RepeatedKey {
  readonly path: Path;
  readonly first: Range;
  readonly again: Range;
}

/** Finds places in one document. It never throws: where a path leads nowhere, the nearest ancestor is the answer. */
export interface Locator {
  key(path: Path): Range;
  value(path: Path): Range;
  repeatedKeys(): readonly RepeatedKey[];
  ambiguousScalars(): readonly (Range & { readonly text: string })[];
  /** Keys that are maps or lists, which no Kubernetes object can have. */
  complexKeys(): readonly Range[];
}

/** Offset of the first character that is no comment, directive or document marker. */
export function firstContent(text: string): number {
  const match = /^(?![ \t]*(#|$)|---[ \t]*(#|$)|%)[ \t]*/m.exec(text);
  return match === null ? 0 : match.index + match[0].length;
}
