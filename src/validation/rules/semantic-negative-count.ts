import { objectRule, type Report } from '../kubernetes/define-rule.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { numberIn, type Place, placeIn } from '../kubernetes/reading.ts';
import { jobSpecOf, specOf } from '../kubernetes/specs.ts';

const JOB = [
  'activeDeadlineSeconds',
  'backoffLimit',
  'backoffLimitPerIndex',
  'completions',
  'maxFailedIndexes',
  'parallelism',
  'ttlSecondsAfterFinished',
];

const COUNTS: Readonly<Record<string, readonly string[]>> = {
  '/ReplicationController': ['minReadySeconds', 'replicas'],
  'apps/DaemonSet': ['minReadySeconds', 'revisionHistoryLimit'],
  'apps/Deployment': ['minReadySeconds', 'progressDeadlineSeconds', 'replicas', 'revisionHistoryLimit'],
  'apps/ReplicaSet': ['minReadySeconds', 'replicas'],
  'apps/StatefulSet': ['minReadySeconds', 'replicas'],
  'batch/CronJob': ['failedJobsHistoryLimit', 'startingDeadlineSeconds', 'successfulJobsHistoryLimit'],
  'batch/Job': [],
};

export const negativeCount = objectRule({
  id: 'semantic/negative-count',
  title: 'A number of replicas, seconds or the like below zero',
  severity: 'error',
  kinds: Object.keys(COUNTS),
  check(object, report) {
    const kind = groupKindOf(object);
    const spec = specOf(object);
    checkCounts(spec, COUNTS[kind] ?? [], report);
    if (kind.startsWith('batch/')) checkCounts(jobSpecOf(object), JOB, report);
    checkCounts(placeIn(placeIn(spec, 'updateStrategy'), 'rollingUpdate'), ['partition'], report);
    checkCounts(placeIn(spec, 'ordinals'), ['start'], report);
  },
});

function checkCounts(place: Place | undefined, fields: readonly string[], report: Report): void {
  if (place === undefined) return;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as string;
    const count = numberIn(place.value, field);
    if (count !== undefined && count < 0) report([...place.path, field], `must not be negative, as ${count} is`);
  }
}
