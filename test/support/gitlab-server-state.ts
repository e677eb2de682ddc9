import { execFileSync } from 'node:child_process';
import { type BareRepository, GIT_ENVIRONMENT } from './bare-repository.ts';
import type { GitlabWords } from './gitlab-server-statuses.ts';
import { tipOf as branchTip } from './memory-repository.ts';

/** Who a token stands for. */
export interface TokenOwner {
  readonly id: number;
  readonly username: string;
  readonly kind: 'access' | 'job';
  /** `api` writes requests and code, `write_repository` code only. */
  readonly scope: 'api' | 'write_repository';
  readonly role: 'developer' | 'maintainer' | 'reporter';
  readonly expiresAt: string | null;
}

export interface MergeState {
  readonly iid: number;
  readonly source: string;
  readonly target: string;
  readonly fork: boolean;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged' | 'locked';
  labels: string[];
  reviewers: number[];
  assignees: number[];
  notes: string[];
  /** What GitLab believes to be the head; a push reaches it in the background. */
  seenHead?: string;
  /** `detailed_merge_status`, one for each time it is read; the last one stays. */
  statuses: string[];
  pipeline?: string;
  armed?: Readonly<Record<string, unknown>>;
  squash: boolean;
  mergeError: string | null;
  mergeCommit: string | null;
  squashCommit: string | null;
  lastHead?: string;
  mergedAt: string | null;
}

/** Settings of the project and the server. */
export interface Rules {
  version: string;
  mergeMethod: 'merge' | 'rebase_merge' | 'ff';
  squashOption: 'never' | 'always' | 'default_on' | 'default_off';
  needsPipeline: boolean;
  trains: boolean;
  /** Statuses of a new request. */
  firstStatuses: string[];
  /** A squash before a fast-forward is in neither field, as some versions have it. */
  hidesSquash: boolean;
  /** Roles that may merge. */
  mayMerge: string[];
  /** Refusals of the merge that are left, such as 405 right after a request was opened. */
  mergeRefusals: number[];
  /** The merge is answered with 200 and not done. */
  mergesLater: boolean;
  /** Only the free tier: one reviewer, one assignee. */
  free: boolean;
}

export interface GitlabState {
  readonly repository: BareRepository;
  readonly project: string;
  /** Path in front of everything, `/gitlab`. */
  readonly below: string;
  origin: string;
  readonly rules: Rules;
  readonly merges: MergeState[];
  readonly words: GitlabWords;
  readonly tokens: Map<string, TokenOwner>;
  readonly users: Map<string, number>;
  /** What was asked that GitLab does not know. */
  readonly problems: string[];
}

export function tipOf({ repository }: GitlabState, branch: string): string | undefined {
  return branchTip(repository, branch);
}

export function headOf(state: GitlabState, merge: MergeState): string {
  if (merge.state === 'merged' || merge.state === 'closed') return merge.lastHead ?? '';
  return merge.seenHead ?? tipOf(state, merge.source) ?? '';
}

export function addMerge(
  state: GitlabState,
  given: { source: string; target?: string; title?: string; description?: string; fork?: boolean },
): MergeState {
  const merge: MergeState = {
    iid: state.merges.length + 1,
    target: 'main',
    title: 'by hand',
    description: '',
    fork: false,
    state: 'opened',
    labels: [],
    reviewers: [],
    assignees: [],
    notes: [],
    statuses: [...state.rules.firstStatuses],
    squash: false,
    mergeError: null,
    mergeCommit: null,
    squashCommit: null,
    mergedAt: null,
    ...given,
  };
  state.merges.push(merge);
  return merge;
}

/** Runs Git as the server does, with its own clock. */
function gitOf({ repository }: GitlabState, args: readonly string[], input = ''): string {
  const env = { ...GIT_ENVIRONMENT, GIT_COMMITTER_NAME: 'GitLab', GIT_AUTHOR_NAME: 'Bot' };
  return execFileSync('git', [...args], { cwd: repository.path, env, input, encoding: 'utf8' }).trimEnd();
}

export interface MergeTexts {
  readonly squash: boolean;
  readonly mergeMessage?: string | undefined;
  readonly squashMessage?: string | undefined;
}

/** True where a fast-forward or a semi-linear merge would need a rebase first. */
export function needsRebase(state: GitlabState, merge: MergeState): boolean {
  if (state.rules.mergeMethod === 'merge') return false;
  const [base, head] = [tipOf(state, merge.target) ?? '', headOf(state, merge)];
  return gitOf(state, ['merge-base', base, head]) !== base;
}

/** Merges for real, in the bare repository, as the project's method wants it, and fills the fields as GitLab does. */
export function mergeNow(state: GitlabState, merge: MergeState, { squash, ...texts }: MergeTexts): void {
  const [base = '', head = ''] = [tipOf(state, merge.target), tipOf(state, merge.source)];
  const tree = gitOf(state, ['merge-tree', '--write-tree', base, head]);
  const commit = (parents: string[], message: string) =>
    gitOf(state, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'], message);
  const squashed = squash ? commit([base], texts.squashMessage ?? merge.title) : undefined;
  const isFastForward = state.rules.mergeMethod === 'ff';
  const second = squashed ?? head;
  const text = texts.mergeMessage ?? `Merge branch '${merge.source}' into '${merge.target}'`;
  const result = isFastForward ? second : commit([base, second], text);
  state.repository.git('update-ref', `refs/heads/${merge.target}`, result, base);
  merge.mergeCommit = isFastForward ? null : result;
  merge.squashCommit = isFastForward && state.rules.hidesSquash ? null : (squashed ?? null);
  Object.assign(merge, { state: 'merged', lastHead: head, squash, mergedAt: new Date().toISOString() });
  delete merge.armed;
}

/** The pipeline of an armed request passes: what was promised happens. */
export function passPipeline(state: GitlabState, merge: MergeState): void {
  merge.pipeline = 'success';
  merge.statuses = ['mergeable'];
  const { armed } = merge;
  if (armed === undefined) return;
  mergeNow(state, merge, textsOf(armed));
}

export function textsOf(body: Readonly<Record<string, unknown>>): MergeTexts {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    squash: body.squash === true,
    mergeMessage: text(body.merge_commit_message),
    squashMessage: text(body.squash_commit_message),
  };
}
