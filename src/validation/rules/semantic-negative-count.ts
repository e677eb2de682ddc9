import { objectRule } from '../kubernetes/define-rule.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { numberIn, placeIn } from '../kubernetes/reading.ts';
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
    const places = [
      [specOf(object), COUNTS[kind] ?? []] as const,
      [kind.startsWith('batch/') ? jobSpecOf(object) : undefined, JOB] as const,
      [placeIn(placeIn(specOf(object), 'updateStrategy'), 'rollingUpdate'), ['partition']] as const,
      [placeIn(specOf(object), 'ordinals'), ['start']] as const,
    ];
    for (const [place, fields] of places) {
      for (const field of fields) {
        const count = numberIn(place?.value, field);
        if (place !== undefined && count !== undefined && count < 0)
          report([...place.path, field], `must not be negative, as ${count} is`);
      }
    }
  },
});
