import { type KeyObject, verify } from 'node:crypto';
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { dirname } from 'node:path';
import { type BareRepository, createBareRepository, type FileContents } from './bare-repository.ts';
import { startGitServer } from './git-server.ts';
import {
  answerProblems,
  type Exchange,
  graphqlAnswerProblems,
  graphqlProblems,
  requestProblems,
} from './github-description.ts';
import type { ApiAnswer } from './github-server-answers.ts';
import { answerGraphql, passChecks } from './github-server-graphql.ts';
import { addPull, answerRest } from './github-server-routes.ts';
import { closePull, type GithubState, mergePull, type PullState, type TokenOwner } from './github-server-state.ts';
import { createWords } from './github-server-statuses.ts';

/** What happens to the first request that matches, in place of a plain answer. */
export interface GithubFault {
  /** `POST graphql createCommitOnBranch`, `PATCH pulls/1`, `GET pulls?state=all…`, `POST git/refs` */
  readonly when: Pick<RegExp, 'test'>;
  readonly times?: number;
  /** Answered without doing anything. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** The connection is cut: before anything is done, or when all is done and the answer is on its way. */
  readonly cut?: 'before' | 'after';
  /** Called when the work is done, before the answer is sent or cut. */
  readonly meanwhile?: () => void;
}

export interface GithubServer {
  /** `http://127.0.0.1:PORT/acme/config.git` */
  readonly url: string;
  readonly origin: string;
  readonly repository: BareRepository;
  readonly state: GithubState;
  /** Of the API, shortened as in `GithubFault.when`. */
  readonly requests: readonly string[];
  /** Of Git. */
  readonly gitRequests: readonly string[];
  /** The Authorization header of every request to the API. */
  readonly authorizations: readonly string[];
  fault(fault: GithubFault): void;
  pull(number: number): PullState;
  person(pull: Pick<PullState, 'head'> & { readonly fork?: boolean }): PullState;
  closeByPerson(number: number): void;
  /** `fast-forward`: the commits of the request are pushed to its base branch, which closes it as merged. */
  mergeByPerson(number: number, way: string): void;
  passChecks(): void;
  /** Requests that GitHub would not know, and faults that were not met. A test expects none. */
  problems(): readonly string[];
  close(): Promise<void>;
}

export interface GithubServerOptions {
  readonly files?: FileContents;
  readonly app?: {
    readonly id: string;
    readonly key: KeyObject;
    readonly lifetime: number;
    readonly now: () => number;
  };
}

export const TOKEN = 'github_pat_canary_WRITER_0123456789';
export const READER = 'github_pat_canary_READER_0123456789';

const PERSON: TokenOwner = { login: 'person', id: 9, canWrite: true };

type Live = GithubFault & { left: number };

interface Running {
  readonly state: GithubState;
  readonly faults: Live[];
  readonly requests: string[];
  readonly gitRequests: string[];
  readonly authorizations: string[];
  readonly git: string;
  readonly app: GithubServerOptions['app'];
}

/**
 * A stand-in for GitHub in the shape of an Enterprise Server: REST, the mutations, and Git, over one real bare repository.
 * It keeps state, does what the real one does with Git for real, and takes nothing that it does not know.
 */
export async function startGithubServer(options: GithubServerOptions = {}): Promise<GithubServer> {
  const repository = createBareRepository(options.files);
  const git = await startGitServer({ root: dirname(repository.path) });
  const state: GithubState = {
    repository,
    owner: 'acme',
    name: 'config',
    origin: '',
    rules: {
      mergeState: 'clean',
      autoMergeAllowed: true,
      mergeQueue: false,
      methods: ['merge', 'squash', 'rebase'],
      protectedBranches: new Map(),
    },
    pulls: [],
    words: createWords(),
    tokens: new Map([
      [TOKEN, { login: 'octo', id: 583231, canWrite: true }],
      [READER, { login: 'reader', id: 2, canWrite: false }],
    ]),
    problems: [],
  };
  const running: Running = {
    state,
    faults: [],
    requests: [],
    gitRequests: [],
    authorizations: [],
    git: git.origin,
    app: options.app,
  };
  const { server, sockets } = serve(running);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${state.origin}/acme/config.git`,
    origin: state.origin,
    repository,
    state,
    requests: running.requests,
    gitRequests: running.gitRequests,
    authorizations: running.authorizations,
    fault: (fault) => void running.faults.push({ ...fault, left: fault.times ?? 1 }),
    pull: (number) => pullOf(state, number),
    person: ({ head, fork = false }) =>
      addPull(state, { head, fork, base: 'main', title: 'by a person', body: '', author: 'person' }),
    closeByPerson: (number) => closePull(state, pullOf(state, number)),
    mergeByPerson: (number, way) => mergePull(state, PERSON, pullOf(state, number), way, `Merge by hand (#${number})`),
    passChecks: () => passChecks(state),
    problems: () => [
      ...state.problems,
      ...running.faults.filter(({ left }) => left > 0).map(({ when }) => `never asked: ${when}`),
    ],
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await git.close();
      repository.remove();
    },
  };
}

function pullOf({ pulls }: GithubState, number: number): PullState {
  const pull = pulls.find((one) => one.number === number);
  if (pull === undefined) throw new Error(`there is no request ${number}`);
  return pull;
}

function serve(running: Running): { readonly server: Server; readonly sockets: ReadonlySet<Socket> } {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const isGit = request.url?.startsWith('/acme/config.git/') === true;
    const answered = isGit ? answerGit(running, request, response) : answerApi(running, request, response);
    void answered.catch((error) => {
      running.state.problems.push(String(error));
      response.destroy();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return { server, sockets };
}

/** Checks the token, then hands over to the real `git http-backend`. */
async function answerGit(running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').replace('/acme/', '/');
  running.gitRequests.push(`${request.method} ${path}`);
  const [, token] = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64')
    .toString()
    .split(':');
  const owner = running.state.tokens.get(token ?? '');
  if (owner === undefined) {
    request.resume();
    response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
    return;
  }
  if (path.includes('git-receive-pack') && !owner.canWrite) {
    request.resume();
    response.writeHead(403).end(`Permission to acme/config.git denied to ${owner.login}.`);
    return;
  }
  const { authorization: _, ...headers } = request.headers;
  const onward = forward(`${running.git}${path}`, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
}

async function answerApi(running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readText(request);
  const body = text === '' ? {} : JSON.parse(text);
  const name = shortName(request, body);
  running.requests.push(name);
  running.authorizations.push(request.headers.authorization ?? '');
  const fault = running.faults.find(({ when, left }) => left > 0 && when.test(name));
  if (fault !== undefined) fault.left--;
  if (fault?.cut === 'before') return void response.destroy();
  const target = (request.url ?? '').replace('/api/v3/', '/');
  const exchange: Exchange = { method: request.method ?? '', target, body: text === '' ? undefined : body };
  const answer: ApiAnswer =
    fault?.status === undefined
      ? held(running, exchange, work(running, request, name, body))
      : { status: fault.status, json: fault.json ?? {}, headers: fault.headers ?? {} };
  fault?.meanwhile?.();
  if (fault?.cut === 'after') return void response.destroy();
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(JSON.stringify(answer.json));
}

/** The request and its answer, as GitHub describes them. */
function held({ state: { problems } }: Running, exchange: Exchange, answer: ApiAnswer): ApiAnswer {
  if (exchange.target !== '/api/graphql') {
    problems.push(...requestProblems(exchange), ...answerProblems(exchange, answer.status, answer.json));
    return answer;
  }
  const { query = '', variables = {} } = Object(exchange.body) as {
    readonly query?: string;
    readonly variables?: object;
  };
  const { data, errors } = Object(answer.json) as { readonly data?: unknown; readonly errors?: unknown };
  problems.push(...graphqlProblems(query, { ...variables }));
  if (answer.status === 200 && errors === undefined) problems.push(...graphqlAnswerProblems(query, data));
  return answer;
}

/** `POST graphql createCommitOnBranch`, or method and path below the repository. */
function shortName({ method, url = '' }: IncomingMessage, body: { readonly query?: string }): string {
  if (url === '/api/graphql') return `POST graphql ${/\{ (\w+)/.exec(body.query ?? '')?.[1] ?? ''}`;
  return `${method} ${url.replace('/api/v3/repos/acme/config/', '').replace('/api/v3/', '')}`;
}

function work(running: Running, request: IncomingMessage, name: string, body: Record<string, unknown>): ApiAnswer {
  const { state, app } = running;
  const credentials = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const asApp = app === undefined ? undefined : answerApp(state, app, name, credentials, body);
  if (asApp !== undefined) return asApp;
  const owner: TokenOwner | undefined = state.tokens.get(credentials);
  if (owner === undefined) return { status: 401, json: { message: 'Bad credentials' } };
  if (name.startsWith('POST graphql')) return { status: 200, json: answerGraphql(state, owner, body) };
  const [method = '', rest = ''] = name.split(/ (.*)/s);
  const { pathname, searchParams } = new URL(rest, 'http://api/');
  if (!request.url?.startsWith('/api/v3/repos/acme/config/')) return { status: 404, json: { message: 'Not Found' } };
  return answerRest(state, { method, path: pathname.slice(1), query: searchParams, body, owner });
}

/** What the app may do beside reading and writing files and requests. */
const GRANTED = { statuses: 'write', checks: 'read' };

/** What an app asks for with its own proof; its tokens are long, as those of today are. */
function answerApp(
  state: GithubState,
  app: NonNullable<GithubServerOptions['app']>,
  name: string,
  jwt: string,
  body: Record<string, unknown>,
): ApiAnswer | undefined {
  const isFind = name === 'GET installation';
  if (!isFind && name !== 'POST app/installations/7/access_tokens') return undefined;
  if (!isProof(app, jwt)) return { status: 401, json: { message: 'A JSON web token could not be decoded' } };
  if (isFind) return { status: 200, json: { id: 7, app_slug: 'bump', permissions: GRANTED } };
  const wanted = {
    repositories: ['config'],
    permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
  };
  const ofWords = { ...wanted, permissions: { metadata: 'read', ...GRANTED } };
  if (![wanted, ofWords].some((one) => JSON.stringify(body) === JSON.stringify(one)))
    state.problems.push(`access_tokens: ${JSON.stringify(body)}`);
  const token = `ghs_42_${'canary.'.repeat(70)}${state.tokens.size}`;
  state.tokens.set(token, { login: 'bump[bot]', id: 77, canWrite: true });
  return { status: 201, json: { token, expires_at: new Date(app.now() + app.lifetime).toISOString() } };
}

function isProof({ id, key, now }: NonNullable<GithubServerOptions['app']>, jwt: string): boolean {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))) return false;
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return iss === id && iat * 1000 <= now() && exp * 1000 > now() && exp - iat <= 600;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
