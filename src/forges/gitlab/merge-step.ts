import type { MergeMethod, MergeResult, Revision } from '../forge-client.ts';
import type { MergeRequest } from './convert.ts';

export interface MergeOrder {
  readonly number: number;
  readonly method: MergeMethod;
  readonly expectedHead: Revision;
  readonly message?: string;
}

/** What the settings of a project say about merging (https://docs.gitlab.com/api/projects/). */
export interface ProjectRules {
  /** `rebase_merge` is a merge commit on a branch that stands on its base ("semi-linear history"). */
  readonly mergeMethod: 'merge' | 'rebase_merge' | 'ff';
  readonly squashOption: 'never' | 'always' | 'default_on' | 'default_off';
  readonly needsPipeline: boolean;
  readonly hasTrain: boolean;
}

export type MergeStep =
  | { readonly kind: 'answer'; readonly result: MergeResult }
  | { readonly kind: 'merge' }
  /** By itself, when its conditions hold. */
  | { readonly kind: 'arm' };

/** Statuses that say that GitLab has not found out yet (https://docs.gitlab.com/api/merge_requests/#merge-status). */
const UNDECIDED: ReadonlySet<string> = new Set(['unchecked', 'checking', 'preparing', 'approvals_syncing']);

/** Of a pipeline that has not come to its end. */
const RUNNING: ReadonlySet<string> = new Set([
  'created',
  'waiting_for_resource',
  'waiting_for_callback',
  'preparing',
  'pending',
  'running',
  'scheduled',
]);

/** Statuses that another try does not change, in words. */
const LASTING: Readonly<Record<string, string>> = {
  conflict: 'it has conflicts with its target branch',
  broken_status: 'it has conflicts with its target branch',
  cannot_be_merged: 'it has conflicts with its target branch',
  need_rebase: 'its branch must be rebased onto the target branch first, as the project wants it; run the bump again',
  draft_status: 'it is a draft',
  not_open: 'it is not open',
  commits_status: 'its branch has no commits of its own, or is gone',
};

/** Statuses that somebody or something else has to change; GitLab can wait for them. */
const WAITING: Readonly<Record<string, string>> = {
  not_approved: 'it is not approved yet',
  discussions_not_resolved: 'it has discussions that are not resolved',
  requested_changes: 'a reviewer requested changes',
  blocked_status: 'it is blocked by another merge request',
  merge_request_blocked: 'it is blocked by another merge request',
  external_status_checks: 'its external status checks have not passed',
  status_checks_must_pass: 'its external status checks have not passed',
  jira_association_missing: 'its title or description must name a Jira issue',
  policies_denied: 'a policy of the project denies it',
  security_policy_violations: 'a security policy of the project denies it',
  locked_paths: 'somebody has locked a file that it changes',
  locked_lfs_files: 'somebody has locked a file that it changes',
  merge_time: 'its time to be merged has not come',
  title_regex: 'its title is not as the project wants it',
};

/** What to do next with an open request whose head is as expected. */
export function mergeStep(merge: MergeRequest, rules: ProjectRules, { method }: MergeOrder): MergeStep {
  const problem = methodProblem(method, rules);
  if (problem !== undefined) return refused(problem);
  const { mergeStatus, pipelineStatus } = merge;
  if (merge.request.draft) return refused('it is a draft');
  if (!merge.prepared || UNDECIDED.has(mergeStatus)) return notYet('GitLab still finds out whether it can be merged');
  const lasting = LASTING[mergeStatus];
  if (lasting !== undefined) return refused(lasting);
  const byPipeline = pipelineStep(merge, rules);
  if (byPipeline !== undefined) return byPipeline;
  if (mergeStatus === 'mergeable') {
    const isAwaited = rules.hasTrain || RUNNING.has(pipelineStatus ?? '');
    return { kind: isAwaited ? 'arm' : 'merge' };
  }
  return { kind: 'arm' };
}

/**
 * A request whose pipeline does not exist yet would be merged at once, with or without auto-merge, so it is waited for
 * where the project asks for one; a pipeline that failed stays as it is.
 */
function pipelineStep({ mergeStatus, pipelineStatus }: MergeRequest, rules: ProjectRules): MergeStep | undefined {
  const isMissing = pipelineStatus === undefined;
  const isWanted = mergeStatus === 'ci_must_pass' || mergeStatus === 'ci_still_running' || rules.needsPipeline;
  if (isMissing && isWanted) return notYet('its pipeline does not exist yet');
  const hasFailed = pipelineStatus === 'failed' || pipelineStatus === 'canceled';
  return hasFailed ? refused(`its pipeline is ${pipelineStatus}`) : undefined;
}

/** @returns why the project does not merge in this way */
function methodProblem(method: MergeMethod, { mergeMethod, squashOption }: ProjectRules): string | undefined {
  if (method === 'squash') {
    return squashOption === 'never' ? 'the project does not allow squashing; use merge or rebase' : undefined;
  }
  if (squashOption === 'always') return `the project squashes every merge request; use squash in place of ${method}`;
  if (method === 'merge' && mergeMethod === 'ff') {
    return 'the project merges by fast-forward only and makes no merge commits; use rebase or squash';
  }
  return method === 'rebase' && mergeMethod === 'merge'
    ? 'the project makes a merge commit for every merge request; use merge or squash, or let it merge by fast-forward (Settings, Merge requests)'
    : undefined;
}

/** Why a merge that was asked for did not happen, by what the request says now. */
export function afterRefusal({ mergeStatus, mergeError, prepared }: MergeRequest, reason: string): MergeResult {
  const words = LASTING[mergeStatus] ?? WAITING[mergeStatus];
  if (words !== undefined) return { kind: 'refused', reason: words };
  if (mergeError !== '') return { kind: 'refused', reason: mergeError };
  const isUndecided = !prepared || UNDECIDED.has(mergeStatus);
  // The merge button of a new request is refused with 405 and 422 for a while, whatever its status says.
  return { kind: 'not-yet', reason: isUndecided ? 'GitLab still finds out whether it can be merged' : reason };
}

function refused(reason: string): MergeStep {
  return { kind: 'answer', result: { kind: 'refused', reason } };
}

function notYet(reason: string): MergeStep {
  return { kind: 'answer', result: { kind: 'not-yet', reason } };
}
