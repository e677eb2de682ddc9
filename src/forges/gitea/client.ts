import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { type SdkFetch, sdkFetch } from '../sdk-fetch.ts';

/** An answer of the API: its status, and its JSON where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
  /** Pages of a list that are still to be read. */
  readonly hasNext: boolean;
}

export interface GiteaClient {
  readonly location: string;
  /** `path` from `/api/v1`. Statuses other than 2xx come back as answers where `expected` names them. */
  send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    expected?: readonly number[],
  ): Promise<Answer>;
}

export interface GiteaAccess {
  readonly host: Host;
  /** `https://git.example.com`, with the path where Gitea is below one. */
  readonly base: string;
  readonly token: string | undefined;
  readonly ca?: string;
  /** See `SdkFetchOptions`. */
  readonly lastWords?: boolean;
}

/**
 * The REST API of Gitea and Forgejo (https://docs.gitea.com/api/). There is no SDK worth its weight for the dozen calls.
 * @throws ToolError denied, missing, temporary, protocol
 */
export function giteaClient({ host, base, token, ca, lastWords = false }: GiteaAccess): GiteaClient {
  const fetch = sdkFetch(host, { origin: new URL(base).origin, lastWords, ...(ca === undefined ? {} : { ca }) });
  return {
    location: base,
    async send(method, path, body, expected = []) {
      const answer = await exchange(fetch, `${base}/api/v1${path}`, method, body, token);
      if (answer.status < 300 || expected.includes(answer.status)) return answer;
      throw refusal(answer, `${method} ${path}`, base);
    },
  };
}

async function exchange(
  fetch: SdkFetch,
  url: string,
  method: string,
  body: object | undefined,
  token: string | undefined,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `token ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  // A login page of a proxy answers 200 as well; it is no answer of the API.
  if (response.ok && text !== '' && !isJson) throw nonsense(url);
  const hasNext = /rel="next"/.test(response.headers.get('link') ?? '');
  return { status: response.status, json: isJson && text !== '' ? parse(text, url) : undefined, hasNext };
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw nonsense(url);
  }
}

function nonsense(url: string): ToolError {
  return new ToolError('protocol', `${new URL(url).origin} answered something that is not from the API of Gitea`, {
    hint: 'Check forge-url, and that no proxy asks for a login.',
  });
}

/** The server's own sentence; Gitea puts it into `message`. */
export function messageOf(answer: Answer): string {
  const { message } = Object(answer.json) as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : `HTTP status ${answer.status}`;
}

function refusal(answer: Answer, call: string, base: string): ToolError {
  const text = `${base} refused ${call}: ${messageOf(answer)}`;
  if (answer.status === 401) return new ToolError('denied', text, { hint: 'Check the token; it may have expired.' });
  if (answer.status === 403)
    return new ToolError('denied', text, {
      hint: 'Give the token the scopes write:repository and write:issue, and its user the right to write.',
    });
  if (answer.status === 404)
    return new ToolError('missing', text, {
      hint: 'Check the name of the repository; a token that may not see it gets the same answer.',
    });
  if (answer.status === 429 || answer.status >= 500)
    return new ToolError('temporary', text, { hint: 'Run this again: what was done is found again.' });
  return new ToolError('protocol', text);
}
