/** One file as its bytes stand in the repository or on disk. Paths are relative, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Git's file mode: regular, executable, symbolic link. */
  readonly mode: FileMode;
}

export type FileMode = '100644' | '100755' | '120000';
