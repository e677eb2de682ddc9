import type { ObjectKey, ResourceType, Scope } from './cluster.ts';

type Query = Readonly<Record<string, string>>;

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
export function collectionPath({ group, version, plural, namespaced }: ResourceType, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const place = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${place}/${plural}`;
}

export function objectPath(type: ResourceType, { namespace, name }: ObjectKey): string {
  return `${collectionPath(type, namespace)}/${encodeURIComponent(name)}`;
}

export function scopeQuery({ labels, fields, name }: Scope): Query {
  const selected = [
    ...(name === undefined ? [] : [`metadata.name=${name}`]),
    ...(fields === undefined ? [] : [fields]),
  ];
  return {
    ...(labels === undefined ? {} : { labelSelector: labels }),
    ...(selected.length === 0 ? {} : { fieldSelector: selected.join(',') }),
  };
}

export function withQuery(path: string, query: Query): string {
  const pairs = new URLSearchParams(query).toString();
  return pairs === '' ? path : `${path}?${pairs}`;
}
