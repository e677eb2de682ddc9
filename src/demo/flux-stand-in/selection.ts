import { apiVersionOf, type ServedKind } from './kinds.ts';
import type { KubeObject } from './types.ts';

/** Whether an object is one of those that are asked for. */
export type Selection = (object: KubeObject) => boolean;

/** The objects that a list or a watch is about; a sentence where a selector is none that the stand-in knows. */
export function selectionOf(
  kind: ServedKind,
  namespace: string | undefined,
  query: URLSearchParams,
): Selection | string {
  const labels = pairsOf(query.get('labelSelector'));
  const fields = pairsOf(query.get('fieldSelector'));
  const strange = [...(fields ?? [])].find(([key]) => key !== 'metadata.name' && key !== 'metadata.namespace');
  if (labels === undefined || fields === undefined)
    return 'unable to parse requirement: the stand-in knows key=value only';
  if (strange !== undefined) return `field label not supported: ${strange[0]}`;
  const apiVersion = apiVersionOf(kind);
  return (object) =>
    object.apiVersion === apiVersion &&
    object.kind === kind.kind &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    labels.every(([key, value]) => object.metadata.labels?.[key] === value) &&
    fields.every(([key, value]) => object.metadata[key === 'metadata.name' ? 'name' : 'namespace'] === value);
}

function pairsOf(selector: string | null): readonly (readonly [string, string])[] | undefined {
  const parts = (selector ?? '').split(',').filter((part) => part !== '');
  const pairs = parts.map((part) => /^([^=!()\s]+)==?([^=!()\s]*)$/.exec(part));
  if (pairs.includes(null)) return undefined;
  return pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''] as const);
}
