import { type Json, list, record, time } from '../api/json.ts';
import { count } from '../kubernetes-api/objects.ts';
import { RECOVERED_AFTER } from '../object-health/pods.ts';

/**
 * Milliseconds since the last change that the object or its pods tell of, all by the server's own clock; 0 where they tell of
 * none, or the server did not say what time it is.
 */
export function lastingOf(object: Json, pods: readonly Json[], serverNow: number | undefined): number {
  const own = conditionTimes(object);
  const ofPods = pods.flatMap((pod) => [...conditionTimes(pod), ...startTimes(pod)]);
  const known = own.length + ofPods.length > 0 ? [...own, ...ofPods, ...writeTimes(object)] : writtenOnly(object);
  if (serverNow === undefined || known.length === 0) return 0;
  return Math.max(0, serverNow - Math.max(...known));
}

function conditionTimes(object: Json): readonly number[] {
  return list(record(object.status).conditions).flatMap((condition) => {
    const { lastTransitionTime, lastUpdateTime } = record(condition);
    return [time(lastTransitionTime), time(lastUpdateTime)].filter((at) => at !== undefined);
  });
}

/** One that was started again counts from when it is believed. */
function startTimes(pod: Json): readonly number[] {
  const { initContainerStatuses, containerStatuses } = record(pod.status);
  return [...list(initContainerStatuses), ...list(containerStatuses)].flatMap((item) => {
    const { state, restartCount } = record(item);
    const started = time(record(record(state).running).startedAt);
    return started === undefined ? [] : [started + (count(restartCount) > 0 ? RECOVERED_AFTER : 0)];
  });
}

/** Kinds without a status, such as a ConfigMap, are as they were written. */
function writtenOnly(object: Json): readonly number[] {
  return object.status === undefined ? writeTimes(object) : [];
}

function writeTimes(object: Json): readonly number[] {
  const { creationTimestamp, managedFields } = record(object.metadata);
  const written = list(managedFields).map((entry) => record(entry).time);
  return [creationTimestamp, ...written].flatMap((at) => time(at) ?? []);
}
