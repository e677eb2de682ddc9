import type { SourceFile } from '../manifests/source-file.ts';

/** One splice: the bytes from `start` to `end` of the file become `replacement`. Nothing outside them changes. */
export interface Edit {
  readonly path: string;
  /** Byte offsets into the file. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** From 1, of `start`. */
  readonly line: number;
  /** The scalar's value before and after, as the cluster would read it (not its quotes). */
  readonly before: string;
  readonly after: string;
  /** The image this edit is about, `registry/repository`; absent for a plain `set`. */
  readonly image?: string;
  /** The whole reference that the place read before and reads after, `registry/repository:tag@digest`; absent with `image`. */
  readonly imageBefore?: string;
  readonly imageAfter?: string;
  /** Where in the document, for people: `Deployment shop/api container app`, `images[name=nginx].newTag`. */
  readonly place: string;
}

/** What should become true in the repository, in one commit. */
export interface Change {
  readonly edits: readonly Edit[];
  /** The touched files only, with their new bytes. */
  readonly files: readonly SourceFile[];
  /** One line, Conventional Commits. */
  readonly title: string;
  /** The whole commit message, title and trailers included. */
  readonly message: string;
  /** Markdown, for a pull or merge request. */
  readonly body: string;
}
