/** An Argo CD of many Applications, as far as a wait asks one: all in memory, on loopback, in real time. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const OLD = 'a'.repeat(40);
export const WANTED = 'b'.repeat(40);

export interface ApplicationsServer {
  readonly url: string;
  /** How often was asked since the last time, by kind, and bytes sent. */
  take(): Taken;
  close(): void;
}

export interface Taken {
  readonly lists: number;
  readonly streams: number;
  readonly singles: number;
  readonly refreshes: number;
  readonly megabytes: number;
}

export interface Scene {
  readonly count: number;
  /** Bytes of one Application, about. */
  readonly size: number;
  /** Milliseconds over which rollouts begin, counted from the first request; undefined where all are live already. */
  readonly over?: number;
}

interface One {
  readonly name: string;
  version: number;
  body: string;
}

const STEPS = ['comparing', 'syncing', 'rolling', 'healthy'] as const;
/** Milliseconds from one step of a rollout to the next. */
const STEP = 2_500;

export function startApplicationsServer({ count, size, over }: Scene): Promise<ApplicationsServer> {
  let taken = { lists: 0, streams: 0, singles: 0, refreshes: 0, bytes: 0 };
  let version = 1_000;
  const streams = new Map<ServerResponse, string | undefined>();
  const timers: NodeJS.Timeout[] = [];
  const filler = fillerOf(size);
  const all = new Map<string, One>();
  for (let index = 0; index < count; index++) {
    const name = `app-${index}`;
    all.set(name, { name, version, body: bodyOf(name, version, over === undefined ? 'live' : 'old', filler) });
  }

  const send = (response: ServerResponse, text: string) => {
    taken = { ...taken, bytes: taken.bytes + text.length };
    response.write(text);
  };
  const change = (one: One, step: string) => {
    version++;
    Object.assign(one, { version, body: bodyOf(one.name, version, step, filler) });
    for (const [response, name] of streams) {
      if (name === undefined || name === one.name) send(response, eventOf('MODIFIED', one));
    }
  };
  let isStarted = false;
  const start = () => {
    if (isStarted || over === undefined) return;
    isStarted = true;
    [...all.values()].forEach((one, index) => {
      STEPS.forEach((step, at) => {
        timers.push(setTimeout(() => change(one, step), 1_000 + (over * index) / count + at * STEP));
      });
    });
  };

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    start();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/api/v1/stream/applications') {
      const name = searchParams.get('name') ?? undefined;
      taken = { ...taken, streams: taken.streams + 1 };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      streams.set(response, name);
      response.on('close', () => streams.delete(response));
      for (const one of all.values())
        if (name === undefined || name === one.name) send(response, eventOf('ADDED', one));
      return;
    }
    const one = all.get(pathname.slice('/api/v1/applications/'.length));
    const isList = pathname === '/api/v1/applications';
    const isRefresh = searchParams.has('refresh');
    response.writeHead(isList || one !== undefined ? 200 : 404, { 'content-type': 'application/json' });
    const text = isList
      ? `{"metadata":{"resourceVersion":"${version}"},"items":[${[...all.values()].map(({ body }) => body).join(',')}]}`
      : (one?.body ?? '{"code":5,"message":"not found"}');
    const kind = isList ? 'lists' : isRefresh ? 'refreshes' : 'singles';
    taken = { ...taken, [kind]: taken[kind] + 1, bytes: taken.bytes + text.length };
    setTimeout(() => response.end(text), isRefresh ? 200 : 0);
  };

  const server = createServer(answer);
  const alive = setInterval(() => {
    for (const response of streams.keys()) response.write(':\n');
  }, 15_000);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        take() {
          const { bytes, ...counts } = taken;
          taken = { lists: 0, streams: 0, singles: 0, refreshes: 0, bytes: 0 };
          return { ...counts, megabytes: bytes / 1e6 };
        },
        close() {
          clearInterval(alive);
          for (const timer of timers) clearTimeout(timer);
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}

function eventOf(type: string, { body }: One): string {
  return `data: {"result":{"type":"${type}","application":${body}}} \n\n`;
}

/** The objects that an Application deploys: what most of its bytes are. */
function fillerOf(size: number): readonly unknown[] {
  const one = (index: number) => ({
    version: 'v1',
    kind: 'ConfigMap',
    namespace: 'shop',
    name: `settings-of-a-part-of-the-shop-${index}`,
    status: 'Synced',
    health: { status: 'Healthy' },
  });
  const bytes = JSON.stringify(one(100)).length + 1;
  // The Application itself comes to about 1,500 bytes.
  return Array.from({ length: Math.max(1, Math.round((size - 1_500) / bytes)) }, (_, index) => one(index));
}

function seconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function bodyOf(name: string, version: number, step: string, resources: readonly unknown[]): string {
  const now = Date.now();
  const isOld = step === 'old';
  const revision = isOld ? OLD : WANTED;
  const isDeployed = step === 'rolling' || step === 'healthy' || step === 'live';
  const deployed = isOld || !isDeployed ? OLD : WANTED;
  const long = seconds(now - 3_600_000);
  const source = { repoURL: 'https://git.example.com/acme/config.git', path: `apps/${name}`, targetRevision: 'main' };
  const destination = { server: 'https://kubernetes.default.svc', namespace: 'shop' };
  const finishedAt = step === 'rolling' || step === 'healthy' ? seconds(now - 2_000) : long;
  return JSON.stringify({
    metadata: { name, namespace: 'argocd', resourceVersion: String(version), uid: `uid-of-${name}`, annotations: {} },
    spec: { source, destination, project: 'default', syncPolicy: { automated: { prune: true } } },
    ...(step === 'syncing' ? { operation: { sync: { revision }, initiatedBy: { automated: true } } } : {}),
    status: {
      sync: {
        status: step === 'comparing' || step === 'syncing' ? 'OutOfSync' : 'Synced',
        revision,
        comparedTo: { source, destination },
      },
      health: {
        status: step === 'rolling' ? 'Progressing' : 'Healthy',
        lastTransitionTime: step === 'healthy' ? seconds(now) : long,
      },
      reconciledAt: isDeployed || isOld ? seconds(now) : seconds(now - 1_000),
      operationState: {
        phase: step === 'syncing' ? 'Running' : 'Succeeded',
        startedAt: long,
        ...(step === 'syncing' ? {} : { finishedAt }),
        operation: { sync: { revision: deployed } },
        syncResult: { revision: deployed, source },
      },
      history: [OLD, ...(isDeployed && !isOld ? [WANTED] : [])].map((id, index) => ({
        id: index,
        revision: id,
        source,
      })),
      summary: { images: ['registry.example/shop/web:1.1.0'] },
      resources,
    },
  });
}
