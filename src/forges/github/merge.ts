import { ToolError } from '../../errors.ts';
import type { MergeMethod, MergeResult, Revision } from '../forge-client.ts';
import type { GithubClient, GraphqlAnswer } from './client.ts';
import { pullRequestOf } from './convert.ts';
import type { Place } from './place.ts';
import { isLost, nextStep, rateLimited } from './refusal.ts';

/** https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge */
const ENABLE =
  'mutation ($input: EnablePullRequestAutoMergeInput!) { enablePullRequestAutoMerge(input: $input) { clientMutationId } }';
const DISABLE =
  'mutation ($input: DisablePullRequestAutoMergeInput!) { disablePullRequestAutoMerge(input: $input) { clientMutationId } }';
const ENQUEUE =
  'mutation ($input: EnqueuePullRequestInput!) { enqueuePullRequest(input: $input) { clientMutationId } }';

/** States in which nothing that is required is missing (https://docs.github.com/en/graphql/reference/enums#mergestatestatus). */
const READY: ReadonlySet<string> = new Set(['clean', 'has_hooks', 'unstable']);

export interface MergeRequest {
  readonly number: number;
  readonly method: MergeMethod;
  readonly expectedHead: Revision;
  readonly message?: string;
}

interface Merging extends MergeRequest {
  readonly client: GithubClient;
  readonly repository: { readonly owner: string; readonly repo: string };
}

interface Present {
  readonly nodeId: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly head: Revision;
  /** `unknown` while GitHub finds it out. */
  readonly mergeState: string;
  readonly armed?: { readonly method: string; readonly title: string; readonly message: string };
}

/** Reads, then merges, arms or enqueues what was read; see `RequestsRole.merge`. */
export async function mergePullRequest(
  client: GithubClient,
  { owner, name }: Place,
  request: MergeRequest,
): Promise<MergeResult> {
  const merging: Merging = { ...request, client, repository: { owner, repo: name } };
  const present = await readPresent(merging);
  const settled = settledBy(merging, present);
  if (settled !== undefined) return settled;
  if (READY.has(present.mergeState)) return mergeNow(merging, present);
  if (present.mergeState === 'unknown')
    return { kind: 'not-yet', reason: 'GitHub still finds out whether it can be merged' };
  return arm(merging, present);
}

async function readPresent({ client, repository, number }: Merging): Promise<Present> {
  const pull = await client.call(`read pull request ${number}`, (octokit) =>
    octokit.rest.pulls.get({ ...repository, pull_number: number }),
  );
  const { state, draft, headRevision } = pullRequestOf(pull).request;
  const armed = pull.auto_merge;
  return {
    nodeId: pull.node_id,
    state,
    draft,
    head: headRevision,
    mergeState: pull.mergeable_state,
    ...(armed === null
      ? {}
      : { armed: { method: armed.merge_method, title: armed.commit_title, message: armed.commit_message } }),
  };
}

function settledBy({ expectedHead }: Merging, present: Present): MergeResult | undefined {
  if (present.state === 'merged') return { kind: 'merged' };
  if (present.state === 'closed') return { kind: 'refused', reason: 'it is closed' };
  if (present.head !== expectedHead) return { kind: 'moved' };
  if (present.draft) return { kind: 'refused', reason: 'it is a draft' };
  if (present.mergeState === 'dirty') return { kind: 'refused', reason: 'it has conflicts with its base branch' };
  return undefined;
}

async function mergeNow(merging: Merging, present: Present): Promise<MergeResult> {
  const { client, repository, number, method, expectedHead } = merging;
  const { title, rest } = textOf(merging);
  const tried = await client
    .attempt(`merge pull request ${number}`, [404, 405, 409, 422], (octokit) =>
      octokit.rest.pulls.merge({
        ...repository,
        pull_number: number,
        sha: expectedHead,
        merge_method: method,
        ...(title === undefined ? {} : { commit_title: title, commit_message: rest }),
      }),
    )
    .catch((error: unknown) => mergedAfterAll(merging, error));
  if (tried === undefined || 'value' in tried) return { kind: 'merged' };
  const { status, reason } = tried.refused;
  if (status === 409) return { kind: 'moved' };
  if (/merge queue/i.test(reason)) return enqueue(merging, present);
  if (/base branch was modified|not yet|try the merge again/i.test(reason) || isUndecided(reason, present)) {
    return { kind: 'not-yet', reason };
  }
  return { kind: 'refused', reason };
}

/** "Not mergeable" is also said before GitHub has found out. */
function isUndecided(reason: string, { mergeState }: Present): boolean {
  return mergeState === 'unknown' && /is not mergeable/i.test(reason);
}

async function mergedAfterAll(merging: Merging, error: unknown): Promise<undefined> {
  if (!isLost(error)) throw error;
  if ((await readPresent(merging)).state !== 'merged') throw error;
}

/** Title and text of the squash or merge commit; a rebase keeps the commits as they are. */
function textOf({ method, message }: Merging): { readonly title?: string; readonly rest: string } {
  if (message === undefined || method === 'rebase') return { rest: '' };
  const [title = '', ...lines] = message.split('\n');
  return { title, rest: lines.join('\n').trim() };
}

async function arm(merging: Merging, { nodeId, armed }: Present): Promise<MergeResult> {
  const { client, number, method, expectedHead } = merging;
  const { title, rest } = textOf(merging);
  if (armed !== undefined) {
    const isAsAsked =
      armed.method === method && (title === undefined || (armed.title === title && armed.message === rest));
    if (isAsAsked) return { kind: 'armed' };
    // The text of an older change would reach the base branch.
    await client.graphql(`disarm pull request ${number}`, DISABLE, { input: { pullRequestId: nodeId } });
  }
  const answer = await client
    .graphql(`arm pull request ${number}`, ENABLE, {
      input: {
        pullRequestId: nodeId,
        mergeMethod: method.toUpperCase(),
        expectedHeadOid: expectedHead,
        ...(title === undefined ? {} : { commitHeadline: title, commitBody: rest }),
      },
    })
    .catch((error: unknown) => armedAfterAll(merging, error));
  if (answer.errors.length === 0) return { kind: 'armed' };
  return afterRefusedArming(merging, answer);
}

async function armedAfterAll(merging: Merging, error: unknown): Promise<GraphqlAnswer> {
  if (!isLost(error)) throw error;
  if ((await readPresent(merging)).armed === undefined) throw error;
  return { data: {}, errors: [] };
}

async function afterRefusedArming(merging: Merging, { errors }: GraphqlAnswer): Promise<MergeResult> {
  const reason = errors.map(({ message }) => message).join('; ');
  if (/(clean|unstable|has_hooks) status/i.test(reason)) return mergeNow(merging, await readPresent(merging));
  if (/merge queue/i.test(reason)) return enqueue(merging, await readPresent(merging));
  if (/expected head|head (branch|sha|oid)|STALE/i.test(`${reason} ${errors[0]?.type ?? ''}`)) return { kind: 'moved' };
  if (/unknown status|try again/i.test(reason)) return { kind: 'not-yet', reason };
  return refused(merging, errors[0]?.type, reason);
}

/** The queue merges it in its turn, as a commit of its own making. */
async function enqueue(merging: Merging, { nodeId }: Present): Promise<MergeResult> {
  const { client, number, expectedHead } = merging;
  const input = { pullRequestId: nodeId, expectedHeadOid: expectedHead };
  const { errors } = await client.graphql(`enqueue pull request ${number}`, ENQUEUE, { input });
  const reason = errors.map(({ message }) => message).join('; ');
  if (errors.length === 0 || /already (in|queued)/i.test(reason)) return { kind: 'armed' };
  return refused(merging, errors[0]?.type, reason);
}

function refused({ client, number }: Merging, type: string | undefined, reason: string): MergeResult {
  if (type === 'RATE_LIMITED') {
    throw rateLimited(`merge pull request ${number}`, client.location, reason);
  }
  if (type === 'FORBIDDEN' || /not accessible by/i.test(reason)) {
    throw new ToolError('denied', `${client.location} refused to merge pull request ${number}: ${reason}`, {
      hint: nextStep(reason),
    });
  }
  const isOff = /auto.?merge is not (allowed|enabled)/i.test(reason);
  return {
    kind: 'refused',
    reason: isOff ? `${reason}. Allow auto-merge in the settings of the repository (General, Pull Requests)` : reason,
  };
}
