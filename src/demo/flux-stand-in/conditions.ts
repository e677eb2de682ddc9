import { isRecord } from '../stand-in/names.ts';
import { stamp } from '../stand-in/times.ts';
import type { Json, KubeObject } from './types.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

/** The order in which the controllers of Flux write them. */
const ORDER = ['Reconciling', 'Ready', 'Healthy', 'FetchFailed', 'ArtifactInStorage', 'ArtifactOutdated'];

export function conditionsOf({ status }: KubeObject): readonly Condition[] {
  const conditions = status?.conditions;
  return Array.isArray(conditions) ? conditions.filter(isCondition) : [];
}

function isCondition(value: unknown): value is Condition {
  return isRecord(value) && typeof value.type === 'string';
}

/** Sets some conditions. The time of a transition stays while the status does. */
export function withConditions(object: KubeObject, conditions: readonly Condition[], now: number): KubeObject {
  const before = conditionsOf(object);
  const written = conditions.map((condition): Condition => {
    const old = before.find(({ type }) => type === condition.type);
    const since = old?.status === condition.status ? old.lastTransitionTime : undefined;
    const observedGeneration = object.metadata.generation ?? 1;
    return { ...condition, observedGeneration, lastTransitionTime: since ?? stamp(now) };
  });
  const kept = before.filter(({ type }) => !written.some((condition) => condition.type === type));
  const all = [...kept, ...written].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
  return withStatus(object, { conditions: all });
}

export function withoutConditions(object: KubeObject, types: readonly string[]): KubeObject {
  return withStatus(object, { conditions: conditionsOf(object).filter(({ type }) => !types.includes(type)) });
}

export function withStatus(object: KubeObject, fields: Json): KubeObject {
  return { ...object, status: { ...object.status, ...fields } };
}

const REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt';

/** The request for a reconciliation that stands in an object. */
function requestedAt({ metadata }: KubeObject): unknown {
  return metadata.annotations?.[REQUESTED_AT];
}

/** What every pass ends with, however it went: the request counts as handled. */
export function handled(object: KubeObject): Json {
  const token = requestedAt(object);
  return token === undefined ? {} : { lastHandledReconcileAt: token };
}

export function isNudged(object: KubeObject): boolean {
  const token = requestedAt(object);
  return token !== undefined && token !== object.status?.lastHandledReconcileAt;
}
