import { type Json, list, record, time } from '../api/json.ts';
import { conditionsOf } from '../kubernetes-api/objects.ts';
import { objectHealth } from '../object-health/object-health.ts';
import { podsOf, podsOfTemplate } from '../object-health/pod-template.ts';
import { type PodTrouble, podTrouble } from '../object-health/pods.ts';
import type { FluxObject } from './flux-object.ts';
import { judgedOf } from './inventory.ts';
import type { Scene } from './relating.ts';
import { find, type Place, placeKey, podsFor, type World } from './world.ts';

/** Controllers that try again for ever, and of which only the pods tell that they fail. A Job counts its tries itself. */
const WITH_PODS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
/** What seldom passes by itself. A pod without a node may get one, as soon as another node has started. */
const BROKEN: ReadonlySet<PodTrouble['kind']> = new Set(['crash', 'image', 'container']);

/** Where the pods are of what it has applied. */
export function podPlacesOf(object: FluxObject): readonly Place[] {
  const namespaces = judgedOf(object).flatMap(({ kind, namespace }) => (WITH_PODS.has(kind) ? [namespace] : []));
  return [...new Set(namespaces)].map((namespace) => ({ group: '', kind: 'Pod', namespace }));
}

/** When the oldest list of them that counts had been asked for; infinity where none may be read, or none is needed. */
export function podsReadSince(object: FluxObject, world: World): number {
  const reads = podPlacesOf(object).map((place) => {
    const { readSince, refusal } = world.places.get(placeKey(place)) ?? {};
    return refusal === undefined ? (readSince ?? Number.NEGATIVE_INFINITY) : Number.POSITIVE_INFINITY;
  });
  return Math.min(Number.POSITIVE_INFINITY, ...reads);
}

export function isPodPlace(key: string): boolean {
  return key.startsWith(placeKey({ group: '', kind: 'Pod', namespace: '' }));
}

/**
 * What is wrong with the pods of the workloads as they were applied last; nothing where pods may not be read.
 * @param from pods that were made before that are left out, milliseconds since 1970 by the server's clock
 */
export function workloadTrouble(object: FluxObject, { world, serverNow }: Scene, from = 0) {
  const troubles = workloadsOf(object, world).flatMap(({ workload, pods }) => {
    // Until a change was observed, the pods are still those of the template before it.
    if (!objectHealth(workload).observed) return [];
    const young = pods.filter(({ metadata }) => (time(record(metadata).creationTimestamp) ?? 0) >= from);
    return podTrouble(young, serverNow === undefined ? {} : { now: serverNow });
  });
  return {
    broken: troubles.find(({ kind }) => BROKEN.has(kind))?.reason,
    restarted: troubles.find(({ kind }) => kind === 'restarted')?.reason,
  };
}

/**
 * When the youngest of the pods got ready or was started by the server's clock, milliseconds since 1970: a pod of many can come
 * and go beside a Deployment that stays available. Infinity where nothing tells since when a workload has been as it is.
 */
export function podsSince(object: FluxObject, { world }: Scene): number {
  return Math.max(0, ...workloadsOf(object, world).map(({ workload, pods }) => sinceOf(workload, pods)));
}

function sinceOf(workload: Json, pods: readonly Json[]): number {
  const times = pods.flatMap((pod) => [...conditionTimes(pod), ...startTimes(pod)]);
  // A StatefulSet and a DaemonSet have no conditions.
  const isTold = times.length > 0 || conditionTimes(workload).length > 0 || runsNone(workload);
  return isTold ? Math.max(0, ...times) : Number.POSITIVE_INFINITY;
}

function conditionTimes(object: Json): readonly number[] {
  return conditionsOf(object).flatMap(({ since }) => since ?? []);
}

function startTimes(pod: Json): readonly number[] {
  return list(record(pod.status).containerStatuses).flatMap(
    (container) => time(record(record(record(container).state).running).startedAt) ?? [],
  );
}

function runsNone({ spec, status }: Json): boolean {
  const { desiredNumberScheduled } = record(status);
  return record(spec).replicas === 0 || desiredNumberScheduled === 0;
}

/** Those that are known, each with its pods of the template as it stands now. */
function workloadsOf(object: FluxObject, world: World) {
  return judgedOf(object).flatMap((name) => {
    const workload = WITH_PODS.has(name.kind) ? find(world, name) : undefined;
    if (workload === undefined) return [];
    return [{ workload, pods: podsOfTemplate(workload, podsOf(workload, podsFor(world, name))) }];
  });
}
