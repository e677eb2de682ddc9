import { type Json, record, text } from '../api/json.ts';
import type { Observation } from '../delivery-engine.ts';
import { type Course, courseOf } from '../object-health/restarts.ts';

/** What is remembered of how well a target stands, and for how long. Times are `Clock.monotonic` milliseconds. */
export interface Steadiness {
  readonly uid?: string;
  readonly course?: Course;
  /** Whether between the last two looks the object was made anew, or a pod has come or was started again. */
  readonly isAnew: boolean;
  /** Since when it has been known to be well. */
  readonly wellSince?: number;
  /** When it was last known not to be. */
  readonly illAt?: number;
}

/** When what is known of a target was read. */
export interface Known {
  readonly now: number;
  readonly objectAt: number;
  /** When the pods were last listed; absent where they play no part. */
  readonly podsAt?: number | undefined;
}

/** What another look at the object and at the pods of its template adds; `pods` is absent while they are not known. */
export function lookedAt(before: Steadiness, object: Json, pods: readonly Json[] | undefined, now: number): Steadiness {
  const uid = text(record(object.metadata).uid);
  const course = pods === undefined ? before.course : courseOf(before.course, pods, now);
  const isOther = before.uid !== undefined && uid !== before.uid;
  const { wellSince, illAt } = before;
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(course === undefined ? {} : { course }),
    isAnew: isOther || (pods !== undefined && course?.changed === true),
    ...(wellSince === undefined ? {} : { wellSince }),
    ...(illAt === undefined ? {} : { illAt }),
  };
}

/** The same after it was judged. */
export function judgedAs(before: Steadiness, state: Observation['state'], now: number): Steadiness {
  const { wellSince = now, ...rest } = before;
  if (state === 'healthy') return { ...rest, wellSince: before.isAnew ? now : wellSince };
  return { ...rest, illAt: now };
}

/**
 * What is well is known from what was read last of the object and of its pods, and not from before it was well. Server's times
 * may be those of several machines: what was seen not to be well has lasted for no longer than since then.
 */
export function dated(observation: Observation, { wellSince, illAt }: Steadiness, known: Known): Observation {
  const { now, objectAt, podsAt = objectAt } = known;
  if (wellSince === undefined || observation.state !== 'healthy') return { ...observation, at: now };
  const at = Math.max(wellSince, Math.min(objectAt, podsAt));
  return {
    ...observation,
    at,
    lasting: Math.min(observation.lasting, illAt === undefined ? Number.POSITIVE_INFINITY : now - illAt),
  };
}

/** Between two looks at which all was well it was not: what holds now begins now. */
export function interrupted(observation: Observation): Observation {
  const reasons = ['it or a pod of it was made anew since it was last looked at', ...observation.reasons];
  return { ...observation, state: 'progressing', lasting: 0, reasons, fingerprint: `interrupted ${observation.at}` };
}
