import type { Change } from '../editing/edit.ts';
import type { SourceFile } from '../manifests/source-file.ts';

/** Adapters import these from here: the port is all they know. */
export type { Change, SourceFile };

/** A full commit id, 40 (SHA-1) or 64 (SHA-256) lower-case hex digits. */
export type Revision = string;

/**
 * How a revision stands to a wanted one (T).
 * - `equal`: the same commit.
 * - `contains`: T is an ancestor.
 * - `reverted`: T is an ancestor, but every file that T changed is again exactly as before T.
 * - `lacks`: T is not an ancestor.
 * - `unknown`: could not be found out; means "not yet", never success.
 */
export type Relation = 'equal' | 'contains' | 'reverted' | 'lacks' | 'unknown';

export interface Head {
  /** Short name, `main`. */
  readonly branch: string;
  readonly revision: Revision;
}

/** Files of one revision, read together. */
export interface Snapshot {
  readonly revision: Revision;
  readonly files: readonly SourceFile[];
  /** Paths of every file in the tree, read or not. */
  readonly paths: readonly string[];
}

export type CommitResult =
  | { readonly kind: 'committed'; readonly revision: Revision }
  /** The branch is not where it was expected. Nothing was written. */
  | { readonly kind: 'conflict'; readonly reason: string };

export interface LoggedCommit {
  readonly revision: Revision;
  readonly parents: readonly Revision[];
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly committedAt: number;
  readonly message: string;
}

export interface LogQuery {
  readonly from: Revision;
  /** At most this many commits, newest first, first parents only. */
  readonly limit: number;
  /** Only commits whose message holds one of these trailers, such as `Image`. */
  readonly trailer?: string;
}

/** The role every forge has: one repository, read at a revision and written by compare-and-set. */
export interface RepositoryRole {
  /**
   * The tip of a branch; without a name, of the remote's default branch.
   * @throws ToolError missing (no such repository or branch), denied, temporary
   */
  head(branch?: string): Promise<Head>;
  /** The files at `revision` whose path `wanted` accepts. */
  readFiles(wanted: (path: string) => boolean, revision: Revision): Promise<Snapshot>;
  /**
   * One commit on top of `expected` with all files of the change, or a conflict when the branch is elsewhere by now.
   * Never forces, never rebases, never writes a part.
   * @throws ToolError denied (protected branch, hook, token), missing (branch gone), temporary
   */
  commit(branch: string, change: Change, expected: Revision): Promise<CommitResult>;
  log(query: LogQuery): Promise<readonly LoggedCommit[]>;
  /**
   * Paths that a commit added, changed or deleted against its first parent, sorted; of a first commit, all of them.
   * @throws ToolError missing (no such commit), denied, temporary
   */
  changedPaths(revision: Revision): Promise<readonly string[]>;
  /** See `Relation`. Never throws for an unknown revision: that is `unknown`. */
  relation(revision: Revision, wanted: Revision): Promise<Relation>;
}

/** A forge, bound to one repository. Roles beyond `repository` are optional; a command names those that it needs. */
export interface Forge {
  readonly id: string;
  /** For people: where commits go, without credentials. */
  readonly location: string;
  readonly repository: RepositoryRole;
  /** Links for people, where the forge has pages. */
  readonly links?: {
    commit(revision: Revision): string;
    file(path: string, revision: Revision, line?: number): string;
  };
  /** Deletes temporary folders. Safe to call twice. */
  close(): Promise<void>;
}

export interface ForgeDefinition {
  readonly id: string;
  readonly displayName: string;
  /** The forge's own word: pull request, merge request. */
  readonly words: { readonly pullRequest: string };
  connect(address: RepositoryAddress, access: ForgeAccess): Promise<Forge>;
}

/** Where the config repository is. */
export type RepositoryAddress =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

export interface ForgeAccess {
  readonly host: import('../host.ts').Host;
  readonly token?: string;
  readonly author?: Author;
}

export interface Author {
  readonly name: string;
  readonly email: string;
}
