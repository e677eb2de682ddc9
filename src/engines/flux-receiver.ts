import { createHmac } from 'node:crypto';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { ActResult } from './delivery-engine.ts';

/** How a Receiver of Flux knows who calls it (https://fluxcd.io/flux/components/notification/receivers/). */
export type ReceiverProof =
  /** `generic`: the path alone is the secret. */
  | { readonly kind: 'none' }
  /** `generic-hmac`. */
  | { readonly kind: 'hmac'; readonly key: string }
  /** `generic-oidc`: the identity token of this job, with the audience that the Receiver asks for. */
  | { readonly kind: 'oidc'; readonly token: string };

const TIMEOUT = 10_000;

/**
 * Makes Flux look at its sources at once, with no access to the cluster. Its answer says that they were asked, and nothing of
 * what comes of it. Sent once.
 * @throws ToolError temporary, denied, input (URL)
 */
export async function callReceiver(
  url: string,
  proof: ReceiverProof,
  { http, log }: Pick<Host, 'http' | 'log'>,
  signal: AbortSignal,
): Promise<ActResult> {
  if (proof.kind === 'hmac') log.secret(proof.key);
  if (proof.kind === 'oidc') log.secret(proof.token);
  const body = '{}';
  const headers = { 'content-type': 'application/json', ...proofHeader(proof, body) };
  const { status } = await http.send({ method: 'POST', url, headers, body, timeout: TIMEOUT, signal });
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (status === 503) return { kind: 'refused', reason: 'the Receiver of Flux is suspended' };
  if (status === 404) return { kind: 'refused', reason: 'no Receiver of Flux answers at that address' };
  if (status === 429 || status >= 500) {
    throw new ToolError('temporary', `The Receiver of Flux answers with HTTP ${status}`);
  }
  return {
    kind: 'refused',
    reason: `the Receiver of Flux refuses the call with HTTP ${status}: ${EXPECTED[proof.kind]}`,
  };
}

/** A wrong proof is answered with 400, as is a call of another type. */
const EXPECTED: Readonly<Record<ReceiverProof['kind'], string>> = {
  none: 'it wants a signature or a token',
  hmac: 'check that its type is generic-hmac, and that the key is that of its secret',
  oidc: 'check that its type is generic-oidc, and the audience of the token',
};

function proofHeader(proof: ReceiverProof, body: string): Readonly<Record<string, string>> {
  if (proof.kind === 'oidc') return { authorization: `Bearer ${proof.token}` };
  if (proof.kind === 'none') return {};
  return { 'x-signature': `sha256=${createHmac('sha256', proof.key).update(body).digest('hex')}` };
}
