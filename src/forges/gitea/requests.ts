import { ToolError } from '../../errors.ts';
import type { Log } from '../../host.ts';
import type { ChangeRequest, RepositoryRole, RequestDraft, RequestsRole } from '../forge-client.ts';
import { type GiteaClient, messageOf } from './client.ts';
import { draftTitle, list, type PullRequest, pullRequestOf, record, text } from './convert.ts';
import { mergePullRequest } from './merge.ts';

const PAGE = 50;
/** Pages of a list that are read at most: 5,000 entries, newest first. */
const MOST_PAGES = 100;

export interface RequestsOptions {
  readonly client: GiteaClient;
  /** `/repos/{owner}/{repo}` */
  readonly path: string;
  readonly repository: RepositoryRole;
  readonly log: Log;
}

/** Pull requests of Gitea and Forgejo (https://docs.gitea.com/api/#tag/repository). */
export function giteaRequests(options: RequestsOptions): RequestsRole {
  const { client, path } = options;
  const pull = (number: number) => `${path}/pulls/${number}`;
  const read = async (number: number) =>
    requestOf(options, pullRequestOf((await client.send('GET', pull(number))).json));
  return {
    find: async (headBranch) =>
      Promise.all(
        (await pulls(options, 'all'))
          .filter((one) => one.sameRepository && one.headBranch === headBranch)
          .map((one) => requestOf(options, one)),
      ),
    listOpen: async (headPrefix) =>
      Promise.all(
        (await pulls(options, 'open'))
          .filter((one) => one.sameRepository && one.headBranch.startsWith(headPrefix))
          .map((one) => requestOf(options, one)),
      ),
    read,
    open: (draft) => open(options, draft),
    async update(number, { title, body, labels = [] }) {
      // A title without its prefix would make the draft ready.
      const isDraft = title !== undefined && pullRequestOf((await client.send('GET', pull(number))).json).draft;
      const wanted = { title: isDraft ? draftTitle(title) : title, body };
      if (title !== undefined || body !== undefined) await client.send('PATCH', pull(number), wanted);
      await addLabels(options, number, labels);
      return read(number);
    },
    async close(number, comment) {
      const comments = `${path}/issues/${number}/comments`;
      const told = list((await client.send('GET', comments)).json).map((one) => text(record(one).body));
      // A run that ended between the two has told it already.
      if (!told.includes(comment)) await client.send('POST', comments, { body: comment });
      await client.send('PATCH', pull(number), { state: 'closed' });
    },
    merge: (number, method, expectedHead, message) =>
      mergePullRequest(client, {
        path: pull(number),
        method,
        expectedHead,
        ...(message === undefined ? {} : { message }),
      }),
  };
}

async function pulls({ client, path }: RequestsOptions, state: 'open' | 'all'): Promise<readonly PullRequest[]> {
  const found = (await all(client, `${path}/pulls?state=${state}&sort=newest&`)).map(pullRequestOf);
  return found.toSorted((a, b) => b.number - a.number);
}

async function all(client: GiteaClient, path: string): Promise<readonly unknown[]> {
  const entries: unknown[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { json, hasNext } = await client.send('GET', `${path}page=${page}&limit=${PAGE}`);
    entries.push(...list(json));
    if (!hasNext) break;
  }
  return entries;
}

/** The merged revision counts only once it is on the base branch: that is what a delivery engine will see. */
async function requestOf(
  { repository }: RequestsOptions,
  { mergeCommit, ...request }: PullRequest,
): Promise<ChangeRequest> {
  if (mergeCommit === undefined) return request;
  const { revision } = await repository.head(request.baseBranch);
  const relation = await repository.relation(revision, mergeCommit);
  return relation === 'unknown' || relation === 'lacks' ? request : { ...request, mergedRevision: mergeCommit };
}

async function open(options: RequestsOptions, draft: RequestDraft): Promise<ChangeRequest> {
  const { client, path } = options;
  const body = {
    title: draft.draft ? draftTitle(draft.title) : draft.title,
    body: draft.body,
    head: draft.headBranch,
    base: draft.baseBranch,
  };
  const answer = await client.send('POST', `${path}/pulls`, body, [409]);
  const { number } =
    answer.status === 409 ? await existing(options, draft, messageOf(answer)) : pullRequestOf(answer.json);
  await addLabels(options, number, draft.labels);
  await attempt(options, draft.reviewers, 'reviewers', () =>
    client.send('POST', `${path}/pulls/${number}/requested_reviewers`, { reviewers: draft.reviewers }),
  );
  await attempt(options, draft.assignees, 'assignees', () =>
    client.send('PATCH', `${path}/pulls/${number}`, { assignees: draft.assignees }),
  );
  return requestOf(options, pullRequestOf((await client.send('GET', `${path}/pulls/${number}`)).json));
}

/** Somebody, or this run before its answer was lost, has opened it already. */
async function existing(
  options: RequestsOptions,
  { headBranch, baseBranch }: RequestDraft,
  reason: string,
): Promise<PullRequest> {
  const open = await pulls(options, 'open');
  const found = open.find(
    (one) => one.sameRepository && one.headBranch === headBranch && one.baseBranch === baseBranch,
  );
  if (found !== undefined) return found;
  throw new ToolError('temporary', `Gitea says that the pull request is there (${reason}), and does not list it`, {
    hint: 'Run this again.',
  });
}

/** Gitea adds the labels that it knows and passes over the others in silence. */
async function addLabels(options: RequestsOptions, number: number, labels: readonly string[]): Promise<void> {
  await attempt(options, labels, 'labels', async () => {
    const { json } = await options.client.send('POST', `${options.path}/issues/${number}/labels`, { labels });
    const added = list(json).map((label) => (label as { readonly name?: unknown } | null)?.name);
    const unknown = labels.filter((label) => !added.includes(label));
    if (unknown.length > 0) options.log.warning(`There is no label ${unknown.join(', ')} in the repository.`);
  });
}

/** What only decorates a request does not stop it. */
async function attempt(
  { log }: RequestsOptions,
  names: readonly string[],
  what: string,
  action: () => Promise<unknown>,
): Promise<void> {
  if (names.length === 0) return;
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    log.warning(`The ${what} ${names.join(', ')} could not be set: ${error.message}`);
  }
}
