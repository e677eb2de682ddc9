import { createHmac } from 'node:crypto';
import { isObject } from '../validation/scalars.ts';
import type { Json } from './yaml-values.ts';

/** `kubectl apply` writes the whole object into it, values and all. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object with the values of a Secret replaced by short marks: equal values have equal marks as long as `salt` is the
 * same, and a mark tells nothing of its value to somebody who does not know the salt.
 */
export function maskSecret(value: Json, salt: string): Json {
  if (value.kind !== 'Secret') return value;
  const mark = (text: unknown) => {
    const plain =
      typeof text === 'string'
        ? text
        : JSON.stringify(text, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
    return `(masked ${createHmac('sha256', salt).update(String(plain)).digest('hex').slice(0, 12)})`;
  };
  const maskAll = (map: unknown) =>
    isObject(map) ? Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, mark(inner)])) : mark(map);
  const masked = Object.entries(value).map(([key, inner]) => {
    if (key === 'metadata') return [key, withoutLastApplied(inner, mark)];
    return [key, key === 'data' || key === 'stringData' ? maskAll(inner) : inner];
  });
  return Object.fromEntries(masked);
}

function withoutLastApplied(metadata: unknown, mark: (text: unknown) => string): unknown {
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  if (!isObject(metadata) || !isObject(annotations) || !Object.hasOwn(annotations, LAST_APPLIED)) return metadata;
  return { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: mark(annotations[LAST_APPLIED]) } };
}
