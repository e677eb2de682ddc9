import { ToolError } from '../../errors.ts';
import type { ChangeRequest } from '../forge-client.ts';

type Json = Readonly<Record<string, unknown>>;

/** A merge request as the API shows it (https://docs.gitlab.com/api/merge_requests/). */
export interface MergeRequest {
  readonly request: Omit<ChangeRequest, 'mergedRevision'>;
  /** The merge is going on in this moment. */
  readonly locked: boolean;
  /** Set by GitLab once its first look at a new request is done; true also where an old server has no such field. */
  readonly prepared: boolean;
  /** `detailed_merge_status`, in the words of GitLab 15.6 and newer. */
  readonly mergeStatus: string;
  /** What made a merge that was begun fail. */
  readonly mergeError: string;
  /** Set to merge by itself. */
  readonly armed: boolean;
  readonly squash: boolean;
  /** Of the pipeline of the head; absent while there is none. */
  readonly pipelineStatus?: string;
  /** As which commits it may have been merged, likeliest first. */
  readonly mergedAs: readonly string[];
  /** Milliseconds since 1970; 0 where it is not merged. */
  readonly mergedAt: number;
  readonly reviewerIds: readonly number[];
  readonly assigneeIds: readonly number[];
}

/** @throws ToolError protocol when it is no merge request */
export function mergeRequestOf(json: unknown): MergeRequest {
  const merge = record(json);
  const state = text(merge.state);
  const pipeline = optional(record(merge.head_pipeline).status);
  return {
    request: requestOf(merge),
    locked: state === 'locked',
    prepared: merge.prepared_at !== null,
    mergeStatus: statusOf(merge),
    mergeError: text(merge.merge_error),
    armed: merge.merge_when_pipeline_succeeds === true,
    squash: merge.squash === true,
    ...(pipeline === undefined ? {} : { pipelineStatus: pipeline }),
    mergedAs: state === 'merged' ? mergedAs(merge) : [],
    mergedAt: Date.parse(text(merge.merged_at)) || 0,
    reviewerIds: idsOf(merge.reviewers),
    assigneeIds: idsOf(merge.assignees),
  };
}

function requestOf(merge: Json): MergeRequest['request'] {
  if (typeof merge.iid !== 'number') {
    throw new ToolError('protocol', 'GitLab answered something that is no merge request');
  }
  const state = text(merge.state);
  const draft = merge.draft === true || merge.work_in_progress === true;
  return {
    number: merge.iid,
    url: text(merge.web_url),
    state: state === 'merged' || state === 'closed' ? state : 'open',
    title: draft ? withoutDraft(text(merge.title)) : text(merge.title),
    body: text(merge.description),
    draft,
    headBranch: text(merge.source_branch),
    headRevision: text(merge.sha),
    baseBranch: text(merge.target_branch),
    // A deleted fork has no id any more.
    sameRepository: typeof merge.source_project_id === 'number' && merge.source_project_id === merge.target_project_id,
    labels: list(merge.labels).map((label) => text(label) || text(record(label).name)),
  };
}

/** The title itself is what makes a draft (https://docs.gitlab.com/user/project/merge_requests/drafts/). */
export function draftTitle(title: string): string {
  return `Draft: ${title}`;
}

function withoutDraft(title: string): string {
  return title.replace(/^\s*(\[draft\]|\(draft\)|draft:)\s*/i, '');
}

/** Before 15.6 only whether it can be merged is said. */
function statusOf(merge: Json): string {
  const detailed = text(merge.detailed_merge_status);
  if (detailed !== '') return detailed;
  const status = text(merge.merge_status);
  if (status === 'can_be_merged') return 'mergeable';
  return status === 'cannot_be_merged' ? 'conflict' : 'unchecked';
}

/** A fast-forward leaves the first two empty; a squash before one stands in either of them, or in none, by version. */
function mergedAs(merge: Json): readonly string[] {
  const candidates = [merge.merge_commit_sha, merge.squash_commit_sha, merge.sha].map(text);
  return [...new Set(candidates)].filter((revision) => revision !== '');
}

function idsOf(users: unknown): readonly number[] {
  return list(users).flatMap((user) => {
    const { id } = record(user);
    return typeof id === 'number' ? [id] : [];
  });
}

export function list(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

export function record(json: unknown): Json {
  return typeof json === 'object' && json !== null ? (json as Json) : {};
}

export function text(json: unknown): string {
  return typeof json === 'string' ? json : '';
}

function optional(json: unknown): string | undefined {
  return typeof json === 'string' && json !== '' ? json : undefined;
}
