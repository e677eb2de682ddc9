import { type Json, record, text } from '../api/json.ts';
import { type Condition, conditionsOf, count } from '../kubernetes-api/objects.ts';
import type { ObjectHealth } from './object-health.ts';
import { degraded, healthy, lost, progressing, suspended, withoutHealth, words } from './verdicts.ts';

/** The conditions that speak for the whole object, the more telling first. */
const SUMMARIES = ['Ready', 'Available', 'Healthy'];

/**
 * Custom resources: `Stalled` and `Reconciling` are exceptions, `Ready` sums up.
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export function conditionsHealth(object: Json): ObjectHealth {
  if (record(object.spec).suspend === true) return suspended('its reconciliation is suspended');
  const conditions = conditionsOf(object);
  const summary = SUMMARIES.flatMap((name) => conditions.find(({ type }) => type === name) ?? [])[0];
  const exceptions = conditions.filter(({ status }) => status === 'True');
  const stalled = exceptions.find(({ type }) => type === 'Stalled');
  const reconciling = exceptions.find(({ type }) => type === 'Reconciling');
  const telling = stalled ?? reconciling ?? summary;
  if (telling === undefined) return withoutHealth();
  if (isOld(object, telling)) {
    return { ...progressing(`its condition ${telling.type} is about an older generation`), observed: false };
  }
  if (stalled !== undefined) return lost(words(stalled));
  return telling === summary && telling.status === 'True' ? healthy() : progressing(words(telling));
}

/** A controller that writes no `status.observedGeneration` may still date its conditions. */
function isOld(object: Json, { observedGeneration }: Condition): boolean {
  return observedGeneration !== undefined && observedGeneration < count(record(object.metadata).generation);
}

/**
 * `ScalingDisabled`: the workload is at zero, by somebody's wish. The metrics of new pods come a minute after them, so that
 * their lack is no failure. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
 */
export function autoscalerHealth(object: Json): ObjectHealth {
  const conditions = conditionsOf(object);
  const bad = conditions.find(
    ({ type, status, reason }) =>
      status === 'False' && (type === 'AbleToScale' || type === 'ScalingActive') && reason !== 'ScalingDisabled',
  );
  if (bad !== undefined) return progressing(words(bad));
  return conditions.length === 0 ? progressing('it has not looked at its target yet') : healthy();
}

/** Whether a disruption is allowed at the moment is no question of health: with one replica it may never be. */
export function disruptionBudgetHealth(object: Json): ObjectHealth {
  const failed = conditionsOf(object).find(({ status, reason }) => status === 'False' && reason === 'SyncFailed');
  return failed === undefined ? healthy() : degraded(words(failed));
}

/** https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
export function rolloutHealth(object: Json): ObjectHealth {
  const { phase, message } = record(object.status);
  const reason = [text(phase), text(message)].filter((part) => part !== undefined).join(': ');
  if (phase === 'Healthy') return healthy();
  if (phase === 'Degraded') return degraded(reason);
  return phase === 'Paused' ? suspended(reason) : progressing(reason === '' ? 'it has no phase yet' : reason);
}
