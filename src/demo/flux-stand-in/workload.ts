import { isReady, presentPods, replicasOf } from '../stand-in/cluster.ts';
import { podTemplate } from '../stand-in/manifests.ts';
import { uid } from '../stand-in/names.ts';
import { stamp } from '../stand-in/times.ts';
import { podsOf } from '../stand-in/tree.ts';
import type { Live, PodSet } from '../stand-in/types.ts';
import { isRolledOut, isStalled } from './health-check.ts';
import { type PullTimes, renderPod } from './pod.ts';
import type { Json, KubeObject } from './types.ts';

/** Who has applied it, as the labels of its objects say. */
export interface Owner {
  readonly name: string;
  readonly namespace: string;
}

/** An applied object with all that its controllers make of it at a moment: ReplicaSets and pods. */
export function renderObjects(live: Live, owner: Owner, times: PullTimes, now: number): readonly KubeObject[] {
  const object = applied(live, owner);
  if (live.manifest.kind !== 'Deployment') return [object];
  const sets = live.podSets.map((set) => replicaSet(live, set, now));
  const pods = podsOf({ live: [live] }, now).map((pod) => renderPod(pod, times, now));
  return [{ ...object, status: deploymentStatus(live, now) }, ...sets, ...pods];
}

function applied({ manifest }: Live, { name, namespace }: Owner): KubeObject {
  const { content, kind, version, group } = manifest;
  const metadata: Json = typeof content.metadata === 'object' ? { ...content.metadata } : {};
  const labels = {
    ...(metadata.labels as Json | undefined),
    'kustomize.toolkit.fluxcd.io/name': name,
    'kustomize.toolkit.fluxcd.io/namespace': namespace,
  };
  return {
    ...content,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: { ...metadata, name: manifest.name, namespace: manifest.namespace ?? '', labels, uid: uidOf(manifest) },
  };
}

function uidOf({ kind, namespace, name }: Live['manifest']): string {
  return uid(`${kind}/${namespace}/${name}`);
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status */
function deploymentStatus(live: Live, now: number): Json {
  const counts = live.podSets.map((set) => ({ set, ...countsOf(live, set, now) }));
  const sum = (key: 'all' | 'ready') => counts.reduce((total, count) => total + count[key], 0);
  const wanted = replicasOf(live.manifest);
  return {
    observedGeneration: live.generation,
    ...nonZero({
      replicas: sum('all'),
      updatedReplicas: counts.at(-1)?.all ?? 0,
      readyReplicas: sum('ready'),
      availableReplicas: sum('ready'),
      unavailableReplicas: sum('all') - sum('ready'),
    }),
    conditions: [available(live, sum('ready') >= wanted), progressing(live, now)],
  };
}

/** A counter of zero is left out. */
function nonZero(counts: Readonly<Record<string, number>>): Json {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

function countsOf(live: Live, set: PodSet, now: number) {
  const pods = podsOf({ live: [live] }, now).filter(({ podSet }) => podSet === set);
  return { all: pods.length, ready: pods.filter(({ ready }) => ready).length };
}

function available(live: Live, isAvailable: boolean): Json {
  const since = isAvailable ? firstReady(live) : live.createdAt;
  return {
    type: 'Available',
    status: isAvailable ? 'True' : 'False',
    lastUpdateTime: stamp(since),
    lastTransitionTime: stamp(since),
    reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: isAvailable ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  };
}

function firstReady({ podSets, createdAt }: Live): number {
  return Math.min(...podSets.map(({ readyAt }) => readyAt ?? Number.POSITIVE_INFINITY), createdAt + 86_400_000);
}

function progressing(live: Live, now: number): Json {
  const newest = live.podSets.at(-1);
  const name = `"${live.manifest.name}-${newest?.hash}"`;
  const since = newest?.since ?? live.createdAt;
  const told = (status: string, reason: string, message: string, at: number) => ({
    type: 'Progressing',
    status,
    lastUpdateTime: stamp(at),
    lastTransitionTime: stamp(status === 'False' ? at : since),
    reason,
    message: `ReplicaSet ${name} ${message}`,
  });
  if (isStalled(live, now))
    return told('False', 'ProgressDeadlineExceeded', 'has timed out progressing.', live.deadline);
  if (isRolledOut(live, now))
    return told('True', 'NewReplicaSetAvailable', 'has successfully progressed.', readyAt(newest));
  return told('True', 'ReplicaSetUpdated', 'is progressing.', since);
}

function readyAt(set: PodSet | undefined): number {
  return set?.readyAt ?? 0;
}

function replicaSet(live: Live, set: PodSet, now: number): KubeObject {
  const { name, namespace = '', content } = live.manifest;
  const isPresent = presentPods(live, now).includes(set);
  const { all, ready } = countsOf(live, set, now);
  const template = podTemplate(content) ?? {};
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid: uidOf(live.manifest), controller: true };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${set.hash}`,
      namespace,
      uid: uid(`ReplicaSet/${namespace}/${name}-${set.hash}`),
      labels: { ...labelsOf(template), 'pod-template-hash': set.hash },
      ownerReferences: [owner],
    },
    spec: { replicas: isPresent ? all : 0 },
    status: { observedGeneration: 1, ...nonZero({ replicas: all, readyReplicas: ready, availableReplicas: ready }) },
  };
}

function labelsOf({ metadata }: Json): Json {
  const { labels } = (metadata ?? {}) as { readonly labels?: Json };
  return labels ?? {};
}

/** The moments after now at which something looks different though nobody touches it. */
export function pullTurns({ podSets }: Live, { pullFails, pullBacksOff }: PullTimes): readonly number[] {
  return podSets
    .filter((set) => !isReady(set, Number.POSITIVE_INFINITY))
    .flatMap(({ since }) => [since + pullFails, since + pullBacksOff]);
}
