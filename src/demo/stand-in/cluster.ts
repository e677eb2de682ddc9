import { imagesOf, podTemplate } from './manifests.ts';
import { canonical, digest, identity } from './names.ts';
import type { Health, HealthStatus, Live, Manifest, PodSet, Rollout } from './types.ts';

const RUNS_PODS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Pod']);
const HEALTHY_AT_ONCE = new Set([
  'Service',
  'Ingress',
  'PersistentVolumeClaim',
  'CronJob',
  'Job',
  'HorizontalPodAutoscaler',
]);
const WORST_LAST: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/** The cluster after these objects were applied: what they describe exists from now on, its pods come and go later. */
export function applied(
  cluster: readonly Live[],
  manifests: readonly Manifest[],
  rollout: Rollout,
  now: number,
): readonly Live[] {
  const objects = [...cluster];
  for (const manifest of manifests) {
    const index = objects.findIndex((object) => identity(object.manifest) === identity(manifest));
    objects.splice(index < 0 ? objects.length : index, 1, applyOne(objects[index], manifest, rollout, now));
  }
  return objects;
}

function applyOne(existing: Live | undefined, manifest: Manifest, rollout: Rollout, now: number): Live {
  if (existing !== undefined && canonical(existing.manifest.content) === canonical(manifest.content)) return existing;
  const base = existing ?? { createdAt: now, generation: 0, podSets: [], deadline: now };
  const generation = base.generation + 1;
  if (!RUNS_PODS.has(manifest.kind)) return { ...base, manifest, generation };
  const hash = digest(canonical(podTemplate(manifest.content) ?? {})).slice(0, 10);
  if (base.podSets.at(-1)?.hash === hash) return { ...base, manifest, generation };
  const podSets = rolledOut(base.podSets, hash, imagesOf(manifest.content), rollout, now);
  return { ...base, manifest, generation, podSets, deadline: now + rollout.progressDeadline };
}

// A Deployment keeps its ready pods until the new ones are ready, and gives up those of another template that are not:
// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
function rolledOut(sets: readonly PodSet[], hash: string, images: readonly string[], rollout: Rollout, now: number) {
  const present = sets.filter((set) => set.goneAt === undefined || set.goneAt > now);
  const again = present.find((set) => set.hash === hash);
  const readyAt = images.every(rollout.pullable) ? (isReady(again, now) ? now : now + rollout.readyAfter) : undefined;
  const set = { hash, images, since: again?.since ?? now, ...(readyAt === undefined ? {} : { readyAt }) };
  const others = present.filter((other) => other.hash !== hash).map((other) => leaving(other, readyAt, rollout, now));
  return [...others, set];
}

function leaving(set: PodSet, newReadyAt: number | undefined, rollout: Rollout, now: number): PodSet {
  if (!isReady(set, now)) return { ...set, goneAt: now + rollout.oldPodsAfter };
  const { goneAt: _, ...staying } = set;
  return newReadyAt === undefined ? staying : { ...set, goneAt: newReadyAt + rollout.oldPodsAfter };
}

export function isReady(set: PodSet | undefined, now: number): boolean {
  return set?.readyAt !== undefined && set.readyAt <= now;
}

/** The pods of an object that exist at a moment, those of the newest template last. */
export function presentPods(object: Live, now: number): readonly PodSet[] {
  return object.podSets.filter((set) => set.goneAt === undefined || set.goneAt > now);
}

/** The moments after now at which the object looks different though nobody touches it. */
export function turningPoints(object: Live, now: number): readonly number[] {
  const points = object.podSets.flatMap((set) => [set.readyAt, set.goneAt]);
  return [...points, object.deadline].filter((point) => point !== undefined && point > now).map(Number);
}

/**
 * Health as the built-in checks of Argo CD tell it; undefined for kinds that have none.
 * https://github.com/argoproj/argo-cd/blob/master/gitops-engine/pkg/health/health_deployment.go
 */
export function healthOf(object: Live, now: number): Health | undefined {
  const { kind, name } = object.manifest;
  if (HEALTHY_AT_ONCE.has(kind)) return { status: 'Healthy' };
  if (!RUNS_PODS.has(kind)) return undefined;
  if (isReady(object.podSets.at(-1), now)) return { status: 'Healthy' };
  if (kind === 'Deployment' && now >= object.deadline) {
    return { status: 'Degraded', message: `Deployment "${name}" exceeded its progress deadline` };
  }
  return { status: 'Progressing', message: `Waiting for rollout to finish: ${progressOf(object, now)}...` };
}

function progressOf(object: Live, now: number): string {
  const replicas = replicasOf(object.manifest);
  const surge = Math.ceil(replicas / 4);
  if (presentPods(object, now).length < 2) return `0 of ${replicas} updated replicas are available`;
  return surge < replicas
    ? `${surge} out of ${replicas} new replicas have been updated`
    : `${replicas} old replicas are pending termination`;
}

export function replicasOf(manifest: Manifest): number {
  const spec = manifest.content.spec as { readonly replicas?: unknown } | undefined;
  return typeof spec?.replicas === 'number' ? spec.replicas : 1;
}

/**
 * The health of an application. Since 3.4 it is Missing only when all its objects are.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/health/
 */
export function worst(healths: readonly (Health | undefined)[]): HealthStatus {
  const known = healths.flatMap((health) => (health === undefined ? [] : [health.status]));
  const counted = known.some((status) => status !== 'Missing') ? known.filter((status) => status !== 'Missing') : known;
  return WORST_LAST[Math.max(0, ...counted.map((status) => WORST_LAST.indexOf(status)))] ?? 'Unknown';
}

/** Images that run at a moment, sorted: during a rollout the new ones and the old ones. */
export function runningImages(cluster: readonly Live[], now: number): readonly string[] {
  const images = cluster.flatMap((object) => presentPods(object, now)).flatMap((set) => set.images);
  return [...new Set(images)].sort();
}
