import { type Json, list, record, text, texts, time } from '../api/json.ts';
import type { ObjectKey } from './cluster.ts';

export function keyOf(object: Json): ObjectKey {
  const { name, namespace } = record(object.metadata);
  const inside = text(namespace);
  return { name: text(name) ?? '', ...(inside === undefined ? {} : { namespace: inside }) };
}

/** `namespace/name`, or the name alone for what has no namespace. */
export function printKey({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function resourceVersionOf(object: Json): string {
  return text(record(object.metadata).resourceVersion) ?? '';
}

/**
 * Whether `a` was written before `b`. Resource versions of one server compare as numbers
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions); any others are not told apart.
 */
export function isOlder(a: string, b: string): boolean {
  const numbers = /^\d+$/.test(a) && /^\d+$/.test(b);
  return numbers && (a.length === b.length ? a < b : a.length < b.length);
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

/** `status.conditions`, in their order. */
export function conditionsOf(object: Json): readonly Condition[] {
  return list(record(object.status).conditions).map((item) => {
    const { type, status, reason, message, observedGeneration, lastTransitionTime } = record(item);
    const since = time(lastTransitionTime);
    return {
      type: text(type) ?? '',
      status: status === 'True' || status === 'False' ? status : 'Unknown',
      reason: text(reason) ?? '',
      message: text(message) ?? '',
      ...(typeof observedGeneration === 'number' ? { observedGeneration } : {}),
      ...(since === undefined ? {} : { since }),
    };
  });
}

/** Zero where it is absent, which is how Kubernetes writes a counter of zero. */
export function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** The images of a pod template or of a pod's spec, its init containers last. */
export function imagesOf(podSpec: unknown): readonly string[] {
  const { containers, initContainers } = record(podSpec);
  return texts([...list(containers), ...list(initContainers)].map((container) => record(container).image));
}
