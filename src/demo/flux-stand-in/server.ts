import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Reply, Sink } from '../stand-in/answers.ts';
import { DEFAULT_ROLLOUT } from '../stand-in/state.ts';
import { steadyNow } from '../stand-in/times.ts';
import type { Rollout } from '../stand-in/types.ts';
import { answer } from './api.ts';
import { createBell } from './bell.ts';
import { isNudged } from './conditions.ts';
import { type Controlled, runKustomizeController, runSourceController } from './controllers.ts';
import type { Api } from './status.ts';
import { createStore, type Store } from './store.ts';
import type { KubeObject, Pace, Surroundings } from './types.ts';
import { createWorkloads } from './workloads.ts';

export interface FluxStandInOptions {
  readonly host: Pick<Host, 'clock' | 'processes' | 'env' | 'random'>;
  /** Folder of the bare repository that is read: a push to it is what makes the cluster move. */
  readonly repository: string;
  /** As the GitRepository gives it. */
  readonly url: string;
  readonly branch: string;
  /** Name of the Kustomization, and the folder that it applies. */
  readonly name: string;
  readonly path: string;
  readonly pace?: Partial<Pace>;
  readonly rollout?: Partial<Rollout>;
}

export interface FluxStandIn {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly token: string;
  /** The content of a kubeconfig whose only context is the stand-in. */
  readonly kubeconfig: string;
  /** Every request since the start: method and target. */
  requests(): readonly string[];
  /** Resolves when the Kustomization meets a condition, at once if it does already. */
  until(condition: (kustomization: KubeObject) => boolean): Promise<KubeObject>;
  /** Ends all connections and everything that runs. */
  close(): Promise<void>;
}

const NAMESPACE = 'flux-system';
const DEFAULT_PACE: Pace = {
  interval: 60_000,
  checkEvery: 5_000,
  timeout: 60_000,
  retryInterval: 10_000,
  pullFails: 1_000,
  pullBacksOff: 3_000,
};

/**
 * Starts the stand-in for a cluster with Flux on a free port of 127.0.0.1. It plays one thing only: what a client of the API
 * server sees while commits of a real repository are deployed by one GitRepository and one Kustomization. Every answer has the
 * header `X-Drawbridge-Stand-In`, and the version says it too.
 */
export async function startFluxStandIn(options: FluxStandInOptions): Promise<FluxStandIn> {
  const { host } = options;
  const closing = new AbortController();
  const now = steadyNow(host.clock);
  const store = createStore(now);
  const surroundings: Surroundings = {
    host,
    now,
    repository: options.repository,
    pace: { ...DEFAULT_PACE, ...options.pace },
    rollout: { ...DEFAULT_ROLLOUT, ...options.rollout },
    signal: closing.signal,
  };
  const controlled = controlledBy(options, store, surroundings);
  const running = startControllers(controlled);
  const token = `stand-in-${Array.from({ length: 32 }, () => Math.floor(host.random() * 16).toString(16)).join('')}`;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void serve({ store, token, surroundings }, request, response).catch((error: unknown) => failed(response, error));
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    token,
    kubeconfig: kubeconfigOf(url, token),
    requests: () => [...requests],
    until: (condition) => until(store, controlled.kustomization, condition),
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, ...running]);
    },
  };
}

function controlledBy(options: FluxStandInOptions, store: Store, surroundings: Surroundings): Controlled {
  const { branch, name, path } = options;
  const source = objectOf('source.toolkit.fluxcd.io/v1', 'GitRepository', 'config', {
    interval: '1m',
    ref: { branch },
    timeout: '60s',
    url: options.url,
  });
  const kustomization = objectOf('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, {
    force: false,
    interval: '10m',
    path: `./${path}`,
    prune: true,
    retryInterval: '10s',
    sourceRef: { kind: 'GitRepository', name: 'config' },
    timeout: '1m',
    wait: true,
  });
  store.put(source);
  store.put(kustomization);
  const workloads = createWorkloads(store, { name, namespace: NAMESPACE }, surroundings);
  return { store, workloads, source, kustomization, branch, path, namespace: 'default', surroundings };
}

function objectOf(apiVersion: string, kind: string, name: string, spec: KubeObject['spec'] & object): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, spec, status: { observedGeneration: -1 } };
}

/** They end with the signal; a fault of their own ends the stand-in's life with its words. */
function startControllers(controlled: Controlled): readonly Promise<void>[] {
  const { store, surroundings } = controlled;
  const { clock } = surroundings.host;
  const [sourceBell, kustomizeBell] = [createBell(clock, surroundings.signal), createBell(clock, surroundings.signal)];
  store.subscribe(({ object }) => {
    if (object.kind === 'GitRepository') kustomizeBell.ring();
    if (object.kind === 'GitRepository' && isNudged(object)) sourceBell.ring();
    if (object.kind === 'Kustomization' && isNudged(object)) kustomizeBell.ring();
  });
  const whileOpen = (run: Promise<void>) =>
    run.catch((error: unknown) => {
      if (!surroundings.signal.aborted) throw error;
    });
  return [
    whileOpen(runSourceController(controlled, sourceBell)),
    whileOpen(runKustomizeController(controlled, kustomizeBell)),
  ];
}

function until(
  store: Store,
  named: KubeObject,
  condition: (kustomization: KubeObject) => boolean,
): Promise<KubeObject> {
  const now = store.get(named);
  if (now !== undefined && condition(now)) return Promise.resolve(now);
  return new Promise((resolve) => {
    const stop = store.subscribe(({ object }) => {
      if (object.kind !== named.kind || !condition(object)) return;
      stop();
      resolve(object);
    });
  });
}

/** JSON is YAML. */
function kubeconfigOf(server: string, token: string): string {
  const name = 'drawbridge-stand-in';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: NAMESPACE } }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new ToolError('io', 'the stand-in cannot listen on 127.0.0.1', { cause })));
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function serve(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url: target = '/' } = request;
  const { pathname: path, searchParams: query } = new URL(target, 'http://stand-in');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  respond(answer(api, { method, path, query, headers, body }), api.surroundings.now(), response);
}

function respond(reply: Reply, now: number, response: ServerResponse): void {
  response.setHeader('date', new Date(now).toUTCString());
  response.setHeader('x-drawbridge-stand-in', 'true');
  if ('stream' in reply) stream(reply.stream, response);
  else response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body);
}

function stream(run: (sink: Sink) => Promise<void>, response: ServerResponse): void {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const sink: Sink = {
    signal: gone.signal,
    open: (contentType) => {
      response.writeHead(200, { 'content-type': contentType });
      response.flushHeaders();
    },
    write: (bytes) => void response.write(bytes),
  };
  void run(sink).finally(() => response.end());
}

function failed(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else response.writeHead(500, { 'x-drawbridge-stand-in': 'true' }).end(`the stand-in failed: ${String(error)}\n`);
}
