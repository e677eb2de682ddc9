import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../src/engines/api/json.ts';

/** Milliseconds until a new template is observed, and until its pods run. */
const OBSERVED = 100;
const RUNNING = 300;

/** An API server of a few Deployments and their pods, whose controller needs a moment; `/apply` stands for kubectl's requests. */
export interface KubeServer {
  readonly url: string;
  /** Images of the Deployments, by `namespace/name`. */
  readonly images: () => Readonly<Record<string, string>>;
  /** Every path that was asked, without its query. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

interface Stored {
  readonly plural: 'deployments' | 'pods';
  // biome-ignore lint/suspicious/noExplicitAny: objects as they are applied
  object: any;
}

interface World {
  readonly objects: Map<string, Stored>;
  readonly watchers: Set<(stored: Stored, type: string) => void>;
  readonly timers: Set<NodeJS.Timeout>;
  version: number;
}

export async function startKubeServer(): Promise<KubeServer> {
  const world: World = { objects: new Map(), watchers: new Set(), timers: new Set(), version: 1 };
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${new URL(request.url ?? '', 'http://server').pathname}`);
    void answer(world, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const deployments = () => [...world.objects.values()].filter(({ plural }) => plural === 'deployments');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    images: () => Object.fromEntries(deployments().map(({ object }) => [keyOf(object), imageOf(object)])),
    close: () => {
      for (const timer of world.timers) clearTimeout(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function keyOf({ metadata: { namespace, name } }: { metadata: { namespace: string; name: string } }): string {
  return `${namespace}/${name}`;
}

// biome-ignore lint/suspicious/noExplicitAny: objects as they are applied
function imageOf(object: any): string {
  return object.spec.template.spec.containers[0].image;
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', 'http://server');
  if (url.pathname === '/apply') return applied(world, request, response);
  const [, namespace, plural] = /\/namespaces\/([^/]+)\/(deployments|pods)$/.exec(url.pathname) ?? [];
  const isIn = ({ plural: of, object }: Stored) => of === plural && object.metadata.namespace === namespace;
  const isPlace = namespace !== undefined && request.headers.authorization === 'Bearer secret';
  response.writeHead(isPlace ? 200 : 403, { 'content-type': 'application/json', date: new Date().toUTCString() });
  if (!isPlace) return void response.end(JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'forbidden' }));
  if (url.searchParams.get('watch') !== 'true') {
    const items = [...world.objects.values()]
      .filter(isIn)
      .map(({ object: { kind: _, apiVersion: __, ...item } }) => item);
    return void response.end(JSON.stringify({ metadata: { resourceVersion: String(world.version) }, items }));
  }
  response.flushHeaders();
  const tell = (stored: Stored, type: string) => {
    if (isIn(stored)) response.write(`${JSON.stringify({ type, object: stored.object })}\n`);
  };
  world.watchers.add(tell);
  response.on('close', () => world.watchers.delete(tell));
}

async function applied(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  for (const object of JSON.parse(Buffer.concat(chunks).toString('utf8')) as readonly Json[]) {
    if (object.kind === 'Deployment') rollOut(world, object);
  }
  response.end('{}');
}

// biome-ignore lint/suspicious/noExplicitAny: objects as they are applied
function rollOut(world: World, given: any): void {
  const before = world.objects.get(`deployments ${keyOf(given)}`)?.object;
  const generation = (before?.metadata.generation ?? 0) + 1;
  const object = { ...given, metadata: { ...given.metadata, generation, uid: 'd' }, status: before?.status ?? {} };
  put(world, 'deployments', object);
  later(world, OBSERVED, () => put(world, 'deployments', { ...object, status: { observedGeneration: generation } }));
  later(world, RUNNING, () => {
    put(world, 'pods', podOf(object));
    const counters = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
    const isGood = !imageOf(object).includes('bad');
    const status = { observedGeneration: generation, ...(isGood ? counters : { replicas: 1, updatedReplicas: 1 }) };
    put(world, 'deployments', { ...object, status });
  });
}

// biome-ignore lint/suspicious/noExplicitAny: objects as they are applied
function podOf({ metadata, spec: { template } }: any): unknown {
  const isGood = !template.spec.containers[0].image.includes('bad');
  const ownerReferences = [{ kind: 'ReplicaSet', name: `${metadata.name}-5d`, uid: 'r' }];
  const { name } = template.spec.containers[0];
  const state = isGood ? { running: {} } : { waiting: { reason: 'ImagePullBackOff' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${metadata.name}-5d-1`, namespace: metadata.namespace, ownerReferences, ...template.metadata },
    spec: template.spec,
    status: { phase: 'Running', containerStatuses: [{ name, ready: isGood, state }] },
  };
}

function later({ timers }: World, milliseconds: number, deed: () => void): void {
  timers.add(setTimeout(deed, milliseconds));
}

// biome-ignore lint/suspicious/noExplicitAny: objects as they are applied
function put(world: World, plural: Stored['plural'], given: any): void {
  world.version++;
  const object = { ...given, metadata: { ...given.metadata, resourceVersion: String(world.version) } };
  const key = `${plural} ${keyOf(object)}`;
  const type = world.objects.has(key) ? 'MODIFIED' : 'ADDED';
  const stored = { plural, object };
  world.objects.set(key, stored);
  for (const tell of world.watchers) tell(stored, type);
}
