import type { MergeMethod, MergeResult, Revision } from '../forge-client.ts';
import { type Answer, type GiteaClient, messageOf } from './client.ts';

/** Answers with a sentence instead of an error (`POST /repos/{owner}/{repo}/pulls/{index}/merge`). */
const REFUSALS = [404, 405, 409, 422, 423];

export interface MergeRequest {
  /** `/repos/{owner}/{repo}/pulls/{index}` */
  readonly path: string;
  readonly method: MergeMethod;
  readonly mode: 'now' | 'auto';
  readonly expectedHead: Revision;
  readonly message?: string;
}

/**
 * Merges now; what only its checks keep from that is scheduled where `auto` asks for it. Gitea takes a schedule for a
 * request without any check as well, and then never merges it, so that trying now comes first.
 */
export async function mergePullRequest(client: GiteaClient, request: MergeRequest): Promise<MergeResult> {
  const answer = await send(client, request, false);
  if (answer.status < 300) return { kind: 'merged' };
  const reason = messageOf(answer);
  if (answer.status === 409 && /head out of date/i.test(reason)) return { kind: 'moved' };
  if (/try again later|is being checked|not ready/i.test(reason)) return { kind: 'not-yet', reason };
  if (request.mode === 'now' || !isWaitingForChecks(reason)) return { kind: 'refused', reason };
  const armed = await send(client, request, true);
  if (armed.status < 300 || /already scheduled/i.test(messageOf(armed))) return { kind: 'armed' };
  return { kind: 'refused', reason: messageOf(armed) };
}

/** Gitea's words for checks, reviews and approvals that are still missing. */
function isWaitingForChecks(reason: string): boolean {
  return /status check|approv|review|not allowed to merge yet|does not have enough/i.test(reason);
}

function send(
  client: GiteaClient,
  { path, method, expectedHead, message }: MergeRequest,
  auto: boolean,
): Promise<Answer> {
  const [title, ...lines] = (message ?? '').split('\n');
  const text =
    message === undefined || method === 'rebase'
      ? {}
      : { MergeTitleField: title, MergeMessageField: lines.join('\n').trim() };
  const body = {
    Do: method,
    head_commit_id: expectedHead,
    ...text,
    ...(auto ? { merge_when_checks_succeed: true } : {}),
  };
  return client.send('POST', `${path}/merge`, body, REFUSALS);
}
