import { type Json, record, text } from '../api/json.ts';
import { type Condition, conditionsOf, count } from '../kubernetes-api/objects.ts';
import type { ObjectHealth } from './object-health.ts';
import { degraded, healthy, lost, progressing, suspended, words } from './verdicts.ts';
import { isOlderThanSpec } from './written.ts';

/**
 * All pods are of the new template, none of another is left, and they are available. A counter of zero is absent, and right
 * after a change the counters of the old pods are still full, so that only `updatedReplicas` tells.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export function deploymentHealth(object: Json): ObjectHealth {
  const spec = record(object.spec);
  const waiting = unfinished(wantedReplicas(spec), record(object.status));
  const conditions = conditionsOf(object);
  if (waiting === undefined) return availability(conditions) ?? complete(wantedReplicas(spec));
  if (spec.paused === true) return suspended(`its rollout is paused: ${waiting}`);
  const deadline = conditions.find(({ type, status }) => type === 'Progressing' && status === 'False');
  if (deadline?.reason === 'ProgressDeadlineExceeded') {
    // A generation can be observed, by a change of scale, with the condition of an earlier rollout still there.
    return (isOlderThanSpec(object, deadline) ? degraded : lost)(words(deadline));
  }
  return replicaFailure(conditions) ?? progressing(waiting);
}

/** Nothing runs by somebody's wish, or for want of a node that fits: that is no failure, and worth a word. */
function complete(wanted: number, none = 'it is scaled to zero: nothing of it runs'): ObjectHealth {
  return healthy(wanted === 0 ? none : '');
}

function wantedReplicas({ replicas }: Json): number {
  return typeof replicas === 'number' ? replicas : 1;
}

function unfinished(wanted: number, status: Json): string | undefined {
  const [replicas, updated, available] = [
    count(status.replicas),
    count(status.updatedReplicas),
    count(status.availableReplicas),
  ];
  if (updated < wanted) return `${updated} of ${wanted} pods are of the new template`;
  if (replicas > updated) return `${replicas - updated} pods of an older template are still there`;
  if (updated > wanted) return `${updated - wanted} pods too many are still there`;
  if (available < wanted) return `${available} of ${wanted} new pods are available`;
  return undefined;
}

/** Written by the same controller a moment before its counters are, so that it can speak against them. */
function availability(conditions: readonly Condition[]): ObjectHealth | undefined {
  const available = conditions.find(({ type }) => type === 'Available');
  return available?.status === 'False' ? progressing(words(available)) : undefined;
}

/** The pods cannot even be made: a quota, an admission webhook, a missing service account. */
function replicaFailure(conditions: readonly Condition[]): ObjectHealth | undefined {
  const failure = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  return failure === undefined ? undefined : degraded(words(failure));
}

/**
 * Says nothing of a failure: only its pods do. Right after a change every counter but `updatedReplicas` is still full.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies
 */
export function statefulSetHealth(object: Json): ObjectHealth {
  const spec = record(object.spec);
  const status = record(object.status);
  const wanted = wantedReplicas(spec);
  const { type, rollingUpdate } = record(spec.updateStrategy);
  const partition = count(record(rollingUpdate).partition);
  const [replicas, updated, ready] = [
    count(status.replicas),
    count(status.updatedReplicas),
    count(status.readyReplicas),
  ];
  if (type === 'OnDelete' && updated < wanted) return onDelete(wanted - updated);
  const due = Math.max(0, wanted - partition);
  if (due === 0 && updated < wanted) return keptBack(partition);
  if (updated < due) return progressing(`${updated} of ${due} pods are of the new template`);
  if (replicas > wanted) return progressing(`${replicas - wanted} pods too many are still there`);
  if (ready < wanted) return progressing(`${ready} of ${wanted} pods are ready`);
  if (count(spec.minReadySeconds) > 0 && count(status.availableReplicas) < wanted) {
    return progressing(`${count(status.availableReplicas)} of ${wanted} pods are available`);
  }
  const isWhole = type === 'OnDelete' || partition > 0 || text(status.currentRevision) === text(status.updateRevision);
  if (isWhole && updated < wanted)
    return healthy(`partition ${partition}: ${wanted - updated} of ${wanted} pods keep the older template`);
  return isWhole ? complete(wanted) : progressing('its last pods of the older template have only just gone');
}

/** `available == desired` is also true of the old pods, right after a change. Says nothing of a failure either. */
export function daemonSetHealth(object: Json): ObjectHealth {
  const status = record(object.status);
  const wanted = count(status.desiredNumberScheduled);
  const updated = count(status.updatedNumberScheduled);
  const available = count(status.numberAvailable);
  if (updated < wanted && record(record(object.spec).updateStrategy).type === 'OnDelete')
    return onDelete(wanted - updated);
  if (updated < wanted) return progressing(`${updated} of ${wanted} pods are of the new template`);
  if (available < wanted) return progressing(`${available} of ${wanted} pods are available`);
  return complete(wanted, 'there is no node for it: nothing of it runs');
}

export function replicaSetHealth(object: Json): ObjectHealth {
  const status = record(object.status);
  const wanted = wantedReplicas(record(object.spec));
  const replicas = count(status.replicas);
  const available = count(status.availableReplicas);
  if (replicas === wanted && available === wanted) return complete(wanted);
  const waiting =
    replicas > wanted
      ? `${replicas - wanted} pods too many are still there`
      : `${available} of ${wanted} pods are available`;
  return replicaFailure(conditionsOf(object)) ?? progressing(waiting);
}

function keptBack(partition: number): ObjectHealth {
  return suspended(`partition ${partition}: all pods keep the older template until somebody lowers it`);
}

function onDelete(pods: number): ObjectHealth {
  return suspended(`OnDelete: ${pods} pods keep the older template until somebody deletes them`);
}
