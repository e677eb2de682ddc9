import type { Json } from './types.ts';

export interface ServedKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const READ = ['get', 'list', 'watch'];

/** All of them live in namespaces. */
const KINDS: readonly ServedKind[] = [
  { group: '', version: 'v1', plural: 'pods', kind: 'Pod', verbs: READ },
  { group: '', version: 'v1', plural: 'events', kind: 'Event', verbs: READ },
  { group: '', version: 'v1', plural: 'services', kind: 'Service', verbs: READ },
  { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', verbs: READ },
  { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', verbs: READ },
  { group: 'apps', version: 'v1', plural: 'replicasets', kind: 'ReplicaSet', verbs: READ },
  {
    group: 'source.toolkit.fluxcd.io',
    version: 'v1',
    plural: 'gitrepositories',
    kind: 'GitRepository',
    verbs: [...READ, 'patch'],
  },
  {
    group: 'kustomize.toolkit.fluxcd.io',
    version: 'v1',
    plural: 'kustomizations',
    kind: 'Kustomization',
    verbs: [...READ, 'patch'],
  },
];

export function servedKind(group: string, version: string, plural: string): ServedKind | undefined {
  return KINDS.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);
}

export function kindOf(apiVersion: string, kind: string): ServedKind | undefined {
  return KINDS.find((served) => apiVersionOf(served) === apiVersion && served.kind === kind);
}

export function apiVersionOf({ group, version }: Pick<ServedKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `pods`, `deployments.apps`: how messages of the API name a kind. */
export function qualified({ plural, group }: ServedKind): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The answer of `/apis/<group>`; undefined where the group is not served. */
export function groupDocument(group: string): Json | undefined {
  const version = KINDS.find((kind) => kind.group === group)?.version;
  if (group === '' || version === undefined) return undefined;
  const served = { groupVersion: `${group}/${version}`, version };
  return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions: [served], preferredVersion: served };
}

/** The answer of `/apis`. */
export function groupList(): Json {
  const groups = [...new Set(KINDS.map(({ group }) => group))].flatMap((group) => {
    const document = groupDocument(group);
    if (document === undefined) return [];
    const { kind: _, apiVersion: __, ...rest } = document;
    return [rest];
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** The answer of `/api/v1` and of `/apis/<group>/<version>`; undefined where it is not served. */
export function resourceList(group: string, version: string): Json | undefined {
  const kinds = KINDS.filter((kind) => kind.group === group && kind.version === version);
  if (kinds.length === 0) return undefined;
  const resources = kinds.map(({ plural, kind, verbs }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced: true,
    kind,
    verbs,
  }));
  const logs = { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] };
  const all = group === '' ? [...resources, logs] : resources;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf({ group, version }), resources: all };
}
