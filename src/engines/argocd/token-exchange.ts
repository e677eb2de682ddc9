import { ToolError } from '../../errors.ts';
import type { Host, HttpRequest } from '../../host.ts';
import { readAnswer } from '../api/answer.ts';
import { record, text } from '../api/json.ts';
import type { JobIdentity } from './session.ts';

/** The client that Argo CD sets up in Dex for its command line; it is public, so that it has no secret. */
const CLIENT = 'argo-cd-cli';
const TYPE = 'urn:ietf:params:oauth:token-type';

/**
 * A token of Dex, which Argo CD brings with it, for the identity token of the job
 * (https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/github-actions/,
 * https://www.rfc-editor.org/rfc/rfc8693). Without a connector the identity token itself is what Argo CD is shown.
 * @throws ToolError denied, temporary, protocol
 */
export async function exchange(
  { identityToken, connector }: JobIdentity,
  server: Pick<HttpRequest, 'ca'> & { readonly base: string },
  host: Pick<Host, 'http' | 'log'>,
  signal: AbortSignal,
): Promise<string> {
  const subject = await identityToken(signal);
  host.log.secret(subject);
  if (connector === undefined) return subject;
  const answer = readAnswer(await host.http.send(requestOf(subject, connector, server, signal)));
  if (answer.kind === 'ok') {
    const token = text(record(answer.value).access_token);
    if (token !== undefined) return token;
  }
  if (answer.kind === 'refused') throw refused(answer.status, answer.message, connector, server.base);
  const why = answer.kind === 'ok' ? 'its answer holds no token' : answer.message;
  throw new ToolError(
    answer.kind === 'again' ? 'temporary' : 'protocol',
    `${server.base}/api/dex does not exchange the token: ${why}`,
    {
      hint: 'Is Dex running, and does argocd-cm have a dex.config? Without Dex leave argocd-oidc-connector out.',
    },
  );
}

function requestOf(
  subject: string,
  connector: string,
  { base, ca }: Parameters<typeof exchange>[1],
  signal: AbortSignal,
): HttpRequest {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    connector_id: connector,
    // The last one makes the identity of the job, and not Dex's own name for it, what policies are written for.
    scope: 'openid email profile groups federated:id',
    requested_token_type: `${TYPE}:access_token`,
    subject_token: subject,
    subject_token_type: `${TYPE}:id_token`,
  };
  return {
    method: 'POST',
    url: `${base}/api/dex/token`,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${CLIENT}:`).toString('base64')}`,
    },
    body: new URLSearchParams(form).toString(),
    ...(ca === undefined ? {} : { ca }),
    timeout: 30_000,
    signal,
  };
}

/** Dex says 401 to a token that its connector does not accept, and 400 to a connector that it does not have. */
function refused(status: number, message: string, connector: string, base: string): ToolError {
  const said = message === '' ? `HTTP ${status}` : message;
  return new ToolError('denied', `Dex of ${base} does not exchange the identity token of this job: ${said}`, {
    hint:
      status === 401
        ? `Does the connector ${connector} name the issuer of this CI system, and can Dex reach it?`
        : `Is there a connector ${connector} of type oidc in dex.config?`,
  });
}
