import { type Json, record } from '../api/json.ts';
import { conditionsOf, count } from '../kubernetes-api/objects.ts';
import type { ObjectHealth } from './object-health.ts';
import { degraded, healthy, lost, progressing, suspended, words } from './verdicts.ts';

/**
 * A Job has no observed generation: its template cannot change. `FailureTarget` and `SuccessCriteriaMet` come first, while
 * its last pods still end. https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions
 */
export function jobHealth(object: Json): ObjectHealth {
  const met = conditionsOf(object).filter(({ status }) => status === 'True');
  const find = (wanted: string) => met.find(({ type }) => type === wanted);
  const failed = find('Failed');
  if (failed !== undefined) return lost(words(failed));
  if (isDone(object)) return healthy();
  const failing = find('FailureTarget');
  if (failing !== undefined) return degraded(words(failing));
  if (record(object.spec).suspend === true) return suspended('the Job is suspended');
  return progressing(running(record(object.spec), record(object.status)));
}

/** It has succeeded. One that is cleaned up after that is first marked as being deleted, and goes with its pods. */
export function isDone(object: Json): boolean {
  return conditionsOf(object).some(({ type, status }) => type === 'Complete' && status === 'True');
}

function running({ completions }: Json, { active, succeeded, failed }: Json): string {
  const tries = count(failed) > 0 ? `, ${count(failed)} failed` : '';
  return `${count(succeeded)} of ${count(completions) || 1} pods have succeeded, ${count(active)} run${tries}`;
}

/** What it starts is judged by its own next runs. */
export function cronJobHealth(object: Json): ObjectHealth {
  return record(object.spec).suspend === true ? suspended('the CronJob is suspended') : healthy();
}
