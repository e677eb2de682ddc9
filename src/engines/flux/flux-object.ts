import { type Json, record, text } from '../api/json.ts';
import { type Condition, conditionsOf, count } from '../kubernetes-api/objects.ts';

/** What every object of Flux has. */
export interface FluxObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly observedGeneration: number;
  /** Only the spec tells: a suspended object looks Ready, and a request for a reconciliation counts as handled. */
  readonly suspended: boolean;
  readonly deleting: boolean;
  readonly ready?: Condition;
  readonly reconciling?: Condition;
  readonly stalled?: Condition;
  readonly spec: Json;
  readonly status: Json;
  readonly labels: Json;
  readonly conditions: readonly Condition[];
}

/** flux-operator suspends its objects by an annotation (https://fluxcd.control-plane.io/operator/fluxinstance/). */
const OPERATOR_ANNOTATION = 'fluxcd.controlplane.io/reconcile';

const known = new WeakMap<Json, FluxObject>();

/** Each object is read once, since it is looked at for every target that it concerns. */
export function readFluxObject(object: Json): FluxObject {
  const before = known.get(object);
  if (before !== undefined) return before;
  const read = parse(object);
  known.set(object, read);
  return read;
}

function parse(object: Json): FluxObject {
  const metadata = record(object.metadata);
  const spec = record(object.spec);
  const status = record(object.status);
  const conditions = conditionsOf(object);
  const find = (wanted: string) => conditions.find(({ type }) => type === wanted);
  const [ready, reconciling, stalled] = [find('Ready'), find('Reconciling'), find('Stalled')];
  return {
    kind: text(object.kind) ?? '',
    namespace: text(metadata.namespace) ?? '',
    name: text(metadata.name) ?? '',
    generation: count(metadata.generation),
    observedGeneration: count(status.observedGeneration),
    suspended: spec.suspend === true || record(metadata.annotations)[OPERATOR_ANNOTATION] === 'disabled',
    deleting: text(metadata.deletionTimestamp) !== undefined,
    ...(ready === undefined ? {} : { ready }),
    ...(reconciling?.status !== 'True' ? {} : { reconciling }),
    ...(stalled?.status !== 'True' ? {} : { stalled }),
    spec,
    status,
    labels: record(metadata.labels),
    conditions,
  };
}

/**
 * Ready=True about the spec as it is now. The condition's own generation is no proof: a pass over the old spec that ends after
 * a change is stamped with the new generation. `status.observedGeneration` is written at the end of a pass over the new one.
 */
export function isReadyNow({ ready, generation, observedGeneration }: FluxObject): boolean {
  if (ready?.status !== 'True' || observedGeneration !== generation) return false;
  // Absent in old versions of the helm-controller.
  return (ready.observedGeneration ?? generation) === generation;
}

/** A condition in its own words. */
export function words({ type, reason, message }: Condition): string {
  return [reason === '' ? type : reason, message].filter((part) => part !== '').join(': ');
}

export function hasTrue({ conditions }: FluxObject, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

export function nameOf({ kind, namespace, name }: Pick<FluxObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}
