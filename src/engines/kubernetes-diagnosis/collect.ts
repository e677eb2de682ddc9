import { type Json, record } from '../api/json.ts';
import type { Cluster, ResourceType, Scope } from '../kubernetes-api/cluster.ts';
import { keyOf } from '../kubernetes-api/objects.ts';
import { podsOf } from '../object-health/pod-template.ts';
import { type PodTrouble, podTrouble } from '../object-health/pods.ts';
import { printSelector } from '../object-health/selector.ts';

export interface NamedObject {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly namespace?: string;
  readonly name: string;
}

/** What could be read of an object. */
export interface Found {
  readonly named: NamedObject;
  readonly object?: Json;
  readonly pods: readonly Json[];
  readonly troubles: readonly PodTrouble[];
  /** Warnings about the object and its pods, the newest last. */
  readonly events: readonly Json[];
  /** Rights that are missing: `list pods in namespace shop`. */
  readonly missing: readonly string[];
}

const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const EVENTS: ResourceType = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true };

export async function collect(cluster: Cluster, named: NamedObject, signal: AbortSignal): Promise<Found> {
  const [object, events] = await Promise.all([readObject(cluster, named, signal), readEvents(cluster, named, signal)]);
  const pods = await readPods(cluster, named, object, signal);
  const troubles = podTrouble(pods.items);
  const names = new Set([named.name, ...pods.items.map((pod) => keyOf(pod).name)]);
  return {
    named,
    ...(object === undefined ? {} : { object }),
    pods: pods.items,
    troubles,
    events: events.items.filter((event) => isWarningAbout(event, named, names)),
    missing: [...pods.missing, ...events.missing],
  };
}

async function readObject(
  cluster: Cluster,
  { group, kind, namespace, name }: NamedObject,
  signal: AbortSignal,
): Promise<Json | undefined> {
  const types = await cluster.resources(group, signal).catch(() => []);
  const type = types.find((one) => one.kind === kind);
  if (type === undefined) return undefined;
  const key = { name, ...(namespace === undefined ? {} : { namespace }) };
  const reading = await cluster.get(type, key, signal).catch(() => undefined);
  return reading?.kind === 'found' ? reading.value : undefined;
}

interface Listed {
  readonly items: readonly Json[];
  readonly missing: readonly string[];
}

/** A server that does not answer is not a right that is missing. */
async function list(cluster: Cluster, scope: Scope, signal: AbortSignal): Promise<Listed> {
  const reading = await cluster.list(scope, signal).catch(() => undefined);
  if (reading?.kind === 'found') return { items: reading.value.items, missing: [] };
  const place = scope.namespace === undefined ? '' : ` in namespace ${scope.namespace}`;
  return { items: [], missing: reading?.kind === 'forbidden' ? [`list ${scope.type.plural}${place}`] : [] };
}

async function readPods(
  cluster: Cluster,
  { namespace, kind }: NamedObject,
  object: Json | undefined,
  signal: AbortSignal,
): Promise<Listed> {
  if (kind === 'Pod' && object !== undefined) return { items: [object], missing: [] };
  const labels = printSelector(record(object?.spec).selector);
  if (object === undefined || namespace === undefined || labels === undefined) return { items: [], missing: [] };
  const { items, missing } = await list(cluster, { type: PODS, namespace, labels }, signal);
  return { items: podsOf(object, items), missing };
}

async function readEvents(cluster: Cluster, { namespace }: NamedObject, signal: AbortSignal): Promise<Listed> {
  if (namespace === undefined) return { items: [], missing: [] };
  return list(cluster, { type: EVENTS, namespace }, signal);
}

/** The pods of a ReplicaSet that could not even be made are told of at the ReplicaSet, which bears the name of its Deployment. */
function isWarningAbout(event: Json, { kind, name }: NamedObject, names: ReadonlySet<string>): boolean {
  const { kind: aboutKind, name: about } = record(event.involvedObject);
  if (event.type !== 'Warning') return false;
  if (aboutKind === 'Pod') return names.has(String(about));
  const isReplicaSet = kind === 'Deployment' && aboutKind === 'ReplicaSet' && String(about).startsWith(`${name}-`);
  return isReplicaSet || (aboutKind === kind && about === name);
}
