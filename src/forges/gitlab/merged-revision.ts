import type { RepositoryRole, Revision } from '../forge-client.ts';
import type { GitlabClient } from './client.ts';
import { list, type MergeRequest, record } from './convert.ts';

/** Commits of the target branch that are asked about at most. */
const MOST_ASKED = 20;
/** Milliseconds that the clock of the commits may be behind that of the merge. */
const CLOCK_DIFFERENCE = 600_000;

export interface MergedOptions {
  readonly client: GitlabClient;
  readonly repository: RepositoryRole;
}

/**
 * The commit on the target branch that holds the change. Which field names it depends on the way it was merged and on the
 * version (a squash with a fast-forward stands in either field, or in none), so each is checked to be on the target branch,
 * which is what a delivery engine will see; where none is, GitLab is asked which of the branch's new commits came by it.
 */
export async function mergedRevision(
  { client, repository }: MergedOptions,
  merge: MergeRequest,
): Promise<Revision | undefined> {
  const { baseBranch, state } = merge.request;
  if (state !== 'merged') return undefined;
  const { revision: tip } = await repository.head(baseBranch);
  for (const candidate of merge.mergedAs) {
    const relation = await repository.relation(tip, candidate);
    if (relation !== 'lacks' && relation !== 'unknown') return candidate;
  }
  return lookFor({ client, repository }, merge, tip);
}

async function lookFor({ client, repository }: MergedOptions, { request, mergedAt }: MergeRequest, tip: Revision) {
  const commits = await repository.log({ from: tip, limit: MOST_ASKED });
  for (const { revision } of commits.filter(({ committedAt }) => committedAt >= mergedAt - CLOCK_DIFFERENCE)) {
    const what = `ask which merge request brought ${revision}`;
    const tried = await client.attempt(what, [404], (sdk) => sdk.commits.allMergeRequests(client.project, revision));
    const brought = 'value' in tried ? list(tried.value) : [];
    if (brought.some((one) => isSame(record(one), request.number))) return revision;
  }
  return undefined;
}

/** A commit may also have come into a fork by a request of that fork. */
function isSame(one: Readonly<Record<string, unknown>>, number: number): boolean {
  return one.iid === number && one.source_project_id === one.target_project_id;
}
