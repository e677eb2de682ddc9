import { type Answer, json, type Reply } from '../stand-in/answers.ts';
import { isRecord } from '../stand-in/names.ts';
import {
  apiVersionOf,
  groupDocument,
  groupList,
  qualified,
  resourceList,
  type ServedKind,
  servedKind,
} from './kinds.ts';
import { logOf } from './logs.ts';
import { type Selection, selectionOf } from './selection.ts';
import { type Api, refusal } from './status.ts';
import type { Store } from './store.ts';
import type { Json, KubeObject } from './types.ts';
import { watch } from './watch.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const LABEL = `This is not Kubernetes. It is the stand-in for a cluster with Flux that Drawbridge brings along for its demo.
It reads a real Git repository and answers as an API server would, but nothing runs behind it.
`;

/** Answers one request as an API server does: who asks, what kind, which object. */
export function answer(api: Api, call: Call): Reply {
  if (call.path === '/') return { status: 200, contentType: 'text/plain; charset=utf-8', body: LABEL };
  if (call.headers.authorization !== `Bearer ${api.token}`) return refusal(401, 'Unauthorized', 'Unauthorized');
  const document = discovery(call.path);
  if (document !== undefined) return json(document);
  const [kind, namespace, name, sub] = placeOf(call.path) ?? [];
  if (kind === undefined) return refusal(404, 'NotFound', 'the server could not find the requested resource');
  if (name === undefined) return collection(api, call, kind, namespace);
  return single(api, call, kind, { namespace: namespace ?? '', name, sub });
}

function discovery(path: string): Json | undefined {
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.0+drawbridge-stand-in' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return groupList();
  if (path === '/api/v1') return resourceList('', 'v1');
  const [, group, version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (group === undefined) return undefined;
  return version === undefined ? groupDocument(group) : resourceList(group, version);
}

type Place = readonly [
  kind: ServedKind,
  namespace: string | undefined,
  name: string | undefined,
  sub: string | undefined,
];

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?$/;

function placeOf(path: string): Place | undefined {
  const { group = '', version = '', namespace, plural = '', name, sub } = PATH.exec(path)?.groups ?? {};
  const kind = servedKind(group, version, plural);
  // A single object is named with its namespace.
  if (kind === undefined || (name !== undefined && namespace === undefined)) return undefined;
  return [kind, namespace, name, sub];
}

function collection(api: Api, call: Call, kind: ServedKind, namespace: string | undefined): Reply {
  if (call.method !== 'GET') return notAllowed();
  const selection = selectionOf(kind, namespace, call.query);
  if (typeof selection === 'string') return refusal(400, 'BadRequest', selection);
  if (/^(1|true)$/.test(call.query.get('watch') ?? '')) return watch(api, call.query, kind, selection);
  return list(api.store, kind, selection);
}

function list(store: Store, kind: ServedKind, isSelected: Selection): Answer {
  const items = store.all().filter(isSelected);
  return json({
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(store.version()) },
    items: kind.group.includes('.') ? items : items.map(({ apiVersion: _, kind: __, ...item }) => item),
  });
}

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly sub: string | undefined;
}

function single({ store }: Api, call: Call, kind: ServedKind, { namespace, name, sub }: Named): Answer {
  const identity = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { namespace, name } };
  const object = store.get(identity);
  if (object === undefined) return refusal(404, 'NotFound', `${qualified(kind)} "${name}" not found`);
  if (sub === 'log' && kind.kind === 'Pod') return logOf(object, call.query);
  if (sub !== undefined) return refusal(404, 'NotFound', 'the server could not find the requested resource');
  if (call.method === 'GET') return json(object);
  return call.method === 'PATCH' ? patch(store, call, kind, object) : notAllowed();
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply */
function patch(store: Store, { headers, body }: Call, { verbs }: ServedKind, object: KubeObject): Answer {
  if (!verbs.includes('patch'))
    return refusal(403, 'Forbidden', `cannot patch ${object.kind}: only sources and Kustomizations`);
  if (headers['content-type'] !== 'application/merge-patch+json') {
    const message =
      'the body of the request was in an unknown format - accepted media types include: application/merge-patch+json';
    return refusal(415, 'UnsupportedMediaType', message);
  }
  const change = parsed(body);
  if (change === undefined) return refusal(400, 'BadRequest', 'the patch is no JSON object');
  const { status: _, ...asked } = change;
  store.put(merged(object, asked) as KubeObject);
  return json(store.get(object) ?? object);
}

function parsed(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** https://www.rfc-editor.org/rfc/rfc7386 */
function merged(target: unknown, change: unknown): unknown {
  if (!isRecord(change)) return change;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function notAllowed(): Answer {
  return refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
