import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';

type Machine = Pick<Host, 'env' | 'http' | 'clock' | 'log'>;

interface Wish {
  /** One that the CI system has put into a variable, as GitLab's `id_tokens` does. */
  readonly token?: string;
  /** For whom a token is asked for, where it is asked for. */
  readonly audience?: string;
}

/**
 * Tokens that say who this job is, signed by its CI system: the one that was given, or a new one of GitHub for each call
 * (https://docs.github.com/en/actions/reference/security/oidc, https://docs.gitlab.com/ci/secrets/id_token_authentication/).
 * @throws ToolError missing (this job has none), denied (run out, not allowed), temporary, protocol
 */
export function identityTokens({ token, audience }: Wish, host: Machine): (signal: AbortSignal) => Promise<string> {
  if (token !== undefined) return async () => stillValid(token, host);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = host.env;
  if (url !== undefined && secret !== undefined) return (signal) => askGitHub({ url, secret, audience }, host, signal);
  const isGitHub = host.env.GITHUB_ACTIONS === 'true';
  throw new ToolError('missing', 'argocd-oidc: this job has no identity token', {
    hint: isGitHub
      ? 'Give the job "permissions: { id-token: write }"; pull requests from forks get none.'
      : 'In GitLab write "id_tokens: { DRAWBRIDGE_OIDC_TOKEN: { aud: <audience> } }" into the job.',
  });
}

async function askGitHub(
  { url, secret, audience }: { readonly url: string; readonly secret: string; readonly audience: string | undefined },
  { http, log }: Machine,
  signal: AbortSignal,
): Promise<string> {
  log.secret(secret);
  const asked = new URL(url);
  if (audience !== undefined) asked.searchParams.set('audience', audience);
  const headers = { accept: 'application/json; api-version=2.0', authorization: `Bearer ${secret}` };
  const { status, body } = await http.send({ method: 'GET', url: asked.href, headers, timeout: 30_000, signal });
  const token = status === 200 ? valueIn(new TextDecoder().decode(body)) : undefined;
  if (token !== undefined) return token;
  const code = status >= 500 || status === 429 ? 'temporary' : status === 200 ? 'protocol' : 'denied';
  throw new ToolError(code, `GitHub gives this job no identity token: HTTP ${status}`, {
    hint: 'Is it still running, with "permissions: { id-token: write }"?',
  });
}

function valueIn(body: string): string | undefined {
  const value = field(body, 'value');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What is signed is told only to whom it is for; when it runs out can be read by everybody. */
function stillValid(token: string, { clock }: Machine): string {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const end = field(claims, 'exp');
  if (typeof end !== 'number' || end * 1000 > clock.now()) return token;
  throw new ToolError('denied', `oidc-token ran out at ${new Date(end * 1000).toISOString()}`, {
    hint: 'GitLab makes it when the job starts, for as long as the timeout of the job: wait in the job that it was made for.',
  });
}

function field(json: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  } catch {
    return undefined;
  }
}
