import type { GithubState, TokenOwner } from './github-server-state.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly owner: TokenOwner;
}

export interface ApiAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly answer: (state: GithubState, request: ApiRequest, match: RegExpExecArray) => ApiAnswer;
}

export function ok(json: unknown): ApiAnswer {
  return { status: 200, json };
}

export function notFound(): ApiAnswer {
  return { status: 404, json: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' } };
}

export function invalid(message: string, errors: readonly object[] = []): ApiAnswer {
  return { status: 422, json: { message, errors } };
}

/** With the Link header of https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function page(
  state: GithubState,
  { query, path }: ApiRequest,
  entries: readonly unknown[],
  wrap: (entries: readonly unknown[]) => unknown = (own) => own,
): ApiAnswer {
  const [size, number] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
  if (size > 100) state.problems.push(`${path}: no more than 100 are given at once`);
  const next = new URLSearchParams(query);
  next.set('page', String(number + 1));
  const url = `${state.origin}/api/v3/repos/${state.owner}/${state.name}/${path}?${next}`;
  const headers: Record<string, string> = number * size < entries.length ? { link: `<${url}>; rel="next"` } : {};
  return { status: 200, json: wrap(entries.slice((number - 1) * size, number * size)), headers };
}
