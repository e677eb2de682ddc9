import type { MergeRequests } from '@gitbeaker/rest';
import { ToolError } from '../../errors.ts';
import type { SdkFetch } from '../sdk-fetch.ts';
import { reasonOf } from './refusal.ts';

export type RequesterFn = NonNullable<NonNullable<ConstructorParameters<typeof MergeRequests>[0]>['requesterFn']>;
type Service = Parameters<RequesterFn>[0];
type Requester = ReturnType<RequesterFn>;

interface Options {
  readonly searchParams?: object;
  readonly body?: object;
}

/**
 * What the SDK sends its requests with, in place of its own: that one tries a request ten times within a third of a second,
 * a POST as well, and passes over `Retry-After`. An answer that is no success is thrown as a ToolError whose cause is the
 * `Refusal`.
 */
export function gitlabRequester(fetch: SdkFetch): RequesterFn {
  return (service) => {
    const by = (method: string) => (endpoint: string, options?: Options) =>
      send(fetch, service, method, endpoint, options);
    return {
      get: by('GET'),
      post: by('POST'),
      put: by('PUT'),
      patch: by('PATCH'),
      delete: by('DELETE'),
    } as unknown as Requester;
  };
}

async function send(fetch: SdkFetch, service: Service, method: string, endpoint: string, options: Options = {}) {
  const { searchParams = {}, body } = options;
  const query = queryOf(searchParams);
  // The SDK ends the address of some resources with a slash and that of others without.
  const base = service.url.replace(/\/+$/, '');
  const response = await fetch(`${base}/${endpoint}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(await authorization(service)),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(Object.fromEntries(snakeEntries(body))) }),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await bodyOf(response) };
}

async function authorization({ authHeaders }: Service): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(authHeaders)) headers[name] = await value();
  return headers;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  const json = /\bjson\b/.test(response.headers.get('content-type') ?? '') ? parse(text) : undefined;
  if (!response.ok) {
    const refusal = { status: response.status, reason: reasonOf(json, response.status) };
    throw new ToolError('protocol', refusal.reason, { cause: refusal });
  }
  // A login page of a proxy answers 200 as well; it is no answer of the API.
  if (text !== '' && json === undefined) throw nonsense();
  return json ?? null;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nonsense(): ToolError {
  return new ToolError('protocol', 'The server answered something that is not from the API of GitLab', {
    hint: 'Check forge-url, and that no proxy asks for a login.',
  });
}

/** The SDK's names are in camel case, GitLab's in snake case. What is not given is left out. */
function snakeEntries(object: object): [string, unknown][] {
  return Object.entries(object).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]],
  );
}

function queryOf(object: object): string {
  return new URLSearchParams(
    snakeEntries(object).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}
