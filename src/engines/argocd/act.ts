import type { Answer } from '../api/answer.ts';
import type { ActResult, Target } from '../delivery-engine.ts';
import { readApplication } from './application.ts';
import { applicationPath, applicationQuery } from './application-ref.ts';
import type { ArgocdClient } from './client.ts';

/** As a refusal of Argo CD says it; the code is 9, FailedPrecondition, which also stands for other refusals. */
const BUSY = /another operation is already in progress/;

/**
 * Acts on one Application. A sync names the revision that was seen, so that a commit pushed since is not deployed unasked; for
 * several sources it follows what the spec says. Rights: `applications, sync`; a refresh needs `get` only.
 */
export async function act(
  client: ArgocdClient,
  target: Target,
  action: 'refresh' | 'sync' | 'terminate',
  revision: string | undefined,
  signal: AbortSignal,
): Promise<ActResult> {
  const query = applicationQuery(target);
  if (action === 'refresh') {
    return resultOf(await client.read(applicationPath(target), { query: { ...query, refresh: 'normal' }, signal }));
  }
  if (action === 'terminate') {
    const answer = await client.write('DELETE', applicationPath(target, '/operation'), undefined, { query, signal });
    // It has ended by itself in the meantime, which is what was wanted.
    if (answer.kind === 'refused' && /No operation is in progress/.test(answer.message)) return { kind: 'done' };
    return resultOf(answer);
  }
  const several = revision === undefined || (await hasSeveralSources(client, target, signal));
  const body = { ...query, ...(several ? {} : { revision }) };
  return resultOf(await client.write('POST', applicationPath(target, '/sync'), body, { signal }));
}

async function hasSeveralSources(client: ArgocdClient, target: Target, signal: AbortSignal): Promise<boolean> {
  const answer = await client.read(applicationPath(target), { query: applicationQuery(target), signal });
  return answer.kind === 'ok' && readApplication(answer.value)?.multiSource !== false;
}

function resultOf(answer: Extract<Answer, { kind: 'ok' | 'refused' }>): ActResult {
  if (answer.kind === 'ok') return { kind: 'done' };
  return { kind: BUSY.test(answer.message) ? 'busy' : 'refused', reason: answer.message };
}
