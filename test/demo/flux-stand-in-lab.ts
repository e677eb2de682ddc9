import { request } from 'node:http';
import { type FluxStandIn, type FluxStandInOptions, startFluxStandIn } from '../../src/demo/flux-stand-in/server.ts';
import type { KubeObject } from '../../src/demo/flux-stand-in/types.ts';
import type { Clock } from '../../src/host.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { createRealHost } from '../support/real-host.ts';

export const SOURCES = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories';
export const KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
export const PODS = '/api/v1/namespaces/shop/pods';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON
  readonly json: any;
}

export interface FluxLab {
  readonly repository: BareRepository;
  readonly standIn: FluxStandIn;
  ask(
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly headers?: Record<string, string> },
  ): Promise<Answered>;
  /** Asks the GitRepository to look at once. */
  nudge(token: string): Promise<Answered>;
  /** When the Kustomization is Ready=True at a commit, and says so with its revision. */
  live(commit: string): Promise<KubeObject>;
  close(): Promise<void>;
}

export function deployment(image: string, name = 'web'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  replicas: 1
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: ${name}
          image: ${image}
`;
}

/** The stand-in over a real repository; images that end with `-bad` cannot be pulled. */
export async function openFluxLab(clock: Clock, options: Partial<FluxStandInOptions> = {}): Promise<FluxLab> {
  const repository = createBareRepository({ 'deploy/web.yaml': deployment('registry.example/web:1.0') });
  const standIn = await startFluxStandIn({
    host: createRealHost({ clock }),
    repository: repository.path,
    url: 'https://git.example/shop/config.git',
    branch: 'main',
    name: 'app',
    path: 'deploy',
    ...options,
    rollout: { pullable: (image) => !image.endsWith('-bad'), ...options.rollout },
  });
  const ask: FluxLab['ask'] = (method, path, { body, headers = {} } = {}) =>
    answered(`${standIn.url}${path}`, method, { authorization: `Bearer ${standIn.token}`, ...headers }, body);
  return {
    repository,
    standIn,
    ask,
    nudge: (token) => patch(ask, `${SOURCES}/config`, { 'reconcile.fluxcd.io/requestedAt': token }),
    live: (commit) => standIn.until(({ status }) => String(status?.lastAppliedRevision).endsWith(commit)),
    close: async () => {
      await standIn.close();
      repository.remove();
    },
  };
}

function patch(ask: FluxLab['ask'], path: string, annotations: Readonly<Record<string, string>>): Promise<Answered> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  return ask('PATCH', path, { body: { metadata: { annotations } }, headers });
}

function answered(url: string, method: string, headers: Record<string, string>, body: unknown): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false });
    call.once('error', reject);
    call.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        const isJson = response.headers['content-type'] === 'application/json' && text.startsWith('{');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson && !text.includes('\n') ? JSON.parse(text) : undefined,
        });
      });
    });
    call.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
  });
}

/** The events of a watch so far. */
export interface Watching {
  /** Resolves when it is open. */
  readonly opened: Promise<void>;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON
  events(): readonly { readonly type: string; readonly object: any }[];
  close(): void;
}

export function watch(standIn: FluxStandIn, path: string, query = ''): Watching {
  let text = '';
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const call = request(`${standIn.url}${path}?watch=true${query}`, {
    headers: { authorization: `Bearer ${standIn.token}` },
    agent: false,
  });
  call.on('error', () => undefined);
  call.once('response', (response) => {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (text += chunk));
    response.on('error', () => undefined);
    response.on('close', () => ended.resolve());
    opened.resolve();
  });
  call.end();
  return {
    opened: opened.promise,
    ended: ended.promise,
    events: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    close: () => call.destroy(),
  };
}

/**
 * What a client can tell of an object of Flux, in one line: its conditions by reason, and the revisions by their commit's name.
 * Messages are cut to the words in front of the revision.
 */
// biome-ignore lint/suspicious/noExplicitAny: foreign JSON
export function rowOf(object: any, names: (commit: string) => string): string {
  const { conditions = [], artifact, lastAttemptedRevision, lastAppliedRevision } = object.status ?? {};
  const named = (revision: unknown) => names(/[0-9a-f]{40}/.exec(String(revision))?.[0] ?? '-');
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON
  const told = conditions.map(({ type, status, reason, message }: any) => {
    const words = type === 'Reconciling' ? ` ${message.replace(/[:,]? (new|for|'|revision).*$/, '')}` : '';
    const about = /[0-9a-f]{40}/.test(message) ? ` ${named(message)}` : '';
    return `${type}=${status} ${reason}${words}${about}`;
  });
  const revisions =
    object.kind === 'GitRepository'
      ? [`artifact ${named(artifact?.revision)}`]
      : [`attempted ${named(lastAttemptedRevision)}`, `applied ${named(lastAppliedRevision)}`];
  return [object.kind, ...told, ...revisions].join(' | ');
}

export function distinct(rows: readonly string[]): readonly string[] {
  return rows.filter((row, index) => row !== rows[index - 1]);
}
