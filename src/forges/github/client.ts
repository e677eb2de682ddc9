import type { Octokit } from 'octokit';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { sdkFetch } from '../sdk-fetch.ts';
import type { Place } from './place.ts';
import { errorOf, type Refusal, reasonOf } from './refusal.ts';

/** What a call gave, or the refusal that its caller knows what to do with. */
export type Tried<T> = { readonly value: T } | { readonly refused: Refusal };

export interface GraphqlError {
  /** `STALE_DATA`, `RATE_LIMITED`, `FORBIDDEN`; absent on errors of the query itself. */
  readonly type?: string;
  readonly message: string;
}

export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphqlError[];
}

export interface GithubClient {
  /** For people, without credentials. */
  readonly location: string;
  /** @throws ToolError denied, missing, temporary (also: whether a write took effect is not known), protocol */
  call<T>(what: string, action: (octokit: Octokit) => Promise<Response<T>>): Promise<T>;
  /** As `call`; these statuses come back as a value. */
  attempt<T>(
    what: string,
    expected: readonly number[],
    action: (octokit: Octokit) => Promise<Response<T>>,
  ): Promise<Tried<T>>;
  /** Every page of a list. */
  all<T>(what: string, action: (octokit: Octokit) => Promise<readonly T[]>): Promise<readonly T[]>;
  /** GraphQL tells its errors with status 200: they come back as values. */
  graphql(what: string, query: string, variables?: object): Promise<GraphqlAnswer>;
}

interface Response<T> {
  readonly status: number;
  readonly data: T;
}

export interface GithubAccess {
  readonly host: Host;
  readonly place: Place;
  /** `Bearer …`; asked for before each request, since the tokens of an app live for an hour. */
  readonly authorization: () => Promise<string | undefined>;
  readonly ca?: string;
  /** See `SdkFetchOptions`. */
  readonly lastWords?: boolean;
}

/** GitHub's own SDK on our transport, without its retries and its throttling; its errors become ours. */
export async function githubClient(access: GithubAccess): Promise<GithubClient> {
  const { place } = access;
  const octokit = await createOctokit(access);
  const location = `${place.web}/${place.owner}/${place.name}`;
  const attempt: GithubClient['attempt'] = async (what, expected, action) => {
    const tried = await exchange(octokit, action);
    if ('value' in tried || expected.includes(tried.refused.status)) return tried;
    throw errorOf(tried.refused, what, location);
  };
  return {
    location,
    attempt,
    call: async (what, action) => unwrapped(await attempt(what, [], action)),
    all: async (what, action) =>
      unwrapped(await attempt(what, [], async (sdk) => ({ status: 200, data: await action(sdk) }))),
    graphql: async (what, query, variables = {}) =>
      unwrapped(
        await attempt(what, [], async (sdk) => ({ status: 200, data: await askGraphql(sdk, query, variables) })),
      ),
  };
}

async function createOctokit({ host, place, authorization, ca, lastWords = false }: GithubAccess): Promise<Octokit> {
  const { Octokit } = await import('./octokit.ts');
  const fetch = sdkFetch(host, { origin: new URL(place.api).origin, lastWords, ...(ca === undefined ? {} : { ca }) });
  const debug = (message: string) => host.log.debug(message);
  const octokit = new Octokit({
    baseUrl: place.api,
    userAgent: 'drawbridge',
    request: { fetch },
    retry: { enabled: false },
    throttle: { enabled: false },
    log: { debug: () => undefined, info: debug, warn: debug, error: debug },
  });
  octokit.hook.before('request', async (options) => {
    const value = await authorization();
    if (value !== undefined) options.headers.authorization = value;
    options.headers['x-github-api-version'] = '2022-11-28';
  });
  return octokit;
}

async function exchange<T>(octokit: Octokit, action: (octokit: Octokit) => Promise<Response<T>>): Promise<Tried<T>> {
  try {
    const { status, data } = await action(octokit);
    // A redirect comes back as it is, and so does the login page of a proxy.
    if (status >= 300) return { refused: { status, reason: reasonOf(data, status), headers: {} } };
    if (typeof data === 'string' && data !== '') throw nonsense();
    return { value: data };
  } catch (error) {
    return { refused: refusalOf(error) };
  }
}

/** The SDK wraps what the transport throws into an error of its own, with status 500 and no answer. */
function refusalOf(error: unknown): Refusal {
  const { cause, response } = Object(error) as {
    readonly cause?: unknown;
    readonly response?: { readonly status: number; readonly data: unknown; readonly headers: Refusal['headers'] };
  };
  if (cause instanceof ToolError) throw cause;
  if (response === undefined) throw error;
  const { status, data, headers } = response;
  return { status, reason: reasonOf(data, status), headers };
}

async function askGraphql(octokit: Octokit, query: string, variables: object): Promise<GraphqlAnswer> {
  try {
    return { data: dataOf(await octokit.graphql(query, { ...variables })), errors: [] };
  } catch (error) {
    const { errors, data } = Object(error) as { readonly errors?: unknown; readonly data?: unknown };
    if (!Array.isArray(errors) || !(error instanceof Error) || error.name !== 'GraphqlResponseError') throw error;
    return { data: dataOf(data), errors: errors.map(graphqlErrorOf) };
  }
}

function dataOf(data: unknown): GraphqlAnswer['data'] {
  if (data === undefined) throw nonsense();
  return typeof data === 'object' && data !== null ? (data as GraphqlAnswer['data']) : {};
}

function graphqlErrorOf(error: unknown): GraphqlError {
  const { type, message } = Object(error) as Readonly<Record<string, unknown>>;
  return {
    message: typeof message === 'string' ? message : 'no reason',
    ...(typeof type === 'string' ? { type } : {}),
  };
}

function nonsense(): ToolError {
  return new ToolError('protocol', 'The server answered something that is not from the API of GitHub', {
    hint: 'Check forge-url, and that no proxy asks for a login.',
  });
}

function unwrapped<T>(tried: Tried<T>): T {
  if ('value' in tried) return tried.value;
  throw new ToolError('internal', tried.refused.reason);
}
