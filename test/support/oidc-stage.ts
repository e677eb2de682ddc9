import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { application } from './applications.ts';
import { type Signer, signer, verified } from './signed-tokens.ts';

export const REQUEST_TOKEN = 'request-token-of-the-job';
export const SUBJECT = 'repo:acme/shop:ref:refs/heads/main';
const GITHUB = 'https://token.actions.githubusercontent.com';
const CONNECTOR = 'github-actions';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/**
 * A CI system that signs identities, a Dex that exchanges them, and an Argo CD that believes what it trusts, with keys that are
 * really checked. One server, so that a path of its own stands for each.
 */
export interface OidcStage {
  readonly url: string;
  /** As the runner sets them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Tokens that were given out, by whom. */
  readonly given: { readonly by: 'ci' | 'dex'; readonly token: string }[];
  /** An identity as the CI system signs it. */
  readonly identity: (claims?: Readonly<Record<string, unknown>>) => string;
  /** Lets time pass, in seconds. */
  readonly pass: (seconds: number) => void;
  readonly close: () => void;
}

export interface OidcOptions {
  /** What Argo CD has in `oidc.config`: it trusts the CI system itself, for this audience. */
  readonly directAudience?: string;
  /** Seconds. */
  readonly identityLasts?: number;
}

interface Stage {
  readonly ci: Signer;
  readonly dex: Signer;
  readonly options: OidcOptions;
  readonly given: OidcStage['given'];
  now: number;
  url: string;
}

export async function oidcStage(options: OidcOptions = {}): Promise<OidcStage> {
  const stage: Stage = { ci: signer('ci-1'), dex: signer('dex-1'), options, given: [], now: Date.now(), url: '' };
  const server = createServer((request, response) => void answer(stage, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${stage.url}/argocd`,
    variables: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${stage.url}/ci/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    },
    given: stage.given,
    identity: (claims) => identity(stage, 'nobody', claims),
    pass: (seconds) => {
      stage.now += seconds * 1000;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function identity(stage: Stage, aud: string, claims: Readonly<Record<string, unknown>> = {}): string {
  const issued = Math.floor(stage.now / 1000);
  const exp = issued + (stage.options.identityLasts ?? 300);
  return stage.ci.sign({ iss: GITHUB, sub: SUBJECT, aud, iat: issued, nbf: issued, exp, ...claims });
}

type Answer = readonly [status: number, value: unknown];

async function answer(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', stage.url);
  const [status, value] = answerOf(stage, request, url, await bodyOf(request));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function answerOf(stage: Stage, request: IncomingMessage, url: URL, body: string): Answer {
  if (url.pathname === '/ci/token') return ciToken(stage, request, url);
  if (url.pathname === '/argocd/api/dex/token') return dexToken(stage, request, body);
  if (url.pathname.startsWith('/argocd/api/v1/applications')) return argocd(stage, request);
  return [404, { error: `there is no ${url.pathname}` }];
}

/** https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
function ciToken(stage: Stage, request: IncomingMessage, url: URL): Answer {
  if (request.method !== 'GET' || request.headers.authorization !== `Bearer ${REQUEST_TOKEN}`) return [401, {}];
  const token = identity(stage, url.searchParams.get('audience') ?? 'https://github.com/acme');
  stage.given.push({ by: 'ci', token });
  return [200, { count: 1, value: token }];
}

/** As server/grants/tokenexchange.go of https://github.com/dexidp/dex: a token that its connector does not accept is a 401. */
function dexToken(stage: Stage, request: IncomingMessage, body: string): Answer {
  const client = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
  if (client !== 'argo-cd-cli:')
    return [401, { error: 'invalid_client', error_description: 'Invalid client credentials.' }];
  if (request.headers['content-type'] !== 'application/x-www-form-urlencoded')
    return [400, { error: 'invalid_request' }];
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== EXCHANGE) return [400, { error: 'unsupported_grant_type' }];
  if (form.get('connector_id') !== CONNECTOR) {
    return [400, { error: 'invalid_request', error_description: 'Requested connector does not exist.' }];
  }
  if (form.get('subject_token_type') !== 'urn:ietf:params:oauth:token-type:id_token')
    return [400, { error: 'request_not_supported' }];
  const subject = verified(form.get('subject_token') ?? '', stage.ci.keys, GITHUB, stage.now);
  if ('problem' in subject) return [401, { error: 'access_denied' }];
  const federated = form.get('scope')?.split(' ').includes('federated:id');
  const claims = {
    iss: `${stage.url}/argocd/api/dex`,
    sub: 'an-opaque-id',
    aud: 'argo-cd-cli',
    exp: Math.floor(stage.now / 1000) + 86_400,
    ...(federated ? { federated_claims: { connector_id: CONNECTOR, user_id: subject.claims.sub } } : {}),
  };
  const token = stage.dex.sign(claims);
  stage.given.push({ by: 'dex', token });
  return [
    200,
    {
      access_token: token,
      issued_token_type: form.get('requested_token_type'),
      token_type: 'bearer',
      expires_in: 86_399,
    },
  ];
}

/** Policies are written for the subject, or for the identity behind it where Dex says so. */
function argocd(stage: Stage, request: IncomingMessage): Answer {
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  const { directAudience } = stage.options;
  const seen =
    directAudience === undefined
      ? verified(token, stage.dex.keys, `${stage.url}/argocd/api/dex`, stage.now)
      : verified(token, stage.ci.keys, GITHUB, stage.now);
  const refusal = (message: string): Answer => [401, { error: message, code: 16, message }];
  if ('problem' in seen) return refusal(`invalid session: ${seen.problem}`);
  const { aud, sub, federated_claims: federated } = seen.claims;
  if (aud !== (directAudience ?? 'argo-cd-cli')) return refusal(`invalid session: audience ${aud}`);
  const who = (federated as { user_id?: string } | undefined)?.user_id ?? sub;
  if (who !== SUBJECT) return [403, { error: 'permission denied', code: 7, message: 'permission denied' }];
  return [200, application({})];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
