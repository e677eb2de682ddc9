import { LIMITS } from '../manifests/limits.ts';
import { isObject } from '../validation/scalars.ts';
import type { Json } from './yaml-values.ts';

/**
 * The objects of a document: itself, or the items of a list, which kubectl knows by its `items`
 * (https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/unstructured/unstructured.go). Items of a
 * `SecretList` need not repeat what they are.
 */
export function expandLists(value: Json, depth = 0): readonly Json[] {
  const { apiVersion, kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items) || depth > LIMITS.depth)
    return [value];
  const defaults = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown) => (isObject(item) ? expandLists({ ...defaults, ...item }, depth + 1) : []));
}
