import { objectHealth } from '../object-health/object-health.ts';
import { podsOf, podsOfTemplate } from '../object-health/pod-template.ts';
import { type PodTrouble, podTrouble } from '../object-health/pods.ts';
import type { FluxObject } from './flux-object.ts';
import { judgedOf } from './inventory.ts';
import type { Scene } from './relating.ts';
import { find, type Place, placeKey, podsIn } from './world.ts';

/** Controllers that try again for ever, and of which only the pods tell that they fail. A Job counts its tries itself. */
const WITH_PODS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
/** What seldom passes by itself. A pod without a node may get one, as soon as another node has started. */
const BROKEN: ReadonlySet<PodTrouble['kind']> = new Set(['crash', 'image', 'container']);

/** Where the pods are of what it has applied. */
export function podPlacesOf(object: FluxObject): readonly Place[] {
  const namespaces = judgedOf(object).flatMap(({ kind, namespace }) => (WITH_PODS.has(kind) ? [namespace] : []));
  return [...new Set(namespaces)].map((namespace) => ({ group: '', kind: 'Pod', namespace }));
}

export function isPodPlace(key: string): boolean {
  return key.startsWith(placeKey({ group: '', kind: 'Pod', namespace: '' }));
}

/** What is wrong with the pods of the workloads as they were applied last; nothing where pods may not be read. */
export function workloadTrouble(object: FluxObject, { world, serverNow }: Scene) {
  const troubles = judgedOf(object).flatMap((name) => {
    const workload = find(world, name);
    // Until a change was observed, the pods are still those of the template before it.
    if (workload === undefined || !WITH_PODS.has(name.kind) || !objectHealth(workload).observed) return [];
    const pods = podsOfTemplate(workload, podsOf(workload, podsIn(world, name.namespace)));
    return podTrouble(pods, serverNow === undefined ? {} : { now: serverNow });
  });
  return {
    broken: troubles.find(({ kind }) => BROKEN.has(kind))?.reason,
    restarted: troubles.find(({ kind }) => kind === 'restarted')?.reason,
  };
}
