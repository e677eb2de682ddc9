import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BareRepository } from './bare-repository.ts';
import { startGitServer } from './git-server.ts';
import { type ApiAnswer, answerApi, unauthorized } from './gitlab-server-routes.ts';
import type { GitlabState, MergeState, Rules, TokenOwner } from './gitlab-server-state.ts';
import { createWords } from './gitlab-server-statuses.ts';

/** What happens to the first call of the API that matches. */
export interface GitlabFault {
  /** `POST projects/acme%2Fconfig/merge_requests` */
  readonly when: RegExp;
  /** `cut`: it takes effect, and the answer is cut off; a status: it takes no effect. */
  readonly answer: 'cut' | ApiAnswer;
  /** How many calls that match are let pass before. */
  readonly skip?: number;
  /** Before anything else. */
  readonly before?: () => void;
}

export interface GitlabServer {
  readonly state: GitlabState;
  readonly rules: Rules;
  readonly merges: readonly MergeState[];
  readonly url: string;
  /** With the path that it is below. */
  readonly web: string;
  /** Method and path of every call of the API. */
  readonly calls: readonly string[];
  /** Those that write. */
  writes(): readonly string[];
  readonly bodies: readonly string[];
  token(value: string, owner?: Partial<TokenOwner>): void;
  fault(fault: GitlabFault): void;
  /** What was asked that GitLab does not know, and faults that were never met. A test expects none. */
  problems(): readonly string[];
  close(): Promise<void>;
}

export interface GitlabServerOptions {
  readonly repository: BareRepository;
  readonly project?: string;
  readonly below?: string;
}

const RULES: Rules = {
  version: '18.5.1-ee',
  mergeMethod: 'merge',
  squashOption: 'default_off',
  needsPipeline: false,
  trains: false,
  firstStatuses: ['mergeable'],
  hidesSquash: false,
  mayMerge: ['developer', 'maintainer'],
  mergeRefusals: [],
  mergesLater: false,
  free: false,
};

/** A stand-in for GitLab over a real bare repository, which it also serves to Git, at one address. */
export async function startGitlabServer(options: GitlabServerOptions): Promise<GitlabServer> {
  const { repository, project = 'acme/platform/config', below = '' } = options;
  const root = mkdtempSync(join(tmpdir(), 'gitlab-stand-in-'));
  mkdirSync(join(root, below, dirname(project)), { recursive: true });
  symlinkSync(repository.path, join(root, below, `${project}.git`));
  const git = await startGitServer({ root });
  const state: GitlabState = {
    repository,
    project,
    below,
    origin: '',
    rules: structuredClone(RULES),
    merges: [],
    words: createWords(),
    tokens: new Map(),
    users: new Map([
      ['ann', 11],
      ['ben', 12],
    ]),
    problems: [],
  };
  const ledger: Ledger = { faults: [], calls: [], bodies: [] };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void answer(state, ledger, git.origin, request, response).catch((error: unknown) => {
      state.problems.push(String(error));
      response.destroy();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    state,
    rules: state.rules,
    merges: state.merges,
    web: `${state.origin}${below}`,
    url: `${state.origin}${below}/${project}.git`,
    calls: ledger.calls,
    writes: () => ledger.calls.filter((call) => !call.startsWith('GET ')),
    bodies: ledger.bodies,
    token: (value, owner) => void state.tokens.set(value, { ...OWNER, ...owner }),
    fault: (fault) => void ledger.faults.push({ ...fault, left: fault.skip ?? 0 }),
    problems: () => [...state.problems, ...ledger.faults.map(({ when }) => `never asked: ${when}`)],
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await git.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const OWNER: TokenOwner = {
  id: 5,
  username: 'project_7_bot',
  kind: 'access',
  scope: 'api',
  role: 'developer',
  expiresAt: null,
};

interface Ledger {
  readonly faults: (GitlabFault & { left: number })[];
  readonly calls: string[];
  readonly bodies: string[];
}

async function answer(
  state: GitlabState,
  ledger: Ledger,
  gitOrigin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', state.origin);
  const api = `${state.below}/api/v4/`;
  if (!url.pathname.startsWith(api)) return answerGit(state, gitOrigin, request, response);
  const body = await read(request);
  const path = url.pathname.slice(api.length);
  const call = `${request.method} ${path}`;
  ledger.calls.push(call);
  ledger.bodies.push(body);
  const index = ledger.faults.findIndex((one) => one.when.test(call) && one.left-- <= 0);
  const fault = index < 0 ? undefined : ledger.faults.splice(index, 1)[0];
  fault?.before?.();
  if (fault !== undefined && fault.answer !== 'cut') return send(response, fault.answer);
  const owner = ownerOf(state, request);
  const found =
    owner === undefined
      ? unauthorized()
      : answerApi(state, {
          method: request.method ?? 'GET',
          path,
          query: url.searchParams,
          body: body === '' ? {} : JSON.parse(body),
          owner,
        });
  if (fault?.answer === 'cut') response.destroy();
  else send(response, found);
}

function send(response: ServerResponse, { status, json, html, headers = {} }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': html === undefined ? 'application/json' : 'text/html', ...headers });
  response.end(html ?? (json === undefined ? '' : JSON.stringify(json)));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function ownerOf({ tokens }: GitlabState, { headers }: IncomingMessage): TokenOwner | undefined {
  return tokens.get(/^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? '');
}

/** Git with the token as password. A job token needs its own user name. Reporters may not push. */
function answerGit(state: GitlabState, origin: string, request: IncomingMessage, response: ServerResponse): void {
  const basic = Buffer.from(/^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '', 'base64').toString();
  const [user = '', password = ''] = basic.split(/:(.*)/s);
  const owner = state.tokens.get(password);
  if (owner === undefined || (owner.kind === 'job') !== (user === 'gitlab-ci-token')) {
    request.resume();
    response.writeHead(401, { 'www-authenticate': 'Basic realm="GitLab"' }).end('HTTP Basic: Access denied.');
    return;
  }
  if (/git-receive-pack/.test(request.url ?? '') && owner.role === 'reporter') {
    request.resume();
    response.writeHead(403).end('You are not allowed to push code to this project.');
    return;
  }
  const forwarded = openRequest(
    `${origin}${request.url}`,
    { method: request.method, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
}
