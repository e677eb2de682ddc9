import { type Json, list, record, text } from '../api/json.ts';
import type { ObjectName } from './target-ref.ts';

/** All objects of one kind in one namespace: what one list and one watch tell about. Empty namespace: kinds without one. */
export interface Place {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

export function placeKey({ group, kind, namespace }: Place): string {
  return `${group}/${kind} ${namespace}`;
}

export function objectKey(name: ObjectName): string {
  return `${placeKey(name)}/${name.name}`;
}

/** What is known of a place. Times are `Clock.monotonic` milliseconds. */
export interface PlaceState {
  /** When the newest list that was read in full had been asked for. */
  readonly readSince?: number;
  /** Why it cannot be read. */
  readonly refusal?: { readonly kind: 'absent' | 'forbidden'; readonly message: string };
}

/** Everything known of the cluster at one moment. */
export interface World {
  readonly objects: ReadonlyMap<string, Json>;
  readonly places: ReadonlyMap<string, PlaceState>;
  /** Pods by the key of the workload that they belong to; absent: they are looked for among the objects. */
  readonly pods?: ReadonlyMap<string, ReadonlyMap<string, Json>>;
}

export function find(world: World, name: ObjectName): Json | undefined {
  return world.objects.get(objectKey(name));
}

/** Of the object alone where it is read by its name, else of all of its kind. */
export function stateOf(world: World, name: ObjectName): PlaceState {
  return world.places.get(objectKey(name)) ?? world.places.get(placeKey(name)) ?? {};
}

/** The pods that are known and may belong to a workload. */
export function podsFor({ objects, pods }: World, { namespace, ...workload }: ObjectName): readonly Json[] {
  if (pods !== undefined) return [...(pods.get(objectKey({ namespace, ...workload }))?.values() ?? [])];
  const prefix = `${placeKey({ group: '', kind: 'Pod', namespace })}/`;
  return [...objects].flatMap(([key, object]) => (key.startsWith(prefix) ? [object] : []));
}

/** The workload that a pod belongs to; that of a Deployment is owned by a ReplicaSet, which bears its name and a hash. */
export function workloadKeyOf(pod: Json): string | undefined {
  const { ownerReferences, namespace } = record(pod.metadata);
  const owners = list(ownerReferences).map(record);
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  const [kind, name] = [text(owner?.kind), text(owner?.name)];
  if (kind === undefined || name === undefined) return undefined;
  const place = { group: 'apps', namespace: text(namespace) ?? '' };
  if (kind !== 'ReplicaSet') return objectKey({ ...place, kind, name });
  return objectKey({ ...place, kind: 'Deployment', name: name.replace(/-[^-]+$/, '') });
}
