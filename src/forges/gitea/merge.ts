import type { MergeMethod, MergeResult, Revision } from '../forge-client.ts';
import { type Answer, type GiteaClient, messageOf } from './client.ts';
import { record } from './convert.ts';

/** Answers with a sentence instead of an error (`POST /repos/{owner}/{repo}/pulls/{index}/merge`). */
const REFUSALS = [404, 405, 409, 422, 423];

export interface MergeRequest {
  /** `/repos/{owner}/{repo}/pulls/{index}` */
  readonly path: string;
  readonly method: MergeMethod;
  readonly expectedHead: Revision;
  readonly message?: string;
}

/**
 * Merges now; what only its checks keep from that is scheduled. Gitea takes a schedule for a request without any check as
 * well, and then never merges it, so that trying now comes first.
 */
export async function mergePullRequest(client: GiteaClient, request: MergeRequest): Promise<MergeResult> {
  const style = await styleOf(client, request);
  const answer = await send(client, request, style);
  if (answer.status < 300) return { kind: 'merged' };
  const reason = messageOf(answer);
  if (answer.status === 409 && /head out of date/i.test(reason)) return { kind: 'moved' };
  if (/try again later|is being checked|not ready/i.test(reason)) return { kind: 'not-yet', reason };
  if (!isWaitingForChecks(reason)) return { kind: 'refused', reason };
  const armed = await send(client, request, style, true);
  if (armed.status < 300 || /already scheduled/i.test(messageOf(armed))) return { kind: 'armed' };
  return { kind: 'refused', reason: messageOf(armed) };
}

/** Gitea's words for checks, reviews and approvals that are still missing. */
function isWaitingForChecks(reason: string): boolean {
  return /status check|approv|review|not allowed to merge yet|does not have enough/i.test(reason);
}

/** Where a repository merges by fast-forward and not by rebase, the branch is taken as it is: what a rebase is meant for. */
async function styleOf(client: GiteaClient, { path, method }: MergeRequest): Promise<string> {
  if (method !== 'rebase') return method;
  const { json } = await client.send('GET', path.replace(/\/pulls\/\d+$/, ''));
  const { allow_rebase: mayRebase, allow_fast_forward_only_merge: mayForward } = record(json);
  return mayRebase === false && mayForward === true ? 'fast-forward-only' : method;
}

function send(
  client: GiteaClient,
  { path, method, expectedHead, message }: MergeRequest,
  style: string,
  auto = false,
): Promise<Answer> {
  const [title, ...lines] = (message ?? '').split('\n');
  const text =
    message === undefined || method === 'rebase'
      ? {}
      : { MergeTitleField: title, MergeMessageField: lines.join('\n').trim() };
  const body = {
    Do: style,
    head_commit_id: expectedHead,
    ...text,
    ...(auto ? { merge_when_checks_succeed: true } : {}),
  };
  return client.send('POST', `${path}/merge`, body, REFUSALS);
}
