/** A real Git server on loopback that counts the bytes of both directions. */
import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { GIT_ENVIRONMENT } from './git-corpus.ts';

export interface CountingServer {
  readonly url: string;
  /** Bytes and requests since the last call. */
  take(): { readonly bytes: number; readonly requests: number };
  close(): void;
}

/** @param root the folder above `config.git` */
export async function startCountingServer(root: string): Promise<CountingServer> {
  const backend = `${execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim()}/git-http-backend`;
  let [bytes, requests] = [0, 0];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests++;
    serve(backend, root, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const gate = createTcpServer((client) => {
    const onward = connect(port, '127.0.0.1');
    for (const [from, to] of [[client, onward] as const, [onward, client] as const]) {
      sockets.add(from);
      from.on('data', (chunk) => {
        bytes += chunk.length;
      });
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}/config.git`,
    take: () => {
      const taken = { bytes, requests };
      [bytes, requests] = [0, 0];
      return taken;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      gate.close();
      server.close();
    },
  };
}

/** CGI, as https://git-scm.com/docs/git-http-backend describes it; the answer is passed on as it comes. */
function serve(backend: string, root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn(backend, [], {
    env: {
      ...GIT_ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'bench',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: header('content-length') }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => {});
  let head = Buffer.alloc(0);
  let isHead = true;
  child.stdout.on('data', (chunk: Buffer) => {
    if (!isHead) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    isHead = false;
    const lines = head.subarray(0, end).toString('latin1').split('\r\n');
    const fields = lines.map((line): [string, string] => [line.split(':')[0] ?? '', line.replace(/^[^:]*:\s*/, '')]);
    const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(fields));
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => response.end());
}
