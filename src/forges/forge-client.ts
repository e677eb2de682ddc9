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
  /** Only commits whose message holds one of these trailers, such as `Image` and `Set`. */
  readonly trailers?: readonly string[];
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
   * One commit with all files of the change, or a conflict when the branch is elsewhere by now. Never rebases, never writes
   * a part. On a branch that people use it stands on `expected` and nothing else.
   * @param expected where the branch must be: a revision, or `absent` for a branch that is made by this
   * @param parent what the commit stands on; not given: `expected`. Another one replaces the branch by this one commit: for
   *   the branch of our own request only, after nobody else's commit was found on it.
   * @throws ToolError denied (protected branch, hook, token), missing (branch gone), temporary
   */
  commit(branch: string, change: Change, expected: Revision | 'absent', parent?: Revision): Promise<CommitResult>;
  /** Deletes a branch that is still at `expected`; false when it is elsewhere. A branch that is gone counts as deleted. */
  deleteBranch(branch: string, expected: Revision): Promise<boolean>;
  log(query: LogQuery): Promise<readonly LoggedCommit[]>;
  /**
   * Paths that a commit added, changed or deleted against its first parent, sorted; of a first commit, all of them.
   * @throws ToolError missing (no such commit), denied, temporary
   */
  changedPaths(revision: Revision): Promise<readonly string[]>;
  /** See `Relation`. Never throws for an unknown revision: that is `unknown`. */
  relation(revision: Revision, wanted: Revision): Promise<Relation>;
}

/** A pull request on GitHub and Gitea, a merge request on GitLab. */
export interface ChangeRequest {
  readonly number: number;
  /** Its page, for people. */
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly title: string;
  /** Markdown; foreign text. */
  readonly body: string;
  readonly draft: boolean;
  readonly headBranch: string;
  readonly headRevision: Revision;
  readonly baseBranch: string;
  /** False where the head branch is in a fork: then it is never ours. */
  readonly sameRepository: boolean;
  readonly labels: readonly string[];
  /**
   * The commit on the base branch that holds the change, as it was merged (merge, squash, rebase, fast-forward, queue);
   * checked to be on the base branch. Absent until then.
   */
  readonly mergedRevision?: Revision;
}

export interface RequestDraft {
  readonly title: string;
  readonly body: string;
  readonly headBranch: string;
  readonly baseBranch: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  /** Names as the forge shows them, without `@`. */
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export type MergeResult =
  | { readonly kind: 'merged' }
  /** The forge merges it when its conditions hold. */
  | { readonly kind: 'armed' }
  /** Not decided yet (checks, mergeability): ask again. */
  | { readonly kind: 'not-yet'; readonly reason: string }
  /** The head moved since it was read. */
  | { readonly kind: 'moved' }
  /** Not allowed as asked; another try changes nothing. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Pull or merge requests of the repository. Nothing is sent twice blindly: after a lost answer the state is read. */
export interface RequestsRole {
  /** Requests from this branch of this repository (never of a fork), in every state, newest first. */
  find(headBranch: string): Promise<readonly ChangeRequest[]>;
  /** Open ones whose head branch begins so, for superseding. */
  listOpen(headPrefix: string): Promise<readonly ChangeRequest[]>;
  /** @throws ToolError missing */
  read(number: number): Promise<ChangeRequest>;
  /** Adopts an open one from the same branch to the same base. Labels, reviewers and assignees that fail are a warning in the log. */
  open(draft: RequestDraft): Promise<ChangeRequest>;
  /** Labels are added, never taken away. */
  update(
    number: number,
    changes: { readonly title?: string; readonly body?: string; readonly labels?: readonly string[] },
  ): Promise<ChangeRequest>;
  close(number: number, comment: string): Promise<void>;
  /**
   * When its conditions hold, or now where they do already. Always bound to `expectedHead`. Armed already as asked is `armed`,
   * merged already is `merged`.
   * @param message of the squash or merge commit (first line: its title), so that the trailers reach the base branch
   */
  merge(number: number, method: MergeMethod, expectedHead: Revision, message?: string): Promise<MergeResult>;
}

/**
 * What somebody says about a commit. `inactive` says nothing about it: skipped, neutral, or taken back. Of a deployment,
 * `pending` includes queued and in progress.
 */
export type StatusState = 'pending' | 'success' | 'failure' | 'error' | 'inactive';

/** The newest word of one context about one commit. */
export interface CommitStatus {
  readonly kind: 'status' | 'check' | 'deployment';
  /** The name of a status or of a check run, the environment of a deployment. Foreign text, as is all that follows. */
  readonly context: string;
  readonly state: StatusState;
  readonly description: string;
  /** A page about it. */
  readonly url?: string;
}

export interface StatusDraft {
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** One line; what the forge has no room for is cut. */
  readonly description: string;
  readonly url?: string;
}

export interface DeploymentDraft {
  readonly environment: string;
  readonly revision: Revision;
  /** The branch that holds it. */
  readonly branch: string;
  readonly description: string;
  /** Where people can look at what is deployed. */
  readonly environmentUrl?: string;
  /** The page of the run that tells it. */
  readonly logUrl?: string;
}

/** `inactive`: nothing came of it, and what was there before is still there. */
export type DeploymentState = 'running' | 'success' | 'failure' | 'error' | 'inactive';

export interface DeploymentRole {
  /**
   * Creates a deployment that is under way. Not one more where the CI system itself makes one for the job: then undefined.
   * @returns its id
   * @throws ToolError denied with the right that is missing, missing, temporary, protocol
   */
  begin(draft: DeploymentDraft): Promise<string | undefined>;
  /** @throws as `begin` */
  update(id: string, state: DeploymentState, draft: DeploymentDraft): Promise<void>;
}

/** Words about commits: statuses, check runs and deployments. */
export interface StatusesRole {
  /**
   * The newest word of every context about this commit. A kind that the token may not read is left out, which is told once.
   * @throws ToolError denied (where nothing may be read), missing, temporary, protocol
   */
  list(revision: Revision): Promise<readonly CommitStatus[]>;
  /**
   * Writes are still made for 3 s after the run was cancelled, so that the last word can be told; so are deployments.
   * @throws ToolError denied with the right that is missing, missing, temporary, protocol
   */
  post(revision: Revision, draft: StatusDraft): Promise<void>;
  /** Absent where the forge knows no deployments. */
  readonly deployment?: DeploymentRole;
}

/** A forge, bound to one repository. Roles beyond `repository` are optional; a command names those that it needs. */
export interface Forge {
  readonly id: string;
  /** For people: where commits go, without credentials. */
  readonly location: string;
  /** The forge's own word: pull request, merge request. */
  readonly words: { readonly pullRequest: string };
  readonly repository: RepositoryRole;
  readonly requests?: RequestsRole;
  readonly statuses?: StatusesRole;
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
  /** True where the address is certainly on such a forge: the public host, or the server of the CI system that this runs in. */
  matches(address: RepositoryAddress, env: Readonly<Record<string, string | undefined>>): boolean;
  /** @param plainGit the same repository through the git program, for a forge that reads and writes by it */
  connect(
    address: RepositoryAddress,
    access: ForgeAccess,
    plainGit: (access: ForgeAccess) => Promise<Forge>,
  ): Promise<Forge>;
}

/** Where the config repository is. */
export type RepositoryAddress =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

export interface ForgeAccess {
  readonly host: import('../host.ts').Host;
  readonly token?: string;
  /** GitHub App, in place of a token. */
  readonly app?: { readonly id: string; readonly privateKey: string };
  /** Not given: the token's own identity; with plain Git `Drawbridge <drawbridge@localhost>`. */
  readonly author?: Author;
  /** Base URL of a self-managed server, where the address alone does not tell. */
  readonly forgeUrl?: string;
  /** PEM, trusted beside the system's own. */
  readonly ca?: string;
}

export interface Author {
  readonly name: string;
  readonly email: string;
}
