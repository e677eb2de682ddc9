import { ToolError } from '../../errors.ts';
import type { Host, HttpRequest } from '../../host.ts';
import { type Answer, readAnswer } from '../api/answer.ts';
import { type Json, list, record, text } from '../api/json.ts';
import { type Refusal, retried, type ServerWords, type Success } from '../api/retry.ts';
import { unlessAborted } from '../api/shared.ts';
import type {
  Cluster,
  ClusterAccess,
  Credentials,
  ObjectList,
  Reading,
  ResourceType,
  Scope,
  WatchStream,
} from './cluster.ts';
import { collectionPath, objectPath, scopeQuery, withQuery } from './paths.ts';
import { watchEvents } from './watch-lines.ts';

const TIMEOUT = 30_000;
/** Seconds after which the server ends a watch by itself; it is opened again where it ended. */
const WATCH_SECONDS = 300;
/** Milliseconds for the headers of a watch. */
const WATCH_HEADERS = 10_000;
/** Objects of one page. */
const PAGE = 500;
const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

type Connection = Pick<Host, 'http' | 'clock' | 'random' | 'signal'> & Partial<Pick<Host, 'log'>>;

interface Asked {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly body?: Json;
  readonly signal: AbortSignal;
}

/** The client on the one transport; nothing is asked yet. */
export function kubernetesClient(access: ClusterAccess, host: Connection): Cluster {
  const location = `${access.name} (${access.server})`;
  const server = {
    name: `The Kubernetes API server of ${access.name}`,
    check: `Check the address of the server, ${access.server}, and whether a login page or a proxy stands before it.`,
  };
  const send = (asked: Asked): Promise<Answer> =>
    authorised(access, asked.signal, async (credentials) => {
      const response = await host.http.send(requestOf(access, asked, credentials));
      return { answer: readAnswer(response), status: response.status };
    });
  const outage = tellingOnce(host);
  const read = async (path: string, signal: AbortSignal): Promise<Success | Refusal> => {
    const onAgain = outage.begun;
    const answer = await retried(host, { signal, server, onAgain }, () => send({ method: 'GET', path, signal }));
    outage.over();
    return answer;
  };
  const known = new Map<string, Promise<readonly ResourceType[]>>();

  return {
    location,
    namespace: access.namespace,
    resources(group, signal) {
      // Asked for all: it must not end with the first of them that is no longer wanted. What failed may be asked again.
      const asked = known.get(group) ?? discover(group, server, (path) => read(path, host.signal));
      asked.catch(() => known.delete(group));
      known.set(group, asked);
      return unlessAborted(asked, signal);
    },
    get: async (type, key, signal) => readingOf(await read(objectPath(type, key), signal), record),
    list: (scope, signal) => listAll(scope, (path) => read(path, signal)),
    watch: (scope, resourceVersion, signal) => openWatch(access, host, scope, resourceVersion, signal),
    async patch(type, key, patch, signal) {
      const answer = await send({ method: 'PATCH', path: objectPath(type, key), body: patch, signal });
      if (answer.kind === 'ok' || answer.kind === 'refused') return readingOf(answer, record);
      const code = answer.kind === 'again' ? 'temporary' : 'protocol';
      throw new ToolError(code, `${server.name} answered ${answer.message}`);
    },
    async logs(pod, { container, previous, lines }, signal) {
      const query = {
        tailLines: String(lines),
        ...(container === undefined ? {} : { container }),
        ...(previous === true ? { previous: 'true' } : {}),
      };
      const path = withQuery(`${objectPath(PODS, pod)}/log`, query);
      return readLog(access, host, path, signal);
    },
  };
}

/** That the server is away is worth a line when it begins, not at every try. */
function tellingOnce({ log }: Connection) {
  let isAway = false;
  return {
    begun(message: string): void {
      if (!isAway) log?.warning(`${message}; it is asked again.`);
      isAway = true;
    },
    over(): void {
      if (isAway) log?.info('It answers again.');
      isAway = false;
    },
  };
}

/** Asks once more where other credentials can be had than those that were refused. */
async function authorised<A>(
  access: ClusterAccess,
  signal: AbortSignal,
  ask: (credentials: Credentials) => Promise<{ readonly answer: A; readonly status: number }>,
): Promise<A> {
  const credentials = await access.credentials(signal);
  const first = await ask(credentials);
  if (first.status !== 401) return first.answer;
  const second = access.renew(credentials) ? await ask(await access.credentials(signal)) : first;
  if (second.status !== 401) return second.answer;
  throw new ToolError('denied', `${access.server} does not accept the credentials of ${access.name}: HTTP 401`, {
    hint: whyRefused(credentials),
  });
}

/** The agent's token is `ci:<agent id>:<job token>` (https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/). */
function whyRefused({ authorization }: Credentials): string {
  return authorization?.startsWith('Bearer ci:') === true
    ? 'The token that GitLab puts into KUBECONFIG ends with its job, and holds only while the project is authorised in ci_access of the agent.'
    : 'The token or certificate in the kubeconfig has run out or belongs to another cluster: fetch a new one.';
}

function requestOf(
  access: ClusterAccess,
  { method, path, body, signal }: Asked,
  credentials: Credentials,
): HttpRequest {
  const { authorization, certificate, key } = credentials;
  const { server, tls, proxy, headers } = access;
  return {
    method,
    url: `${server}${path}`,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/merge-patch+json' }),
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...tls,
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(proxy === undefined ? {} : { proxy }),
    timeout: TIMEOUT,
    signal,
  };
}

function readingOf<T>(answer: Success | Refusal, make: (value: unknown) => T): Reading<T> {
  if (answer.kind === 'refused') return refusal(answer);
  const { value, serverNow } = answer;
  return { kind: 'found', value: make(value), ...(serverNow === undefined ? {} : { serverNow }) };
}

type Refused = Exclude<Reading<never>, { kind: 'found' }>;

function refusal({ status, message }: Pick<Refusal, 'status' | 'message'>): Refused {
  const kinds: Readonly<Record<number, Refused['kind']>> = { 403: 'forbidden', 404: 'absent', 410: 'expired' };
  return { kind: kinds[status] ?? 'refused', status, message };
}

/** `GET /apis/<group>` names the versions, the preferred one among them; each version lists its kinds. */
async function discover(
  group: string,
  server: ServerWords,
  read: (path: string) => Promise<Success | Refusal>,
): Promise<readonly ResourceType[]> {
  const version = group === '' ? 'v1' : await preferredVersion(group, server, read);
  if (version === undefined) return [];
  const answer = await read(group === '' ? '/api/v1' : `/apis/${group}/${version}`);
  if (answer.kind === 'refused') return [];
  return list(record(answer.value).resources).flatMap((item) => {
    const { name, kind, namespaced } = record(item);
    const plural = text(name);
    // Names with a slash are sub-resources.
    if (plural === undefined || plural.includes('/')) return [];
    return [{ group, version, plural, kind: text(kind) ?? '', namespaced: namespaced === true }];
  });
}

async function preferredVersion(
  group: string,
  server: ServerWords,
  read: (path: string) => Promise<Success | Refusal>,
): Promise<string | undefined> {
  const answer = await read(`/apis/${group}`);
  if (answer.kind === 'ok') return text(record(record(answer.value).preferredVersion).version);
  const { status, message } = answer;
  // Whatever stands at a wrong address says 404 too; only an API server has this list.
  if (status === 404 && (await read('/apis')).kind === 'ok') return undefined;
  const said = `HTTP ${status}${message === '' ? '' : `: ${message}`}`;
  if (status !== 401 && status !== 403) {
    throw new ToolError('protocol', `${server.name} does not answer as one: ${said}`, { hint: server.check });
  }
  throw new ToolError('denied', `the API server does not tell what it serves of ${group}: ${said}`, {
    hint: 'Was the token sent? Every authenticated user may ask this, by the role system:discovery.',
  });
}

/** Page by page: a list of thousands in one answer would have to be held twice. */
async function listAll(scope: Scope, read: (path: string) => Promise<Success | Refusal>): Promise<Reading<ObjectList>> {
  const items: Json[] = [];
  let next: string | undefined;
  for (;;) {
    const query = { ...scopeQuery(scope), limit: String(PAGE), ...(next === undefined ? {} : { continue: next }) };
    const answer = await read(withQuery(collectionPath(scope.type, scope.namespace), query));
    if (answer.kind === 'refused') return refusal(answer);
    const { metadata, items: page } = record(answer.value);
    items.push(...list(page).map((item) => ({ ...record(item), ...typeOf(scope.type) })));
    next = text(record(metadata).continue);
    if (next !== undefined) continue;
    const value = { resourceVersion: text(record(metadata).resourceVersion) ?? '', items };
    const { serverNow } = answer;
    return { kind: 'found', value, ...(serverNow === undefined ? {} : { serverNow }) };
  }
}

/** The items of a list do not say what they are, as the list says it once for all of them; the objects of a watch do. */
function typeOf({ group, version, kind }: ResourceType): Json {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
}

async function openWatch(
  access: ClusterAccess,
  host: Connection,
  scope: Scope,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<Reading<WatchStream>> {
  const query = {
    ...scopeQuery(scope),
    watch: 'true',
    resourceVersion,
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(WATCH_SECONDS),
  };
  const path = withQuery(collectionPath(scope.type, scope.namespace), query);
  return authorised<Reading<WatchStream>>(access, signal, async (credentials) => {
    const request = { ...requestOf(access, { method: 'GET', path, signal }, credentials), timeout: WATCH_HEADERS };
    const stream = await host.http.open({ ...request, maxBytes: Number.MAX_SAFE_INTEGER });
    const { status } = stream;
    if (status === 200) {
      const value = { events: watchEvents(stream.chunks), close: () => stream.close() };
      return { answer: { kind: 'found', value }, status };
    }
    stream.close();
    return { answer: refusal({ status, message: `HTTP ${status}` }), status };
  });
}

/** Logs are plain text, so that their answer is no JSON to be understood. */
async function readLog(
  access: ClusterAccess,
  host: Connection,
  path: string,
  signal: AbortSignal,
): Promise<Reading<readonly string[]>> {
  return authorised<Reading<readonly string[]>>(access, signal, async (credentials) => {
    const request = requestOf(access, { method: 'GET', path, signal }, credentials);
    const { status, body } = await host.http.send({ ...request, headers: { ...request.headers, accept: '*/*' } });
    const said = new TextDecoder().decode(body);
    if (status === 200) return { answer: { kind: 'found', value: said.split('\n').filter(Boolean) }, status };
    return { answer: refusal({ status, message: said.slice(0, 300) }), status };
  });
}
