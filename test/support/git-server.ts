import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { GIT_ENVIRONMENT } from './bare-repository.ts';

/** What happens to the first request that matches, in place of a plain answer. */
export interface Fault {
  /** `GET /config.git/info/refs?service=git-upload-pack`, `POST /config.git/git-receive-pack` */
  readonly when: RegExp;
  /** How many requests it takes; default 1. */
  readonly times?: number;
  /** Answered in place of Git's answer. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Waited for before anything else. */
  readonly before?: () => Promise<void> | void;
  /** Git does its work, then the connection is cut after so many bytes of the answer. */
  readonly cutAfter?: number;
  /** Called when Git has done its work, before the answer is sent. */
  readonly after?: () => Promise<void> | void;
}

export interface GitServer {
  /** `http://127.0.0.1:<port>/config.git` */
  readonly url: string;
  readonly origin: string;
  /** Method and path of every request. */
  readonly requests: readonly string[];
  /** The Authorization header of every request. */
  readonly authorizations: readonly (string | undefined)[];
  fault(fault: Fault): void;
  /** Faults that were never met. */
  unmet(): number;
  close(): Promise<void>;
}

export interface GitServerOptions {
  /** The folder above the bare repository `config.git`. */
  readonly root: string;
  readonly user?: string;
  readonly password?: string;
}

type ActiveFault = Fault & { left: number };

/** Real `git http-backend` behind a small server on loopback, with a password and faults. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const faults: ActiveFault[] = [];
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization);
    void answer(options, faults, request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return {
    origin,
    url: `${origin}/config.git`,
    requests,
    authorizations,
    fault: (fault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
    unmet: () => faults.filter(({ left }) => left > 0).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function answer(
  options: GitServerOptions,
  faults: ActiveFault[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = faults.find(({ when, left }) => left > 0 && when.test(`${request.method} ${request.url}`));
  if (fault !== undefined) fault.left--;
  await fault?.before?.();
  if (fault?.status !== undefined) {
    request.resume();
    response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
    return;
  }
  if (!isAllowed(options, request)) {
    request.resume();
    response.writeHead(401, { 'www-authenticate': 'Basic realm="config"' }).end();
    return;
  }
  const { status, headers, body } = await runBackend(options, request);
  await fault?.after?.();
  response.writeHead(status, headers);
  if (fault?.cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, fault.cutAfter), () => response.destroy());
}

function isAllowed({ user, password }: GitServerOptions, request: IncomingMessage): boolean {
  if (password === undefined) return true;
  const expected = `Basic ${Buffer.from(`${user ?? 'x-access-token'}:${password}`).toString('base64')}`;
  return request.headers.authorization === expected;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** CGI, as https://git-scm.com/docs/git-http-backend describes it. */
function runBackend({ root, user }: GitServerOptions, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const header = (name: string) => String(request.headers[name] ?? '');
  const env = {
    ...GIT_ENVIRONMENT,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REMOTE_USER: user ?? 'x-access-token',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    HTTP_GIT_PROTOCOL: header('git-protocol'),
    GIT_PROTOCOL: header('git-protocol'),
    ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: header('content-length') }),
  };
  const child = spawn(backendProgram(), [], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(child.stdin);
  child.stdin.on('error', () => {});
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(readCgi(Buffer.concat(chunks))));
  });
}

function readCgi(output: Buffer): Answer {
  const end = output.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of output.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'status') status = Number.parseInt(value, 10);
    else if (colon > 0) headers[name] = value;
  }
  return { status: end < 0 ? 500 : status, headers, body: output.subarray(end + 4) };
}

let program: string | undefined;
function backendProgram(): string {
  program ??= `${execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim()}/git-http-backend`;
  return program;
}
