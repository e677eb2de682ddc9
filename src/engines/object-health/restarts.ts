import { type Json, record, text } from '../api/json.ts';
import { keyOf, printKey } from '../kubernetes-api/objects.ts';
import { restartsOf } from './pods.ts';

/** How the pods of a template have fared while they were watched. Times are `Clock.monotonic` milliseconds. */
export interface Course {
  readonly pods: ReadonlyMap<string, PodCourse>;
  /** Whether since the look before this one a pod has come, or has been started again. */
  readonly changed: boolean;
}

interface PodCourse {
  /** How often its containers have been started again, as it says itself. */
  readonly restarts: number;
  /** Those that were seen to come one after the other, none of them long after the one before it. */
  readonly series?: { readonly since: number; readonly last: number; readonly times: number };
}

/** Milliseconds after which another restart is another trouble. */
const SAME_TROUBLE = 120_000;
/** A container that is started again once, such as one that waits for a database, may do well from then on. */
const AGAIN_AND_AGAIN = 2;

/** What another look adds. Of pods that are no longer given nothing is remembered. */
export function courseOf(before: Course | undefined, pods: readonly Json[], now: number): Course {
  const after = pods.map((pod) => {
    const name = nameOf(pod);
    return [name, podCourse(before?.pods.get(name), restartsOf(pod), now)] as const;
  });
  const changed = before !== undefined && after.some(([name, one]) => before.pods.get(name)?.restarts !== one.restarts);
  return { pods: new Map(after), changed };
}

/** A pod is another one under the same name where it belongs to a StatefulSet. */
function nameOf(pod: Json): string {
  return text(record(pod.metadata).uid) ?? printKey(keyOf(pod));
}

function podCourse(before: PodCourse | undefined, restarts: number, now: number): PodCourse {
  if (before === undefined || restarts < before.restarts) return { restarts };
  const risen = restarts - before.restarts;
  const { series } = before;
  if (risen === 0) return before;
  const isSame = series !== undefined && now - series.last <= SAME_TROUBLE;
  const begun = isSame ? series : { since: now, times: 0 };
  return { restarts, series: { since: begun.since, last: now, times: begun.times + risen } };
}

/**
 * Milliseconds for which a container has ended again and again, however well it looked in between; 0 where none has. The
 * kubelet waits longer and longer before it starts one again, so that a crash loop is ready for a moment now and then.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
 */
export function endingFor({ pods }: Course, now: number): number {
  const lasting = [...pods.values()].map(({ series }) => {
    const isLasting = series !== undefined && series.times >= AGAIN_AND_AGAIN && now - series.last <= SAME_TROUBLE;
    return isLasting ? now - series.since : 0;
  });
  return Math.max(0, ...lasting);
}
