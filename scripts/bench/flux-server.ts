/** An API server of a cluster with many objects of Flux, as far as a wait asks one: all in memory, on loopback, in real time. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OLD, WANTED } from './applications-server.ts';

export interface FluxServer {
  readonly url: string;
  /** How often was asked since the last time, by kind, and bytes sent. */
  take(): FluxTaken;
  close(): void;
}

export interface FluxTaken {
  readonly lists: number;
  readonly streams: number;
  readonly singles: number;
  readonly refreshes: number;
  readonly megabytes: number;
  /** The most watches that one kind of one namespace had open at a time. */
  readonly most: number;
}

export interface FluxScene {
  /** Half of them Kustomizations with a Deployment each, half of them HelmReleases. */
  readonly count: number;
  /** Bytes of one object, about. */
  readonly size: number;
  /** Milliseconds over which rollouts begin, counted from the first request; undefined where all are live already. */
  readonly over?: number;
}

type Json = Readonly<Record<string, unknown>>;

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

const KINDS: readonly Kind[] = [
  { group: '', version: 'v1', plural: 'pods', kind: 'Pod' },
  { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' },
  { group: 'source.toolkit.fluxcd.io', version: 'v1', plural: 'gitrepositories', kind: 'GitRepository' },
  { group: 'source.toolkit.fluxcd.io', version: 'v1', plural: 'helmcharts', kind: 'HelmChart' },
  { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', plural: 'kustomizations', kind: 'Kustomization' },
  { group: 'helm.toolkit.fluxcd.io', version: 'v2', plural: 'helmreleases', kind: 'HelmRelease' },
];
/** Milliseconds from the begin of a rollout to its end. */
const ROLLOUT = 5_000;
/** Since when that is live which does not change, milliseconds since 1970. */
const LONG_AGO = Date.now() - 3_600_000;
const GIT = { kind: 'GitRepository', name: 'config' };
export const CONFIG_URL = 'https://git.example.com/acme/config.git';

interface One {
  readonly collection: string;
  readonly name: string;
  body: string;
}

export function startFluxServer({ count, size, over }: FluxScene): Promise<FluxServer> {
  let taken = { lists: 0, streams: 0, singles: 0, refreshes: 0, bytes: 0, most: 0 };
  let version = 1_000;
  let isStarted = false;
  const all = new Map<string, One>();
  const watches = new Map<ServerResponse, { readonly collection: string; readonly name: string | undefined }>();
  const timers: NodeJS.Timeout[] = [];
  const filler = 'x'.repeat(Math.max(0, size - 1_500));

  const write = (kind: string, namespace: string, name: string, rest: Json) => {
    const served = KINDS.find((one) => one.kind === kind) ?? { group: '', version: 'v1', plural: '', kind };
    const apiVersion = served.group === '' ? served.version : `${served.group}/${served.version}`;
    const collection = `${served.group === '' ? '/api' : `/apis/${served.group}`}/${served.version}/namespaces/${namespace}/${served.plural}`;
    const before = all.get(`${collection}/${name}`);
    version++;
    const annotations = { 'example.com/filler': filler };
    const metadata = {
      name,
      namespace,
      uid: `uid-of-${kind}-${name}`,
      resourceVersion: String(version),
      generation: 1,
      annotations,
    };
    const body = JSON.stringify({ apiVersion, kind, metadata, ...rest });
    const one = before ?? { collection, name, body };
    one.body = body;
    all.set(`${collection}/${name}`, one);
    const line = `{"type":"${before === undefined ? 'ADDED' : 'MODIFIED'}","object":${body}}\n`;
    for (const [response, wanted] of watches) {
      if (wanted.collection !== collection || (wanted.name ?? name) !== name) continue;
      taken = { ...taken, bytes: taken.bytes + line.length };
      response.write(line);
    }
  };
  const writeAll = (index: number, step: Step) => {
    const since = seconds(over === undefined ? LONG_AGO : Date.now());
    const parts = index % 2 === 0 ? kustomizationParts(index, step, since) : releaseParts(index, step, since);
    for (const [kind, namespace, name, rest] of parts) write(kind, namespace, name, rest);
  };
  write('GitRepository', 'flux-system', 'config', over === undefined ? sourceAt(WANTED, LONG_AGO) : sourceAt(OLD));
  for (let index = 0; index < count; index++) writeAll(index, over === undefined ? 'live' : 'old');

  const start = () => {
    if (isStarted || over === undefined) return;
    isStarted = true;
    timers.push(setTimeout(() => write('GitRepository', 'flux-system', 'config', sourceAt(WANTED)), 1_000));
    for (let index = 0; index < count; index++) {
      const at = 1_500 + (over * index) / count;
      timers.push(setTimeout(() => writeAll(index, 'rolling'), at));
      timers.push(setTimeout(() => writeAll(index, 'live'), at + ROLLOUT));
    }
  };

  const send = (response: ServerResponse, status: number, text: string) => {
    taken = { ...taken, bytes: taken.bytes + text.length };
    response.writeHead(status, { 'content-type': 'application/json', date: new Date().toUTCString() });
    response.end(text);
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    start();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const document = discovery(pathname);
    if (document !== undefined) return send(response, 200, document);
    const one = all.get(pathname);
    if (one !== undefined) {
      const kind = request.method === 'PATCH' ? 'refreshes' : 'singles';
      taken = { ...taken, [kind]: taken[kind] + 1 };
      return send(response, 200, one.body);
    }
    const isServed = KINDS.some(({ plural }) => pathname.endsWith(`/${plural}`));
    if (!isServed) return send(response, 404, '{"kind":"Status","status":"Failure","reason":"NotFound","code":404}');
    const name = searchParams.get('fieldSelector')?.replace('metadata.name=', '');
    if (searchParams.has('watch')) {
      watches.set(response, { collection: pathname, name });
      response.on('close', () => watches.delete(response));
      const open = [...watches.values()].filter(({ collection }) => collection === pathname).length;
      taken = { ...taken, streams: taken.streams + 1, most: Math.max(taken.most, open) };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      return;
    }
    const items = [...all.values()].filter((item) => item.collection === pathname && (name ?? item.name) === item.name);
    taken = { ...taken, lists: taken.lists + 1 };
    const bodies = items.map(({ body }) => body).join(',');
    send(response, 200, `{"kind":"List","metadata":{"resourceVersion":"${version}"},"items":[${bodies}]}`);
  };

  const server = createServer(answer);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        take() {
          const { bytes, ...counts } = taken;
          taken = { lists: 0, streams: 0, singles: 0, refreshes: 0, bytes: 0, most: 0 };
          return { ...counts, megabytes: bytes / 1e6 };
        },
        close() {
          for (const timer of timers) clearTimeout(timer);
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}

function discovery(path: string): string | undefined {
  const [, core, group, version] = /^\/(?:(api\/v1)|apis\/([^/]+)(?:\/([^/]+))?)$/.exec(path) ?? [];
  if (core === undefined && group === undefined) return undefined;
  const kinds = KINDS.filter((kind) => kind.group === (group ?? ''));
  const [first] = kinds;
  if (first === undefined) return undefined;
  const served = { groupVersion: `${first.group}/${first.version}`, version: first.version };
  if (core === undefined && version === undefined) {
    return JSON.stringify({ kind: 'APIGroup', name: group, versions: [served], preferredVersion: served });
  }
  const resources = kinds.map(({ plural, kind }) => ({ name: plural, kind, namespaced: true, verbs: [] }));
  return JSON.stringify({ kind: 'APIResourceList', groupVersion: served.groupVersion, resources });
}

type Step = 'old' | 'rolling' | 'live';
type Part = readonly [kind: string, namespace: string, name: string, rest: Json];

const branch = (commit: string) => `main@sha1:${commit}`;

function seconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function condition(type: string, status: string, reason: string, message: string, since: string): Json {
  return { type, status, reason, message, observedGeneration: 1, lastTransitionTime: since, lastUpdateTime: since };
}

function sourceAt(commit: string, at = Date.now()): Json {
  const since = seconds(at);
  return {
    spec: { url: CONFIG_URL, ref: { branch: 'main' }, interval: '1m' },
    status: {
      observedGeneration: 1,
      artifact: { revision: branch(commit), lastUpdateTime: since },
      conditions: [condition('Ready', 'True', 'Succeeded', `stored artifact for revision '${branch(commit)}'`, since)],
    },
  };
}

function kustomizationParts(index: number, step: Step, since: string): readonly Part[] {
  const name = `app-${index}`;
  const revision = branch(step === 'old' ? OLD : WANTED);
  const checking = `Running health checks for revision ${revision} with a timeout of 5m0s`;
  const conditions =
    step === 'rolling'
      ? [
          condition('Reconciling', 'True', 'Progressing', checking, since),
          condition('Ready', 'Unknown', 'Progressing', 'Reconciliation in progress', since),
        ]
      : [condition('Ready', 'True', 'ReconciliationSucceeded', `Applied revision: ${revision}`, since)];
  const entries = [{ id: `shop_${name}_apps_Deployment`, v: 'v1' }];
  const spec = { interval: '10m', path: `./apps/${name}`, prune: true, sourceRef: GIT, wait: true };
  const applied = branch(step === 'live' ? WANTED : OLD);
  const status = {
    observedGeneration: 1,
    lastAttemptedRevision: revision,
    lastAppliedRevision: applied,
    conditions,
    inventory: { entries },
  };
  return [
    ['Deployment', 'shop', name, deploymentAt(name, step, since)],
    ['Pod', 'shop', `${name}-1-abcde`, podAt(name, step, since)],
    ['Kustomization', 'flux-system', name, { spec, status }],
  ];
}

function templateOf(name: string, step: Step): Json {
  const image = `registry.example/shop/web:${step === 'old' ? '1.0.0' : '1.1.0'}`;
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } };
}

function deploymentAt(name: string, step: Step, since: string): Json {
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template: templateOf(name, step) };
  const counts = {
    replicas: 1,
    updatedReplicas: 1,
    ...(step === 'rolling' ? {} : { readyReplicas: 1, availableReplicas: 1 }),
  };
  const available = condition('Available', step === 'rolling' ? 'False' : 'True', 'MinimumReplicas', '', since);
  return { spec, status: { observedGeneration: 1, ...counts, conditions: [available] } };
}

function podAt(name: string, step: Step, since: string): Json {
  const ready = step !== 'rolling';
  const state = ready ? { running: { startedAt: since } } : { waiting: { reason: 'ContainerCreating' } };
  const containerStatuses = [{ name: 'web', ready, restartCount: 0, state }];
  const { spec } = templateOf(name, step);
  return { spec, status: { phase: ready ? 'Running' : 'Pending', containerStatuses } };
}

function releaseParts(index: number, step: Step, since: string): readonly Part[] {
  const name = `app-${index}`;
  const commit = step === 'old' ? OLD : WANTED;
  const version = `1.0.0+${commit.slice(0, 12)}`;
  const digest = `sha256:${commit.slice(0, 32).repeat(2)}`;
  const chart = {
    spec: { chart: `./charts/${name}`, reconcileStrategy: 'Revision', sourceRef: GIT },
    status: {
      observedGeneration: 1,
      observedSourceArtifactRevision: branch(commit),
      artifact: { revision: version, digest, lastUpdateTime: since },
      conditions: [condition('Ready', 'True', 'ChartPackageSucceeded', 'packaged', since)],
    },
  };
  const working = [
    condition('Reconciling', 'True', 'Progressing', "Running 'upgrade' action with timeout of 5m0s", since),
    condition('Ready', 'Unknown', 'Progressing', "Running 'upgrade' action with timeout of 5m0s", since),
  ];
  const done = [condition('Ready', 'True', 'UpgradeSucceeded', 'Helm upgrade succeeded', since)];
  const released = step === 'live' ? version : `1.0.0+${OLD.slice(0, 12)}`;
  const release = {
    spec: { interval: '10m', chart: { spec: { chart: `./charts/${name}`, sourceRef: GIT } } },
    status: {
      observedGeneration: 1,
      helmChart: `flux-system/flux-system-${name}`,
      lastAttemptedRevision: version,
      lastAttemptedGeneration: 1,
      history: [{ version: 2, status: 'deployed', chartVersion: released }],
      conditions: step === 'rolling' ? working : done,
    },
  };
  return [
    ['HelmChart', 'flux-system', `flux-system-${name}`, chart],
    ['HelmRelease', 'flux-system', name, release],
  ];
}
