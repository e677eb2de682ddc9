import { type Json, list, record, text } from '../api/json.ts';
import type { Cluster, ResourceType } from '../kubernetes-api/cluster.ts';
import { count, imagesOf } from '../kubernetes-api/objects.ts';
import { readResourceTree, type TreeNode } from './resource-tree.ts';

const CORE = { group: '', version: 'v1', namespaced: true } as const;
const PODS: ResourceType = { ...CORE, plural: 'pods', kind: 'Pod' };
const EVENTS: ResourceType = { ...CORE, plural: 'events', kind: 'Event' };

/** Namespaces whose pods are read. */
const NAMESPACES = 3;
/** How Argo CD calls the cluster that it runs in itself. */
const OWN_SERVER = 'https://kubernetes.default.svc';
const OWN_NAME = 'in-cluster';

/**
 * What there is to tell of an Application's resources without the tree that only the API server of Argo CD has: the health in its
 * status, which versions before 3.0 write there, and the pods below its workloads, where they run in this same cluster and may
 * be read.
 */
export async function belongings(
  cluster: Cluster,
  application: Json,
  signal: AbortSignal,
): Promise<readonly TreeNode[]> {
  const resources = list(record(application.status).resources).map(record);
  const nodes = resources.map((resource) => ({ ...resource, uid: '' }));
  return [...readResourceTree({ nodes }), ...(await podsOf(cluster, application, resources, signal))];
}

async function podsOf(
  cluster: Cluster,
  application: Json,
  resources: readonly Json[],
  signal: AbortSignal,
): Promise<readonly TreeNode[]> {
  const { server, name } = record(record(application.spec).destination);
  if (server !== OWN_SERVER && name !== OWN_NAME) return [];
  const namespaces = [...new Set(resources.flatMap(({ namespace }) => text(namespace) ?? []))].slice(0, NAMESPACES);
  const owners = new Set(resources.map(({ kind, name }) => `${kind}/${name}`));
  const readings = await Promise.all(
    namespaces.map((namespace) => cluster.list({ type: PODS, namespace }, signal).catch(() => undefined)),
  );
  return readings
    .flatMap((reading) => (reading?.kind === 'found' ? reading.value.items : []))
    .filter((pod) => isBelow(pod, owners))
    .map(nodeOfPod);
}

/** What stands between a pod and its workload is named after the workload. */
function isBelow({ metadata }: Json, owners: ReadonlySet<string>): boolean {
  const { name: own, ownerReferences } = record(metadata);
  const above = list(ownerReferences)
    .map(record)
    .flatMap(({ kind, name }) => {
      const stem = text(name)?.replace(/-[^-]*$/, '');
      const higher = kind === 'ReplicaSet' ? ['Deployment', 'Rollout'] : kind === 'Job' ? ['CronJob'] : [];
      return [`${kind}/${name}`, ...higher.map((one) => `${one}/${stem}`)];
    });
  return [`Pod/${own}`, ...above].some((one) => owners.has(one));
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
function nodeOfPod({ metadata, spec, status }: Json): TreeNode {
  const { name, namespace, uid } = record(metadata);
  const { phase, reason, message, containerStatuses, initContainerStatuses } = record(status);
  const containers = [...list(initContainerStatuses), ...list(containerStatuses)].map(record);
  const trouble = containers.map(troubleOf).find((one) => one !== undefined);
  const isReady = phase === 'Succeeded' || (phase === 'Running' && list(containerStatuses).every(isContainerReady));
  const why = trouble?.reason ?? text(reason);
  const words = trouble?.message ?? text(message);
  return {
    kind: 'Pod',
    name: text(name) ?? '(unnamed)',
    uid: text(uid) ?? '',
    ...(text(namespace) === undefined ? {} : { namespace: String(namespace) }),
    health: isReady ? 'Healthy' : phase === 'Failed' || trouble !== undefined ? 'Degraded' : 'Progressing',
    ...(why === undefined ? {} : { statusReason: why }),
    ...(words === undefined ? {} : { message: words }),
    restarts: containers.reduce((sum, { restartCount }) => sum + count(restartCount), 0),
    images: imagesOf(spec),
  };
}

function isContainerReady(container: unknown): boolean {
  return record(container).ready === true;
}

/** A container that waits for something else than its turn, or has ended with an error. */
function troubleOf({ state }: Json): { readonly reason: string; readonly message?: string } | undefined {
  const { waiting, terminated } = record(state);
  const { reason, message } = record(waiting);
  const ended = record(terminated);
  const why =
    text(reason) ?? (count(ended.exitCode) === 0 ? undefined : (text(ended.reason) ?? `exit code ${ended.exitCode}`));
  if (why === undefined || why === 'ContainerCreating' || why === 'PodInitializing') return undefined;
  const words = text(message) ?? text(ended.message);
  return { reason: why, ...(words === undefined ? {} : { message: words }) };
}

/** Events of an object, whoever may be reading them. */
export async function warningsAbout(
  cluster: Cluster,
  { kind, namespace, name }: TreeNode,
  signal: AbortSignal,
): Promise<readonly Json[]> {
  if (namespace === undefined) return [];
  const fields = `involvedObject.kind=${kind},involvedObject.name=${name}`;
  const reading = await cluster.list({ type: EVENTS, namespace, fields }, signal);
  return reading.kind === 'found' ? reading.value.items : [];
}
