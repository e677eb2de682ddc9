import type { Json } from '../api/json.ts';
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
}

export function find(world: World, name: ObjectName): Json | undefined {
  return world.objects.get(objectKey(name));
}

/** Of the object alone where it is read by its name, else of all of its kind. */
export function stateOf(world: World, name: ObjectName): PlaceState {
  return world.places.get(objectKey(name)) ?? world.places.get(placeKey(name)) ?? {};
}

/** The pods of a namespace that are known. */
export function podsIn({ objects }: World, namespace: string): readonly Json[] {
  const prefix = `${placeKey({ group: '', kind: 'Pod', namespace })}/`;
  return [...objects].flatMap(([key, object]) => (key.startsWith(prefix) ? [object] : []));
}
