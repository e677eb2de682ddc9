import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What happens to one request.
 * - `cut-before`: the connection is cut, and the server never saw the request.
 * - `cut-after`: the server did its work, and the connection is cut in place of the answer.
 * - `502-after`: the server did its work, and a proxy answers 502.
 * - `silent-after`: the server did its work, and no answer ever comes.
 * - `dead-before`, `dead-after`: as `cut`, and so it is with every later request: whoever asked is gone for good.
 */
export const FAULTS = ['cut-before', 'cut-after', '502-after', 'silent-after', 'dead-before', 'dead-after'] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface SeenRequest {
  /** `POST /acme/config.git/git-receive-pack` */
  readonly name: string;
  /** True for what may change something on the server. */
  readonly isWrite: boolean;
}

export interface FaultProxy {
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  /** The request with this number, from 1 and from now on, meets the fault. */
  arm(number: number, kind: FaultKind): void;
  /** True while a request is to meet silence. */
  isSilent(): boolean;
  /** Back to normal; what hangs is cut. @returns true where the fault was met */
  disarm(): boolean;
  close(): Promise<void>;
}

interface Armed {
  readonly at: number;
  readonly kind: FaultKind;
  met: boolean;
}

/** A proxy on loopback in front of a server for an API and for Git: what the faults are done with. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const hanging = new Set<ServerResponse>();
  let armed: Armed | undefined;
  let seen = 0;
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    requests.push({ name: `${request.method} ${request.url}`, isWrite: isWrite(request, body) });
    const kind = faultOf(++seen, armed);
    if (kind === 'cut-before') return void response.destroy();
    const answer = await ask(target, request, body);
    if (kind === 'cut-after') return void response.destroy();
    if (kind === 'silent-after') return void hanging.add(response);
    if (kind === '502-after') return void response.writeHead(502, HTML).end('<html>Bad Gateway</html>');
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    arm: (at, kind) => {
      seen = 0;
      armed = { at, kind, met: false };
    },
    isSilent: () => armed?.kind === 'silent-after',
    disarm: () => {
      for (const response of hanging) response.destroy();
      hanging.clear();
      const met = armed?.met === true;
      armed = undefined;
      return met;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const HTML = { 'content-type': 'text/html' };

type Fault = Exclude<FaultKind, 'dead-before' | 'dead-after'>;

function faultOf(number: number, armed: Armed | undefined): Fault | undefined {
  if (armed === undefined || number < armed.at) return undefined;
  const isFirst = number === armed.at;
  if (isFirst) armed.met = true;
  if (armed.kind === 'dead-before') return 'cut-before';
  if (armed.kind === 'dead-after') return isFirst ? 'cut-after' : 'cut-before';
  return isFirst ? armed.kind : undefined;
}

function isWrite({ method, url = '' }: IncomingMessage, body: Buffer): boolean {
  if (method === 'GET' || method === 'HEAD' || url.includes('git-upload-pack')) return false;
  return !url.endsWith('/graphql') || body.includes('mutation');
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function ask(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const { 'transfer-encoding': _, ...rest } = headers;
  const length = body.length === 0 ? {} : { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const onward = forward(`${target}${url}`, { method, headers: { ...rest, ...length } }, (answer) => {
      const { 'transfer-encoding': _chunked, ...answered } = answer.headers;
      read(answer).then((text) => resolve({ status: answer.statusCode ?? 500, headers: answered, body: text }), reject);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
