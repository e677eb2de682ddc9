import { execFileSync } from 'node:child_process';
import { type BareRepository, GIT_ENVIRONMENT } from './bare-repository.ts';
import type { GithubWords } from './github-server-statuses.ts';
import { tipOf as branchTip } from './memory-repository.ts';

/** Who a token stands for. */
export interface TokenOwner {
  readonly login: string;
  readonly id: number;
  readonly canWrite: boolean;
}

export interface PullState {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly fork: boolean;
  readonly author: string;
  title: string;
  body: string;
  draft: boolean;
  state: 'open' | 'closed';
  mergeCommit?: string;
  /** The tip of the head branch when it was merged or closed. */
  lastHead?: string;
  autoMerge?: { method: string; title: string; message: string };
  queued: boolean;
  labels: string[];
  reviewers: string[];
  assignees: string[];
  comments: string[];
}

/** What the settings of the repository say. */
export interface Rules {
  /** `mergeable_state` of every open request without a conflict. */
  mergeState: string;
  autoMergeAllowed: boolean;
  mergeQueue: boolean;
  methods: string[];
  /** Branches that refuse commits by the API, with GitHub's sentence. */
  protectedBranches: Map<string, string>;
}

export interface GithubState {
  readonly repository: BareRepository;
  readonly owner: string;
  readonly name: string;
  origin: string;
  readonly rules: Rules;
  readonly pulls: PullState[];
  readonly words: GithubWords;
  readonly tokens: Map<string, TokenOwner>;
  /** What was asked that GitHub does not know or would not take. */
  readonly problems: string[];
}

export function tipOf({ repository }: GithubState, branch: string): string | undefined {
  return branchTip(repository, branch);
}

/** Runs Git as somebody; gives what it printed. */
export function gitAs(
  { repository }: GithubState,
  owner: TokenOwner,
  args: readonly string[],
  input: string | Buffer = '',
): string {
  const author = { name: owner.login, email: `${owner.id}+${owner.login}@users.noreply.github.com` };
  const env = {
    ...GIT_ENVIRONMENT,
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: 'GitHub',
    GIT_COMMITTER_EMAIL: 'noreply@github.com',
  };
  return execFileSync('git', [...args], { cwd: repository.path, env, input, encoding: 'utf8' }).trimEnd();
}

export interface Addition {
  readonly path: string;
  readonly contents: string;
}

/** One commit with these files on `parent`, all of mode 100644 as the API makes them; moves no branch. */
export function commitFiles(
  state: GithubState,
  owner: TokenOwner,
  parent: string,
  message: string,
  additions: readonly Addition[],
): string {
  const tree = writeTree(state, owner, parent, additions);
  return gitAs(state, owner, ['commit-tree', tree, '-p', parent, '-F', '-'], message);
}

function writeTree(state: GithubState, owner: TokenOwner, parent: string, additions: readonly Addition[]): string {
  const scratch = `refs/scratch/${state.pulls.length}-${additions.length}`;
  const parts: (string | Buffer)[] = [
    `commit ${scratch}\ncommitter x <x@example.test> 0 +0000\ndata 1\nx\nfrom ${parent}\n`,
  ];
  for (const { path, contents } of additions) {
    const bytes = Buffer.from(contents, 'base64');
    parts.push(`M 100644 inline "${path.replaceAll('"', '\\"')}"\ndata ${bytes.length}\n`, bytes, '\n');
  }
  const stream = Buffer.concat(parts.map((part) => Buffer.from(part)));
  gitAs(state, owner, ['fast-import', '--quiet', '--force'], stream);
  const tree = gitAs(state, owner, ['rev-parse', `${scratch}^{tree}`]);
  gitAs(state, owner, ['update-ref', '-d', scratch]);
  return tree;
}

/** Moves a branch from exactly `from`; false when it is elsewhere. */
export function moveBranch({ repository }: GithubState, branch: string, to: string, from: string): boolean {
  try {
    repository.git('update-ref', `refs/heads/${branch}`, to, from);
    return true;
  } catch {
    return false;
  }
}

/** Closed without being merged; its head stays what it was, whatever becomes of the branch. */
export function closePull(state: GithubState, pull: PullState): void {
  Object.assign(pull, { state: 'closed', lastHead: tipOf(state, pull.head) ?? '' });
}

/** Merges for real, in the bare repository. */
export function mergePull(
  state: GithubState,
  owner: TokenOwner,
  pull: PullState,
  method: string,
  message: string,
): string {
  const [base, head] = [tipOf(state, pull.base), tipOf(state, pull.head)];
  if (base === undefined || head === undefined) throw new Error('a branch of the request is gone');
  const merged =
    method === 'fast-forward'
      ? head
      : method === 'rebase'
        ? rebased(state, owner, base, head)
        : joined(state, owner, base, head, method, message);
  if (!moveBranch(state, pull.base, merged, base)) throw new Error('the base branch moved');
  Object.assign(pull, { state: 'closed', mergeCommit: merged, lastHead: head });
  return merged;
}

function joined(
  state: GithubState,
  owner: TokenOwner,
  base: string,
  head: string,
  method: string,
  message: string,
): string {
  const tree = gitAs(state, owner, ['merge-tree', '--write-tree', base, head]);
  const parents = method === 'merge' ? ['-p', base, '-p', head] : ['-p', base];
  return gitAs(state, owner, ['commit-tree', tree, ...parents, '-F', '-'], message);
}

/** As GitHub does it: commits made anew, also where a fast-forward would do. */
function rebased(state: GithubState, owner: TokenOwner, base: string, head: string): string {
  const commits = gitAs(state, owner, ['rev-list', '--reverse', `${base}..${head}`]).split('\n');
  return commits.reduce((tip, commit) => {
    const tree = gitAs(state, owner, ['merge-tree', '--write-tree', tip, commit]);
    const message = gitAs(state, owner, ['log', '-1', '--format=%B', commit]);
    return gitAs(state, owner, ['commit-tree', tree, '-p', tip, '-F', '-'], message);
  }, base);
}
