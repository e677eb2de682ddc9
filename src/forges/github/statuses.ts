import { ToolError } from '../../errors.ts';
import type { Log } from '../../host.ts';
import type { CommitStatus, Revision, StatusDraft, StatusesRole } from '../forge-client.ts';
import { newestStatuses, shortLine } from '../newest-statuses.ts';
import type { GithubClient } from './client.ts';
import { githubDeployments } from './deployments.ts';
import type { Place } from './place.ts';
import { denied, type Right, withRight } from './rights.ts';
import { checkOf, deployedOf, statusOf } from './status-words.ts';

export interface StatusesOptions {
  /** One whose writes are still sent when the run was cancelled. */
  readonly client: () => Promise<GithubClient>;
  readonly place: Place;
  readonly log: Log;
}

/** GitHub keeps at most 1,000 statuses of one commit and context; older ones than these are not read. */
const MOST_PAGES = 10;
/** GitHub cuts nothing: a longer description is refused. */
const LONGEST_DESCRIPTION = 140;

/**
 * Commit statuses (https://docs.github.com/en/rest/commits/statuses), check runs (https://docs.github.com/en/rest/checks/runs)
 * and deployments (https://docs.github.com/en/rest/deployments), each with a permission of its own.
 */
export function githubStatuses(options: StatusesOptions): StatusesRole {
  const { client, place } = options;
  const untold = new Set<Right>(['statuses', 'checks', 'deployments']);
  return {
    list: (revision) => list(options, revision, untold),
    post: async (revision, draft) => post(await client(), place, revision, draft),
    deployment: githubDeployments({ client, place }),
  };
}

async function list(
  options: StatusesOptions,
  revision: Revision,
  untold: Set<Right>,
): Promise<readonly CommitStatus[]> {
  const client = await options.client();
  const sources = [
    ['statuses', statusesOf],
    ['checks', checksOf],
    ['deployments', deploymentsOf],
  ] as const;
  const read = await Promise.all(
    sources.map(([right, source]) => source(client, options.place, revision).catch((error) => denied(error, right))),
  );
  const refused = read.filter((one) => one instanceof ToolError);
  const found = read.flatMap((one) => (one instanceof ToolError ? [] : one));
  if (refused.length === sources.length && refused[0] !== undefined) throw refused[0];
  sources.forEach(([right], index) => {
    const error = read[index];
    if (error instanceof ToolError && untold.delete(right)) {
      options.log.warning(`${error.message}; they are left out. ${error.hint ?? ''}`.trimEnd());
    }
  });
  return found;
}

function repositoryOf({ owner, name }: Place) {
  return { owner, repo: name };
}

async function statusesOf(client: GithubClient, place: Place, ref: Revision): Promise<readonly CommitStatus[]> {
  const statuses = await client.all('list commit statuses', (octokit) => {
    let pages = 0;
    const query = { ...repositoryOf(place), ref, per_page: 100 };
    return octokit.paginate(octokit.rest.repos.listCommitStatusesForRef, query, (response, done) => {
      if (++pages >= MOST_PAGES) done();
      return response.data;
    });
  });
  return newestStatuses(statuses.map(statusOf));
}

async function checksOf(client: GithubClient, place: Place, ref: Revision): Promise<readonly CommitStatus[]> {
  const runs = await client.all('list check runs', (octokit) =>
    octokit.paginate(octokit.rest.checks.listForRef, { ...repositoryOf(place), ref, filter: 'latest', per_page: 100 }),
  );
  const newest = [...runs].sort((a, b) => (b.started_at ?? '').localeCompare(a.started_at ?? ''));
  return newestStatuses(newest.map(checkOf));
}

/** The newest deployment to each environment, with its newest status: one more request for each. */
async function deploymentsOf(client: GithubClient, place: Place, sha: Revision): Promise<readonly CommitStatus[]> {
  const repository = repositoryOf(place);
  const deployments = await client.call('list deployments', (octokit) =>
    octokit.rest.repos.listDeployments({ ...repository, sha, per_page: 30 }),
  );
  const newest = new Map<string, number>();
  for (const { environment, id } of deployments) newest.set(environment, Math.max(id, newest.get(environment) ?? 0));
  return Promise.all(
    [...newest].map(async ([environment, id]) => {
      const statuses = await client.call('list the statuses of a deployment', (octokit) =>
        octokit.rest.repos.listDeploymentStatuses({ ...repository, deployment_id: id, per_page: 100 }),
      );
      return deployedOf(environment, statuses);
    }),
  );
}

async function post(client: GithubClient, place: Place, sha: Revision, draft: StatusDraft): Promise<void> {
  const { context, state, description, url } = draft;
  await withRight('statuses', () =>
    client.call('write a commit status', (octokit) =>
      octokit.rest.repos.createCommitStatus({
        ...repositoryOf(place),
        ...{ sha, context, state },
        description: shortLine(description, LONGEST_DESCRIPTION),
        ...(url === undefined ? {} : { target_url: url }),
      }),
    ),
  );
}
