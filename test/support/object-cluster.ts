import type { Json } from '../../src/engines/api/json.ts';
import type { Cluster, ResourceType, Scope } from '../../src/engines/kubernetes-api/cluster.ts';

const PLURALS: Readonly<Record<string, string>> = {
  GitRepository: 'gitrepositories',
  OCIRepository: 'ocirepositories',
};

interface Options {
  readonly namespace?: string;
  readonly forbidden?: (verb: string, scope: Scope) => boolean;
  readonly logs?: readonly string[];
}

/** An API server with these objects, which do not change. */
export function objectCluster(objects: readonly Json[], { namespace = 'flux', forbidden, logs = [] }: Options = {}) {
  const patches: { readonly name: string; readonly patch: Json }[] = [];
  const metadata = (object: Json) =>
    object.metadata as { readonly name: string; readonly namespace?: string; readonly labels?: Json };
  const groupOf = (object: Json) => {
    const [group = '', version] = String(object.apiVersion).split('/');
    return version === undefined ? { group: '', version: group } : { group, version };
  };
  const typeOf = (object: Json): ResourceType => {
    const kind = String(object.kind);
    return { ...groupOf(object), kind, plural: PLURALS[kind] ?? `${kind.toLowerCase()}s`, namespaced: true };
  };
  const of = ({ type, namespace: place, name }: Scope) =>
    objects.filter(
      (object) =>
        object.kind === type.kind &&
        (place === undefined || metadata(object).namespace === place) &&
        (name === undefined || metadata(object).name === name),
    );
  const isForbidden = (verb: string, scope: Scope) => forbidden?.(verb, scope) === true;
  const cluster: Cluster = {
    location: 'the cluster',
    namespace,
    async resources(group) {
      const types = objects.map(typeOf).filter((type) => type.group === group);
      return [...new Map(types.map((type) => [type.kind, type])).values()];
    },
    async get(type, key) {
      if (isForbidden('get', { type, ...key })) return FORBIDDEN;
      const [value] = of({ type, ...key });
      return value === undefined ? { kind: 'absent', status: 404, message: 'not found' } : { kind: 'found', value };
    },
    async list(scope) {
      if (isForbidden('list', scope)) return FORBIDDEN;
      return { kind: 'found', value: { resourceVersion: '1', items: of(scope) } };
    },
    async watch() {
      return FORBIDDEN;
    },
    async patch(type, key, patch) {
      if (isForbidden('patch', { type, ...key })) return FORBIDDEN;
      patches.push({ name: `${type.kind}/${key.namespace}/${key.name}`, patch });
      return { kind: 'found', value: patch };
    },
    async logs() {
      return { kind: 'found', value: logs };
    },
  };
  return { cluster, patches };
}

const FORBIDDEN = { kind: 'forbidden', status: 403, message: 'it is forbidden' } as const;
