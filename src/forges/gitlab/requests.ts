import { ToolError } from '../../errors.ts';
import type { Log } from '../../host.ts';
import type { ChangeRequest, RepositoryRole, RequestDraft, RequestsRole } from '../forge-client.ts';
import type { GitlabClient } from './client.ts';
import { draftTitle, type MergeRequest, mergeRequestOf, record } from './convert.ts';
import { decorate } from './decorate.ts';
import { mergeMergeRequest, readMergeRequest } from './merge.ts';
import { mergedRevision } from './merged-revision.ts';

/** Of a list; GitLab gives no more at once. */
const PAGE = 100;
/** Pages of a list that are read at most: 5,000 entries, newest first. */
const MOST_PAGES = 50;

export interface RequestsOptions {
  readonly client: GitlabClient;
  readonly repository: RepositoryRole;
  readonly log: Log;
}

/** Merge requests (https://docs.gitlab.com/api/merge_requests/). Only `read` finds out as which commit one was merged. */
export function gitlabRequests(options: RequestsOptions): RequestsRole {
  const { client } = options;
  const read = async (number: number) => requestOf(options, await readMergeRequest(client, number));
  return {
    find: async (headBranch) => requestsIn(await listed(options, { sourceBranch: headBranch })),
    listOpen: async (headPrefix) =>
      requestsIn(await listed(options, { state: 'opened' })).filter((one) => one.headBranch.startsWith(headPrefix)),
    read,
    open: async (draft) => {
      const merge = await create(options, draft);
      await decorate(options, merge, draft);
      return read(merge.request.number);
    },
    async update(number, { title, body, labels = [] }) {
      const present = await readMergeRequest(client, number);
      await edit(options, present, {
        // A title without its prefix would make the draft ready.
        ...(title === undefined ? {} : { title: present.request.draft ? draftTitle(title) : title }),
        ...(body === undefined ? {} : { description: body }),
      });
      await decorate(options, present, { labels, reviewers: [], assignees: [] });
      return read(number);
    },
    close: (number, comment) => close(options, number, comment),
    merge: (number, method, expectedHead, message) =>
      mergeMergeRequest(options, {
        number,
        method,
        expectedHead,
        ...(message === undefined ? {} : { message }),
      }),
  };
}

interface Filter {
  readonly sourceBranch?: string;
  readonly state?: 'opened';
}

/** Newest first, without those from forks. */
async function listed({ client }: RequestsOptions, filter: Filter): Promise<readonly MergeRequest[]> {
  const found = await client.call('list merge requests', (sdk) =>
    sdk.requests.all({
      ...filter,
      projectId: client.project,
      scope: 'all',
      orderBy: 'created_at',
      sort: 'desc',
      perPage: PAGE,
      maxPages: MOST_PAGES,
    }),
  );
  const { sourceBranch } = filter;
  return found
    .map(mergeRequestOf)
    .filter(
      ({ request }) => request.sameRepository && (sourceBranch === undefined || request.headBranch === sourceBranch),
    );
}

function requestsIn(merges: readonly MergeRequest[]): readonly ChangeRequest[] {
  return merges.map(({ request }) => request);
}

async function requestOf(options: RequestsOptions, merge: MergeRequest): Promise<ChangeRequest> {
  const revision = await mergedRevision(options, merge);
  return revision === undefined ? merge.request : { ...merge.request, mergedRevision: revision };
}

/** Adopts the one that is open already: that of an earlier run, or of this one where the answer got lost. */
async function create(options: RequestsOptions, draft: RequestDraft): Promise<MergeRequest> {
  const { client } = options;
  const title = draft.draft ? draftTitle(draft.title) : draft.title;
  const tried = await client
    .attempt('open a merge request', [400, 409, 422], (sdk) =>
      sdk.requests.create(client.project, draft.headBranch, draft.baseBranch, title, { description: draft.body }),
    )
    .catch(temporaryOnly);
  if ('value' in tried) return mergeRequestOf(tried.value);
  const open = await listed(options, { sourceBranch: draft.headBranch, state: 'opened' });
  const present = open.find(({ request }) => request.baseBranch === draft.baseBranch);
  if (present !== undefined) return readMergeRequest(client, present.request.number);
  throw 'lost' in tried ? tried.lost : refusedToOpen(client.location, tried.refused);
}

/** Whether a write whose answer got lost took effect, only a look tells. */
function temporaryOnly(error: unknown): { readonly lost: ToolError } {
  if (!(error instanceof ToolError) || error.code !== 'temporary') throw error;
  return { lost: error };
}

function refusedToOpen(location: string, refused: { readonly status: number; readonly reason: string }): ToolError {
  const text = `${location} refused to open a merge request: ${refused.reason}`;
  if (refused.status === 409) {
    return new ToolError('temporary', `${text}, and does not list it`, { hint: 'Run this again.' });
  }
  return new ToolError('data', text, { hint: 'Check the base branch, then run this again.' });
}

interface Edit {
  readonly title?: string;
  readonly description?: string;
  readonly stateEvent?: 'close';
}

/** Says how it should be, so that after a lost answer only a look is needed. */
async function edit({ client }: RequestsOptions, { request }: MergeRequest, changes: Edit): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  const { number } = request;
  const tried = await client
    .call(`update merge request ${number}`, (sdk) => sdk.requests.edit(client.project, number, changes))
    .catch(temporaryOnly);
  if (!('lost' in tried)) return;
  const now = record(
    await client.call(`read merge request ${number}`, (sdk) => sdk.requests.show(client.project, number)),
  );
  const isThere =
    (changes.title === undefined || now.title === changes.title) &&
    (changes.description === undefined || now.description === changes.description) &&
    (changes.stateEvent === undefined || now.state === 'closed');
  if (!isThere) throw tried.lost;
}

/** The note comes first, and only once, also when a run ended between the two. */
async function close(options: RequestsOptions, number: number, comment: string): Promise<void> {
  const { client } = options;
  const isThere = async () => {
    const notes = await client.call(`list the notes of merge request ${number}`, (sdk) =>
      sdk.notes.all(client.project, number, { perPage: PAGE, maxPages: MOST_PAGES }),
    );
    return notes.some(({ body }) => body === comment);
  };
  if (!(await isThere())) {
    const tried = await client
      .call(`comment on merge request ${number}`, (sdk) => sdk.notes.create(client.project, number, comment))
      .catch(temporaryOnly);
    if ('lost' in tried && tried.lost instanceof ToolError && !(await isThere())) throw tried.lost;
  }
  const present = await readMergeRequest(client, number);
  if (present.request.state === 'open') await edit(options, present, { stateEvent: 'close' });
}
