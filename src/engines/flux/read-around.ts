import type { Json } from '../api/json.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { needsOf } from './needs.ts';
import type { ObjectName } from './target-ref.ts';
import { objectKey, type PlaceState, type World } from './world.ts';

/** From the target to its chart, and from there to the source of that; what owns it brings a source as well. */
const STEPS = 3;

/**
 * A target and what its revisions come from and what it waits for, each read once by its name; what cannot be read is left out.
 * @throws ToolError denied, temporary, protocol
 */
export async function readAround(cluster: Cluster, name: ObjectName, signal: AbortSignal): Promise<World> {
  const objects = new Map<string, Json>();
  const places = new Map<string, PlaceState>();
  const world: World = { objects, places };
  for (let step = 0; step <= STEPS; step++) {
    const { origin, dependencies } = needsOf(name, world);
    const open = [...origin, ...dependencies].filter(
      (one) => !objects.has(objectKey(one)) && !places.has(objectKey(one)),
    );
    await Promise.all(open.map(async (one) => readOne(cluster, one, objects, places, signal)));
  }
  return world;
}

async function readOne(
  cluster: Cluster,
  name: ObjectName,
  objects: Map<string, Json>,
  places: Map<string, PlaceState>,
  signal: AbortSignal,
): Promise<void> {
  const type = (await cluster.resources(name.group, signal)).find(({ kind }) => kind === name.kind);
  if (type === undefined) return;
  const key = type.namespaced ? { namespace: name.namespace, name: name.name } : { name: name.name };
  const reading = await cluster.get(type, key, signal);
  if (reading.kind === 'found') objects.set(objectKey(name), { kind: name.kind, ...reading.value });
  const { kind } = reading;
  if (kind === 'absent' || kind === 'forbidden') {
    places.set(objectKey(name), { refusal: { kind, message: reading.message } });
  }
}
