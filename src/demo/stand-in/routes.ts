import { authenticate } from './accounts.ts';
import { failure, plain, type Reply, streamFailure } from './answers.ts';
import type { Call, Context } from './context.ts';
import * as read from './reads.ts';
import { applicationStream, treeStream } from './stream.ts';
import * as write from './writes.ts';

type Handler = (context: Context, call: Call) => Reply | Promise<Reply>;

interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handler: Handler;
  /** `open`: no token is asked for. `stream`: errors have the shape that streams have. */
  readonly kind?: 'open' | 'stream';
}

const APPLICATION = '/api/v1/applications/:name';

const ROUTES: readonly Route[] = [
  { method: 'GET', pattern: '/', kind: 'open', handler: () => plain(LABEL, 200) },
  { method: 'GET', pattern: '/healthz', kind: 'open', handler: () => plain('ok', 200) },
  { method: 'GET', pattern: '/api/version', kind: 'open', handler: read.version },
  { method: 'POST', pattern: '/api/webhook', kind: 'open', handler: write.webhook },
  { method: 'POST', pattern: '/api/v1/session', kind: 'open', handler: write.login },
  { method: 'GET', pattern: '/api/v1/session/userinfo', handler: read.userinfo },
  { method: 'GET', pattern: '/api/v1/account/can-i/:resource/:action/:project/:name', handler: read.canI },
  { method: 'GET', pattern: '/api/v1/applications', handler: read.list },
  { method: 'GET', pattern: APPLICATION, handler: read.application },
  { method: 'GET', pattern: `${APPLICATION}/resource-tree`, handler: read.resourceTree },
  { method: 'GET', pattern: `${APPLICATION}/managed-resources`, handler: read.managedResources },
  { method: 'GET', pattern: `${APPLICATION}/events`, handler: read.events },
  { method: 'GET', pattern: `${APPLICATION}/logs`, kind: 'stream', handler: read.logs },
  { method: 'GET', pattern: `${APPLICATION}/syncwindows`, handler: read.syncWindows },
  { method: 'GET', pattern: `${APPLICATION}/revisions/:revision/metadata`, handler: read.revisionMetadata },
  { method: 'POST', pattern: `${APPLICATION}/sync`, handler: write.sync },
  { method: 'POST', pattern: `${APPLICATION}/rollback`, handler: write.rollback },
  { method: 'DELETE', pattern: `${APPLICATION}/operation`, handler: write.terminate },
  { method: 'GET', pattern: '/api/v1/stream/applications', kind: 'stream', handler: applicationStream },
  { method: 'GET', pattern: '/api/v1/stream/applications/:name/resource-tree', kind: 'stream', handler: treeStream },
];

const LABEL = `This is not Argo CD. It is the stand-in that Drawbridge brings along for its demo and its tests.
It reads a real Git repository and answers as ${read.VERSION} would, but there is no cluster behind it.
`;

/** Answers one request as the API server does, from the content type to the rights. */
export async function answer(context: Context, request: Omit<Call, 'account' | 'params'>): Promise<Reply> {
  const api = request.path.startsWith('/api/v1/');
  if (api && request.method !== 'GET' && !isJson(request)) return plain('Invalid content type\n', 415);
  const [route, params] = match(request) ?? [];
  if (route === undefined || params === undefined) return plain(api ? 'Not Found\n' : '404 page not found\n', 404);
  const account = authenticate(context.accounts, request.headers);
  const call = { ...request, params, account: typeof account === 'string' ? { token: '' } : account };
  if (typeof account !== 'string' || route.kind === 'open') return route.handler(context, call);
  if (request.path === '/api/v1/session/userinfo') return { status: 200, contentType: 'application/json', body: '{}' };
  return route.kind === 'stream' ? streamFailure(16, account) : failure(16, account);
}

function isJson(request: Pick<Call, 'headers'>): boolean {
  return /^application\/json\b/.test(request.headers['content-type'] ?? '');
}

function match(request: Pick<Call, 'method' | 'path'>): readonly [Route, Readonly<Record<string, string>>] | undefined {
  for (const route of ROUTES) {
    const params = route.method === request.method ? paramsOf(route.pattern, request.path) : undefined;
    if (params !== undefined) return [route, params];
  }
  return undefined;
}

function paramsOf(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const pairs = names.map((name, index) => [name, parts[index] ?? ''] as const);
  if (pairs.some(([name, part]) => (name.startsWith(':') ? part === '' || part.includes('%2F') : name !== part))) {
    return undefined;
  }
  const named = pairs.flatMap(([name, part]) => (name.startsWith(':') ? [[name.slice(1), part] as const] : []));
  return Object.fromEntries(named);
}
