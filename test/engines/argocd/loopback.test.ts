import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectArgocd } from '../../../src/engines/argocd/index.ts';
import { watch } from '../../../src/engines/watch.ts';
import { ToolError } from '../../../src/errors.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { nodeHttp } from '../../../src/host/http.ts';
import type { Host } from '../../../src/host.ts';
import { application, OLD, WANTED } from '../../support/applications.ts';
import { DEFAULTS } from '../../support/replay.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A real server on loopback, below a path of its own. */
async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/argocd`;
}

function waitOn(server: string, signal: AbortSignal = new AbortController().signal) {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warning: quiet, error: quiet, secret: quiet };
  const host = { clock: systemClock, http: nodeHttp({}), random: Math.random, log, signal } as unknown as Host;
  const credentials = { kind: 'token', token: 'a-token-of-the-gate' } as const;
  const engine = connectArgocd({ server, credentials, normaliseRepository: normaliseRepositoryUrl }, host);
  return watch({
    engine,
    host,
    targets: [engine.parseTarget('shop')],
    wanted: { revision: WANTED, images: [] },
    options: { ...DEFAULTS, stableFor: 200 },
    timeout: 10_000,
    refresh: true,
    relation: async (revision) => (revision === WANTED ? 'equal' : 'lacks'),
    progress: () => undefined,
  });
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

describe('over a real connection', () => {
  it('follows a rollout by the stream, below a path, with the token', async () => {
    let current = application({ revision: OLD, version: 1 });
    const live = application({ revision: WANTED, version: 2 });
    const strangers: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer a-token-of-the-gate') strangers.push(request.url);
      if (!request.url?.startsWith('/argocd/api/v1/')) return response.writeHead(404).end();
      if (!request.url.includes('/stream/')) return json(response, current);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n');
      setTimeout(() => {
        current = live;
        response.write(`data: ${JSON.stringify({ result: { type: 'MODIFIED', application: live } })} \n\n`);
      }, 100);
    });
    const [outcome] = await waitOn(server);
    expect(outcome?.verdict.kind).toBe('landed');
    expect(outcome?.seconds).toBeLessThan(3);
    expect(strangers).toEqual([]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const server = await serve((request, response) => {
      if (!request.url?.includes('/stream/')) return json(response, application({ revision: OLD }));
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n');
    });
    const cancel = new AbortController();
    const reason = new ToolError('interrupted', 'stopped by SIGINT');
    setTimeout(() => cancel.abort(reason), 300);
    await expect(waitOn(server, cancel.signal)).rejects.toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const open = await new Promise<number>((resolve) => servers[0]?.getConnections((_error, count) => resolve(count)));
    expect(open).toBe(0);
  });
});
