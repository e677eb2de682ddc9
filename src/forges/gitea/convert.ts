import { ToolError } from '../../errors.ts';
import type { ChangeRequest } from '../forge-client.ts';

type Json = Readonly<Record<string, unknown>>;

/** A pull request as the API shows it, with the commit that it was merged as, not yet checked. */
export interface PullRequest extends Omit<ChangeRequest, 'mergedRevision'> {
  readonly mergeCommit: string | undefined;
}

const DRAFT = /^\s*(WIP:|\[WIP\])\s*/i;

/** The title itself is what makes a draft (https://docs.gitea.com/usage/pull-request#wip-pull-requests). */
export function draftTitle(title: string): string {
  return `WIP: ${title}`;
}

/** @throws ToolError protocol when it is no pull request */
export function pullRequestOf(json: unknown): PullRequest {
  const pull = record(json);
  const [head, base] = [record(pull.head), record(pull.base)];
  const number = pull.number;
  if (typeof number !== 'number') throw new ToolError('protocol', 'Gitea answered something that is no pull request');
  return {
    number,
    url: text(pull.html_url),
    state: pull.merged === true ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    title: pull.draft === true ? text(pull.title).replace(DRAFT, '') : text(pull.title),
    body: text(pull.body),
    draft: pull.draft === true,
    headBranch: text(head.ref),
    headRevision: text(head.sha),
    baseBranch: text(base.ref),
    // The head of a deleted fork has no repository any more.
    sameRepository: typeof head.repo_id === 'number' && head.repo_id === base.repo_id,
    labels: list(pull.labels).map((label) => text(record(label).name)),
    mergeCommit: pull.merged === true ? optional(pull.merge_commit_sha) : undefined,
  };
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
