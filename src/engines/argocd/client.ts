import { ToolError } from '../../errors.ts';
import type { Host, HttpRequest, HttpStream } from '../../host.ts';
import { type Answer, readAnswer } from '../api/answer.ts';
import { record, text } from '../api/json.ts';
import { type Refusal, retried, type Success } from '../api/retry.ts';
import { type Credentials, type Login, session } from './session.ts';
import { exchange } from './token-exchange.ts';

export interface ClientAccess {
  /** From `parseServerAddress`. */
  readonly base: string;
  /** Without any, the server decides what may be read: usually nothing. */
  readonly credentials?: Credentials;
  /** PEM, trusted beside the system's own. */
  readonly ca?: string;
}

type Machine = Pick<Host, 'http' | 'clock' | 'random' | 'log' | 'signal'>;

type Query = Readonly<Record<string, string | undefined>>;

export interface ReadOptions {
  readonly query?: Query;
  readonly signal: AbortSignal;
  /** Milliseconds for one try. Default 30,000. */
  readonly timeout?: number;
  /** Default 6. */
  readonly tries?: number;
  /** Cap on the answer's body. Default 32 MiB. */
  readonly maxBytes?: number;
  /** What makes a value of the body; JSON without it. */
  readonly parse?: (body: Uint8Array) => unknown;
}

export interface ArgocdClient {
  /** For people. */
  readonly location: string;
  /**
   * A GET, tried up to six times while the server is down, overloaded or answers nonsense.
   * @throws ToolError temporary, protocol (nonsense to the end), denied (401, certificate)
   */
  read(path: string, options: ReadOptions): Promise<Success | Refusal>;
  /**
   * A GET whose answer is lines of JSON, tried once; undefined when it is refused.
   * @throws ToolError temporary, denied
   */
  readLines(path: string, options: ReadOptions): Promise<readonly string[] | undefined>;
  /** A write: sent once. @throws ToolError temporary, protocol, denied */
  write(method: 'POST' | 'DELETE', path: string, body: unknown, options: ReadOptions): Promise<Success | Refusal>;
  /** An event stream; its headers must come within the timeout. @throws ToolError temporary, denied */
  open(path: string, options: ReadOptions): Promise<HttpStream>;
}

const TIMEOUT = 30_000;
const SERVER = {
  name: 'The Argo CD server',
  check: 'Check argocd-server: its path, and whether a login page or a proxy stands before it.',
};

/**
 * Argo CD's REST API (https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/). The rights `applications, get` on
 * the project are enough for everything that reads.
 */
export function argocdClient(access: ClientAccess, host: Machine): ArgocdClient {
  const { base, credentials } = access;
  const somebody = session(credentials, host, (login, signal) => logIn(access, host, login, signal));

  /** Asks once more with a new session where the old one has ended. */
  const authorised = async <A extends { readonly status?: number }>(
    signal: AbortSignal,
    ask: (header: string | undefined) => Promise<A>,
  ): Promise<A> => {
    const header = await somebody.header(signal);
    const answer = await ask(header);
    if (answer.status !== 401) return answer;
    const second = somebody.renew(header) ? await ask(await somebody.header(signal)) : answer;
    if (second.status === 401) throw denied(access, 'message' in second ? String(second.message) : '');
    return second;
  };

  const send = (method: HttpRequest['method'], path: string, body: unknown, options: ReadOptions): Promise<Answer> =>
    authorised<Answer & { readonly status?: number }>(options.signal, async (header) =>
      readAnswer(await host.http.send(request(access, method, path, body, header, options)), options.parse),
    );

  return {
    location: base,
    read: (path, options) => retried(host, { ...options, server: SERVER }, () => send('GET', path, undefined, options)),
    async readLines(path, options) {
      const { status, body } = await authorised(options.signal, (header) =>
        host.http.send(request(access, 'GET', path, undefined, header, options)),
      );
      return status === 200 ? new TextDecoder().decode(body).split('\n') : undefined;
    },
    async write(method, path, body, options) {
      const answer = await send(method, path, body, options);
      if (answer.kind === 'ok' || answer.kind === 'refused') return answer;
      throw new ToolError(answer.kind === 'again' ? 'temporary' : 'protocol', `${base} answered ${answer.message}`);
    },
    open: (path, options) =>
      authorised(options.signal, async (header) => {
        const asked = request(access, 'GET', path, undefined, header, options);
        const headers = { ...asked.headers, accept: 'text/event-stream' };
        const stream = await host.http.open({ ...asked, headers, maxBytes: Number.MAX_SAFE_INTEGER });
        if (stream.status === 401) stream.close();
        return stream;
      }),
  };
}

function request(
  { base, ca }: ClientAccess,
  method: HttpRequest['method'],
  path: string,
  body: unknown,
  authorization: string | undefined,
  { query = {}, timeout = TIMEOUT, signal, maxBytes }: ReadOptions,
): HttpRequest {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    method,
    url: `${base}${path}${pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`}`,
    headers: {
      accept: 'application/json',
      // Anything but a GET without this is answered with 415, whether it has a body or not.
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(ca === undefined ? {} : { ca }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    timeout,
    signal,
  };
}

async function logIn(access: ClientAccess, host: Machine, login: Login, signal: AbortSignal): Promise<string> {
  if (login.kind === 'identity') return exchange(login, access, host, signal);
  const { username, password } = login;
  const asked = request(access, 'POST', '/api/v1/session', { username, password }, undefined, { signal });
  const answer = readAnswer(await host.http.send(asked));
  if (answer.kind === 'again' || answer.kind === 'unknown') {
    throw new ToolError('temporary', `${access.base} does not log in: ${answer.message}`);
  }
  const token = answer.kind === 'ok' ? text(record(answer.value).token) : undefined;
  if (token !== undefined) return token;
  throw denied(access, answer.kind === 'refused' ? answer.message : 'its answer to the login holds no token');
}

function denied({ base, credentials }: ClientAccess, why: string): ToolError {
  return new ToolError('denied', `${base} does not accept the credentials: ${why || 'HTTP 401'}`, {
    hint:
      credentials?.kind === 'identity'
        ? 'Argo CD must trust the issuer of this token: by dex.config and argocd-oidc-connector, or by oidc.config with the audience among its allowedAudiences.'
        : 'Give a valid ARGOCD_AUTH_TOKEN; one of a project role with "applications, get" is enough.',
  });
}
