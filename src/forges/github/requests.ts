import { ToolError } from '../../errors.ts';
import type { Log } from '../../host.ts';
import type { ChangeRequest, RepositoryRole, RequestDraft, RequestsRole } from '../forge-client.ts';
import type { GithubClient } from './client.ts';
import { type PullJson, type PullRequest, pullRequestOf } from './convert.ts';
import { decorate } from './decorate.ts';
import { mergePullRequest } from './merge.ts';
import type { Place } from './place.ts';
import { isLost } from './refusal.ts';

export interface RequestsOptions {
  readonly client: GithubClient;
  readonly place: Place;
  readonly repository: RepositoryRole;
  readonly log: Log;
}

/** Pull requests (https://docs.github.com/en/rest/pulls). The lists leave out as which commit one was merged; `read` says it. */
export function githubRequests(options: RequestsOptions): RequestsRole {
  const { client, place } = options;
  const read = async (number: number) => requestOf(options, await readPull(options, number));
  return {
    find: async (headBranch) => (await listed(options, 'all', headBranch)).map(({ request }) => request),
    listOpen: async (headPrefix) =>
      (await listed(options, 'open'))
        .map(({ request }) => request)
        .filter((request) => request.headBranch.startsWith(headPrefix)),
    read,
    open: (draft) => open(options, draft),
    async update(number, { title, body, labels = [] }) {
      if (title !== undefined || body !== undefined) await edit(options, number, { title, body });
      await decorate(options, number, { labels, reviewers: [], assignees: [] });
      return read(number);
    },
    close: (number, comment) => close(options, number, comment),
    merge: (number, method, expectedHead, message) =>
      mergePullRequest(client, place, {
        number,
        method,
        expectedHead,
        ...(message === undefined ? {} : { message }),
      }),
  };
}

function repositoryOf({ owner, name }: Place) {
  return { owner, repo: name };
}

/** The owner in front of the branch is needed: GitHub passes over a filter without one in silence. Newest first. */
async function listed(
  { client, place }: RequestsOptions,
  state: 'open' | 'all',
  branch?: string,
): Promise<readonly PullRequest[]> {
  const pulls: readonly PullJson[] = await client.all('list pull requests', (octokit) =>
    octokit.paginate(octokit.rest.pulls.list, {
      ...repositoryOf(place),
      state,
      sort: 'created',
      direction: 'desc',
      per_page: 100,
      ...(branch === undefined ? {} : { head: `${place.owner}:${branch}` }),
    }),
  );
  return pulls
    .map(pullRequestOf)
    .filter(({ request }) => request.sameRepository && (branch === undefined || request.headBranch === branch));
}

async function readPull({ client, place }: RequestsOptions, number: number): Promise<PullRequest> {
  const what = `read pull request ${number}`;
  return pullRequestOf(
    await client.call(what, (octokit) => octokit.rest.pulls.get({ ...repositoryOf(place), pull_number: number })),
  );
}

/** The merged revision counts only once it is on the base branch: that is what a delivery engine will see. */
async function requestOf(
  { repository }: RequestsOptions,
  { request, mergeCommit }: PullRequest,
): Promise<ChangeRequest> {
  if (mergeCommit === undefined) return request;
  const { revision } = await repository.head(request.baseBranch);
  const relation = await repository.relation(revision, mergeCommit);
  return relation === 'unknown' || relation === 'lacks' ? request : { ...request, mergedRevision: mergeCommit };
}

async function open(options: RequestsOptions, draft: RequestDraft): Promise<ChangeRequest> {
  const { number } = await create(options, draft, true);
  await decorate(options, number, draft);
  return requestOf(options, await readPull(options, number));
}

async function create(options: RequestsOptions, draft: RequestDraft, mayTryAgain: boolean): Promise<ChangeRequest> {
  const { client, place } = options;
  const { title, body, headBranch, baseBranch } = draft;
  const tried = await client
    .attempt('open a pull request', [422], (octokit) =>
      octokit.rest.pulls.create({
        ...repositoryOf(place),
        title,
        body,
        head: headBranch,
        base: baseBranch,
        draft: draft.draft,
      }),
    )
    .catch((error: unknown) => openedAfterAll(options, draft, error));
  if ('number' in tried) return tried;
  if ('value' in tried) return pullRequestOf(tried.value).request;
  const { reason } = tried.refused;
  const present = await openFrom(options, draft);
  if (present !== undefined) return present;
  // A branch that was made a moment ago may not be seen yet.
  if (mayTryAgain && /head invalid|already exists/i.test(reason)) return create(options, draft, false);
  throw refusedToOpen(client.location, reason);
}

/** The answer got lost; a request that is open now is the one. */
async function openedAfterAll(options: RequestsOptions, draft: RequestDraft, error: unknown): Promise<ChangeRequest> {
  const present = isLost(error) ? await openFrom(options, draft) : undefined;
  if (present === undefined) throw error;
  return present;
}

async function openFrom(
  options: RequestsOptions,
  { headBranch, baseBranch }: RequestDraft,
): Promise<ChangeRequest | undefined> {
  const found = (await listed(options, 'open', headBranch)).map(({ request }) => request);
  return found.find((request) => request.baseBranch === baseBranch);
}

function refusedToOpen(location: string, reason: string): ToolError {
  const text = `${location} refused to open a pull request: ${reason}`;
  if (/no commits between/i.test(reason)) {
    return new ToolError('temporary', text, {
      hint: 'Run this again: the base branch may hold the change by now.',
    });
  }
  return new ToolError('data', text, {
    hint: /draft/i.test(reason)
      ? 'This repository has no drafts: leave draft out.'
      : 'Check the base branch, then run this again.',
  });
}

interface Edit {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: 'closed';
}

/** Says how it should be, so that after a lost answer only a look is needed. */
async function edit(options: RequestsOptions, number: number, { title, body, state }: Edit): Promise<void> {
  const { client, place } = options;
  const wanted = {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
  };
  try {
    await client.call(`update pull request ${number}`, (octokit) =>
      octokit.rest.pulls.update({ ...repositoryOf(place), pull_number: number, ...wanted }),
    );
  } catch (error) {
    if (!isLost(error)) throw error;
    const { request } = await readPull(options, number);
    const isThere = Object.entries(wanted).every(([name, value]) => request[name as keyof Edit] === value);
    if (!isThere) throw error;
  }
}

/** The comment comes first, and only once, also when a run ended between the two. */
async function close(options: RequestsOptions, number: number, comment: string): Promise<void> {
  const { client, place } = options;
  const issue = { ...repositoryOf(place), issue_number: number };
  const isThere = async () => {
    const comments = await client.all(`list the comments of pull request ${number}`, (octokit) =>
      octokit.paginate(octokit.rest.issues.listComments, { ...issue, per_page: 100 }),
    );
    return comments.some(({ body }) => body === comment);
  };
  if (!(await isThere())) {
    await client
      .call(`comment on pull request ${number}`, (octokit) =>
        octokit.rest.issues.createComment({ ...issue, body: comment }),
      )
      .catch(async (error: unknown) => {
        if (!isLost(error) || !(await isThere())) throw error;
      });
  }
  await edit(options, number, { state: 'closed' });
}
