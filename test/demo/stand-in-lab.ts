import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { type StandIn, type StandInOptions, startArgoCdStandIn } from '../../src/demo/stand-in/server.ts';
import type { Clock } from '../../src/host.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { createRealHost } from '../support/real-host.ts';

export const TOKENS = {
  admin: 'admin-token',
  ci: 'ci-token-of-the-lab',
  gate: 'gate-token',
  deployer: 'deployer-token',
  garbage: 'garbage',
  forged: 'e30.e30.forged',
  expired: 'e30.e30.expired',
} as const;

export type As = keyof typeof TOKENS;

export interface Lab {
  readonly repository: BareRepository;
  readonly standIn: StandIn;
  ask(
    method: string,
    path: string,
    as?: As,
    options?: { readonly body?: string; readonly headers?: Record<string, string> },
  ): Promise<Answered>;
  close(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export function manifest(image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: ${image} # written by the pipeline
`;
}

/** The stand-in over a real repository, with the accounts and the applications that the recordings of the real server have. */
export async function openLab(clock: Clock, options: Partial<StandInOptions> = {}): Promise<Lab> {
  const repository = createBareRepository({ 'deploy/web.yaml': manifest('registry.example/shop/web:1.0.0') });
  const { admin, ci, gate, deployer, expired } = TOKENS;
  const standIn = await startArgoCdStandIn({
    host: createRealHost({ clock }),
    repository: repository.path,
    token: ci,
    accounts: [
      { token: admin, username: 'admin', password: 'right password', rights: ['get', 'sync', 'logs'] },
      { token: gate, username: 'proj:shop:gate', rights: ['get'], projects: ['shop'] },
      { token: deployer, username: 'deployer', rights: ['get', 'sync', 'logs'], projects: ['shop'] },
      { token: expired, username: 'old', expired: true },
    ],
    applications: [
      { name: 'happy', project: 'shop', path: 'deploy' },
      { name: 'sync-window', project: 'windowed', path: 'deploy', windowClosed: true },
    ],
    ...options,
    rollout: { pullable: (image) => !image.endsWith('-bad'), ...options.rollout },
  });
  return {
    repository,
    standIn,
    ask: (method, path, as, { body = '', headers = {} } = {}) =>
      answered(open(standIn, method, path, as, headers), body),
    close: async () => {
      await standIn.close();
      repository.remove();
    },
  };
}

export function open(
  standIn: StandIn,
  method: string,
  path: string,
  as?: As,
  headers: Record<string, string> = {},
): ClientRequest {
  const authorization = as === undefined ? {} : { authorization: `Bearer ${TOKENS[as]}` };
  const type = method === 'GET' ? {} : { 'content-type': 'application/json' };
  return httpRequest(`${standIn.url}${path}`, {
    method,
    headers: { ...type, ...authorization, ...headers },
    agent: false,
  });
}

function answered(request: ClientRequest, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.end(body);
  });
}

/** A stream that stays open: what has come so far, and a promise of the next time when a condition holds. */
export function follow(standIn: StandIn, path: string, headers: Record<string, string> = {}) {
  const request = open(standIn, 'GET', path, 'ci', headers);
  const chunks: Buffer[] = [];
  const watchers = new Set<() => void>();
  let response: IncomingMessage | undefined;
  const wake = () => {
    for (const watcher of [...watchers]) watcher();
  };
  request.on('error', () => undefined);
  request.once('response', (incoming) => {
    response = incoming;
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      wake();
    });
    incoming.on('error', () => undefined);
    wake();
  });
  request.end();
  const text = () => Buffer.concat(chunks).toString();
  return {
    chunks: () => chunks.map(String),
    text,
    headers: () => response?.headers,
    close: () => request.destroy(),
    until: (condition: (text: string) => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!condition(text())) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
  };
}

/** The Applications in the text of a stream, in either framing. */
export function applicationsIn(
  text: string,
): readonly { readonly type: string; readonly application: StreamedApplication }[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^data: /, '').trim())
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line).result);
}

export interface StreamedApplication {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly status: {
    readonly sync: { readonly status: string; readonly revision?: string };
    readonly health: { readonly status?: string };
    readonly summary: { readonly images?: readonly string[] };
    readonly operationState?: { readonly phase: string; readonly message?: string };
  };
}

/** Whether the last Application of a stream is at a revision with a health. */
export function endsWith(text: string, health: string, revision: string): boolean {
  const last = applicationsIn(text).at(-1)?.application.status;
  return last?.health.status === health && last.sync.revision === revision && last.sync.status === 'Synced';
}
