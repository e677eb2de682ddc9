import { type Json, record, text } from '../api/json.ts';
import { count } from '../kubernetes-api/objects.ts';
import { cronJobHealth, isDone, jobHealth } from './batch.ts';
import { autoscalerHealth, conditionsHealth, disruptionBudgetHealth, rolloutHealth } from './conditions.ts';
import {
  apiServiceHealth,
  definitionHealth,
  ingressHealth,
  namespaceHealth,
  serviceHealth,
  volumeClaimHealth,
} from './infrastructure.ts';
import { isLeaving, podHealth } from './pods.ts';
import { progressing } from './verdicts.ts';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads.ts';

export interface ObjectHealth {
  /** `none`: the kind, or this object of it, tells nothing about its health, such as a ConfigMap. */
  readonly health: 'healthy' | 'progressing' | 'degraded' | 'suspended' | 'none';
  /** Why, in the object's own words where it has any. */
  readonly reason: string;
  /** Nothing but a change of the object, or of what it stands on, can make it healthy any more. */
  readonly final: boolean;
  /** False while the status is about an older generation of the object: then `health` is never more than `progressing`. */
  readonly observed: boolean;
}

type Rule = (object: Json) => ObjectHealth;

/** By group and kind: the rules are the same in every version that these kinds have been served in since Kubernetes 1.20. */
const RULES: Readonly<Record<string, Rule>> = {
  'apps/Deployment': deploymentHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'apps/ReplicaSet': replicaSetHealth,
  '/ReplicationController': replicaSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': cronJobHealth,
  '/Pod': podHealth,
  '/PersistentVolumeClaim': volumeClaimHealth,
  '/Service': serviceHealth,
  '/Namespace': namespaceHealth,
  'networking.k8s.io/Ingress': ingressHealth,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
  'apiregistration.k8s.io/APIService': apiServiceHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'policy/PodDisruptionBudget': disruptionBudgetHealth,
  'argoproj.io/Rollout': rolloutHealth,
};

/** Kinds whose controller moves `status.observedGeneration` from the first status on, so that its absence means not yet. */
const GENERATION_TOLD: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  '/ReplicationController',
  'policy/PodDisruptionBudget',
]);

/**
 * What an object says about itself, and nothing about its pods, which know more of a failure than their owner does: see
 * `podTrouble`. The observed generation comes first, since what a status says of an older one is about something else.
 */
export function objectHealth(object: Json): ObjectHealth {
  // The items of a list have neither; taken for a custom resource, a Deployment would be healthy by its condition Available.
  if (text(object.kind) === undefined || text(object.apiVersion) === undefined)
    return { ...progressing('it does not say of what kind it is'), observed: false };
  const id = `${groupOf(object)}/${text(object.kind) ?? ''}`;
  if (isLeaving(object) && !(id === 'batch/Job' && isDone(object))) return progressing('it is being deleted');
  return (
    unobserved(object, id) ?? (Object.hasOwn(RULES, id) ? RULES[id] : undefined)?.(object) ?? conditionsHealth(object)
  );
}

function groupOf({ apiVersion }: Json): string {
  const [group = '', version] = (text(apiVersion) ?? '').split('/');
  return version === undefined ? '' : group;
}

function unobserved(object: Json, id: string): ObjectHealth | undefined {
  const generation = count(record(object.metadata).generation);
  const { observedGeneration } = record(object.status);
  if (observedGeneration === undefined && !GENERATION_TOLD.has(id)) return undefined;
  // Argo Rollouts writes the number as a string.
  const observed = typeof observedGeneration === 'string' ? Number(observedGeneration) : count(observedGeneration);
  if (observed >= generation && observedGeneration !== undefined) return undefined;
  const reason = `its controller has not seen generation ${generation} yet`;
  return { health: 'progressing', reason, final: false, observed: false };
}
