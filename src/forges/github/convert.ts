import type { ChangeRequest } from '../forge-client.ts';

/** What is read of a pull request; the SDK's types, which are made from GitHub's own description of its API, hold it. */
export interface PullJson {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly title: string;
  readonly body: string | null;
  readonly draft?: boolean | undefined;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: BranchJson;
  readonly base: BranchJson;
  readonly labels: readonly { readonly name?: string }[];
}

interface BranchJson {
  readonly ref: string;
  readonly sha: string;
  /** Null when the fork was deleted. */
  readonly repo: { readonly id: number } | null;
}

/** A pull request with the commit that it was merged as, not yet checked. */
export interface PullRequest {
  readonly request: ChangeRequest;
  readonly mergeCommit: string | undefined;
}

export function pullRequestOf(pull: PullJson): PullRequest {
  const isMerged = pull.merged_at !== null;
  const request: ChangeRequest = {
    number: pull.number,
    url: pull.html_url,
    state: isMerged ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    title: pull.title,
    body: pull.body ?? '',
    draft: pull.draft === true,
    headBranch: pull.head.ref,
    headRevision: pull.head.sha,
    baseBranch: pull.base.ref,
    sameRepository: pull.head.repo !== null && pull.head.repo.id === pull.base.repo?.id,
    labels: pull.labels.flatMap(({ name }) => name ?? []),
  };
  // Of an open one, it is the commit that a merge would be tried with.
  return { request, mergeCommit: isMerged ? (pull.merge_commit_sha ?? undefined) : undefined };
}
