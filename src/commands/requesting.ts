import { ToolError } from '../errors.ts';
import { branchNameProblem } from '../forges/branch-name.ts';
import type { ChangeRequest, Forge, MergeMethod } from '../forges/forge-client.ts';
import { awaitMerge, type Merge } from '../forges/request-merge.ts';
import type { PublishedByRequest, RequestOptions, RequestResult } from '../forges/request-types.ts';
import { requestsOf } from '../forges/request-types.ts';
import type { Host } from '../host.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Result } from '../outcome.ts';
import { short } from './words.ts';

/** How long the commit of a request that is merged already may take to show. */
const MERGED_LAG = 60_000;
const HEARTBEAT = 60_000;

export type RequestInputs = Pick<
  InputValues<'bump'>,
  'branch' | 'title' | 'labels' | 'reviewers' | 'assignees' | 'draft' | 'autoMerge' | 'skipCi'
>;

/** A forge looks for the marker in the head of a request as well, whose required checks would then never come. */
const SKIPS_CHECKS =
  'skip-ci and strategy: pull-request exclude each other: the checks of the request would be skipped; leave the files out in the pipeline (paths-ignore, rules:changes)';

/** @throws ToolError input with every problem at once */
export function requestOptions(inputs: RequestInputs): RequestOptions {
  const { branch, title, labels, reviewers, assignees, draft, autoMerge, skipCi } = inputs;
  const problem = branch === undefined ? undefined : branchNameProblem(branch);
  const problems = [
    ...(problem === undefined ? [] : [`branch: ${JSON.stringify(branch)} cannot be a branch: ${problem}`]),
    ...(skipCi ? [SKIPS_CHECKS] : []),
    ...(draft && autoMerge !== 'off' ? ['draft and auto-merge exclude each other: no forge merges a draft'] : []),
  ];
  if (problems.length > 0) throw new ToolError('input', 'The inputs for the request are wrong', { problems });
  return {
    ...(branch === undefined ? {} : { branch }),
    ...(title === undefined ? {} : { title }),
    ...{ labels, reviewers, assignees, draft, autoMerge },
  };
}

/** How far a published change came on its way to the base branch. */
export type Settled =
  /** `published.revision` is the commit on the base branch to wait for. */
  | { readonly kind: 'on-base'; readonly published: PublishedByRequest }
  /** In an open request, as was asked. */
  | { readonly kind: 'open'; readonly published: PublishedByRequest; readonly request: RequestResult }
  /** It will not get there by itself. */
  | {
      readonly kind: 'ended';
      readonly published: PublishedByRequest;
      readonly result: Result;
      readonly exitCode: number;
      readonly headline: string;
    };

export interface Settling {
  readonly autoMerge: MergeMethod | 'off';
  readonly waitForMerge: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Follows a request as far as was asked: not at all, or until it is merged and its commit reads the wanted values. */
export async function settle(
  forge: Forge,
  published: PublishedByRequest,
  settling: Settling,
  host: Host,
): Promise<Settled> {
  const { request } = published;
  if (request === undefined) return { kind: 'on-base', published };
  if (request.action === 'declined') return declined(published, request);
  const { merge } = request;
  const isRefused = merge?.kind === 'refused' || merge?.kind === 'not-yet';
  if (settling.waitForMerge || merge?.kind === 'merged') {
    if (isRefused) host.log.warning(`${request.request.url} does not merge by itself: ${merge.reason}.`);
    return waitForMerge(forge, published, request, settling, host);
  }
  return isRefused ? notMerging(published, request, merge.reason) : { kind: 'open', published, request };
}

async function waitForMerge(
  forge: Forge,
  published: PublishedByRequest,
  result: RequestResult,
  settling: Settling,
  host: Host,
): Promise<Settled> {
  const { number, url } = result.request;
  host.log.info(`Waiting for ${url} to be merged into ${published.branch}.`);
  const merge = await awaitMerge({
    requests: requestsOf(forge),
    number,
    timeout: settling.waitForMerge ? settling.timeout : MERGED_LAG,
    onOpen: whileOpen(forge, result, settling, host),
    host,
  });
  return settledBy(forge, merge, published, result, settling);
}

/** Says that it is still there, and asks the forge again for what it had not decided yet. */
function whileOpen(forge: Forge, result: RequestResult, { autoMerge }: Settling, host: Host) {
  let told = host.clock.monotonic();
  let undecided = result.ours && (result.merge?.kind === 'not-yet' || result.merge?.kind === 'moved');
  return async ({ number, url, headRevision }: ChangeRequest): Promise<void> => {
    if (host.clock.monotonic() - told >= HEARTBEAT) {
      told = host.clock.monotonic();
      host.log.info(`${url} is still open.`);
    }
    if (!undecided || autoMerge === 'off' || headRevision !== result.head) return;
    const answer = await requestsOf(forge).merge(number, autoMerge, result.head, result.message);
    undecided = answer.kind === 'not-yet' || answer.kind === 'moved';
    if (answer.kind === 'refused') host.log.warning(`${url} does not merge by itself: ${answer.reason}.`);
  };
}

async function settledBy(
  forge: Forge,
  merge: Merge,
  published: PublishedByRequest,
  result: RequestResult,
  settling: Settling,
): Promise<Settled> {
  const now = merge.request ?? result.request;
  const after = { ...published, request: { ...result, request: now } };
  const { url } = result.request;
  if (merge.kind === 'timed-out') {
    const problem = merge.problem === undefined ? '' : `; it could not be read: ${merge.problem}`;
    const headline = `merge: ${url} was not merged within ${settling.timeout / 1000} s${problem}`;
    return { kind: 'ended', published: after, result: 'timed-out', exitCode: EXIT_CODE.timedOut, headline };
  }
  if (merge.kind === 'closed') return closed(after, url, merge.by);
  if (await result.holdsAt(merge.revision))
    return { kind: 'on-base', published: { ...after, revision: merge.revision } };
  const headline = `${url} was merged as ${short(merge.revision)} into ${published.branch} of ${forge.location} with other values`;
  return { kind: 'ended', published: after, result: 'superseded', exitCode: EXIT_CODE.superseded, headline };
}

function closed(published: PublishedByRequest, url: string, by: 'person' | 'us'): Settled {
  return by === 'us'
    ? {
        kind: 'ended',
        published,
        result: 'superseded',
        exitCode: EXIT_CODE.superseded,
        headline: `${url} was superseded before it was merged`,
      }
    : {
        kind: 'ended',
        published,
        result: 'failed',
        exitCode: EXIT_CODE.failed,
        headline: `${url} was closed by a person without being merged`,
      };
}

function declined(published: PublishedByRequest, { request }: RequestResult): Settled {
  const headline = `Nothing was written: a person closed ${request.url}, which proposed the same values. Reopen it to go on with it`;
  return { kind: 'ended', published, result: 'failed', exitCode: EXIT_CODE.failed, headline };
}

function notMerging(published: PublishedByRequest, { request }: RequestResult, reason: string): Settled {
  const headline = `${request.url} is open, and does not merge by itself: ${reason}`;
  return { kind: 'ended', published, result: 'blocked', exitCode: EXIT_CODE.blocked, headline };
}

/** The outputs about a request, none where there is none. */
export function requestOutputs({ request }: PublishedByRequest): Readonly<Record<string, string>> {
  if (request === undefined) return {};
  const { number, url, state } = request.request;
  return {
    'pull-request-number': String(number),
    'pull-request-url': url,
    'head-revision': request.head,
    merged: String(state === 'merged'),
  };
}

/** What a change in an open request came to, in one line. */
export function openHeadline({ request: { url }, action, merge }: RequestResult, places: string): string {
  const merging = merge?.kind === 'armed' ? '; it is merged when its conditions hold' : '';
  if (action === 'kept') return `Nothing to change: ${url} holds these values already${merging}`;
  return `${places} changed in ${url}, which was ${action}${merging}`;
}
