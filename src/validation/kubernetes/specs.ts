import type { ManifestObject } from '../rules/rule.ts';
import { rememberLast } from './pods.ts';
import { type Place, placeIn } from './reading.ts';

export const WORKLOADS = ['apps/DaemonSet', 'apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet'] as const;
export const JOBS = ['batch/CronJob', 'batch/Job'] as const;

export function rootOf({ value, path }: ManifestObject): Place {
  return { value, path };
}

export const specOf = rememberLast((object): Place | undefined => placeIn(rootOf(object), 'spec'));

/** The spec of a Job, or of the Jobs that a CronJob makes. */
export function jobSpecOf(object: ManifestObject): Place | undefined {
  const spec = specOf(object);
  return object.resource.kind === 'CronJob' ? placeIn(placeIn(spec, 'jobTemplate'), 'spec') : spec;
}
