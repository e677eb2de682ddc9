import type { Application } from './application.ts';

/**
 * The status can be believed: the cluster was compared with the spec as it is now and equals the revision shown, no
 * operation is under way, and the comparison, which judges the health too, came after the end of the last operation.
 *
 * An operation is over before its effect is looked at: "Succeeded" at the new revision stands next to the health of the old
 * pods until the next comparison. `reconciledAt` and `finishedAt` are cut to whole seconds, so that equal ones say nothing of
 * the order; then a refresh that was asked after the operation had ended settles it. Measured on 2.14, 3.2 and 3.5.
 */
export function isSettled(application: Application, refreshedAfter: number | undefined): boolean {
  if (application.operationPending || !application.comparedToSpec || !isSynced(application)) return false;
  if (isRunning(application)) return false;
  return isAfterOperation(application) || isRefreshedAfter(application, refreshedAfter);
}

/** The comparison is certainly later than the end of the last operation, or there was none. */
function isAfterOperation({ operation, reconciledAt }: Application): boolean {
  if (reconciledAt === undefined) return false;
  return operation?.finishedAt === undefined ? operation === undefined : reconciledAt > operation.finishedAt;
}

function isRefreshedAfter(application: Application, refreshedAfter: number | undefined): boolean {
  const { operation, reconciledAt, sync } = application;
  if (operation?.finishedAt === undefined || reconciledAt !== operation.finishedAt) return false;
  if (refreshedAfter !== operation.finishedAt || operation.dryRun) return false;
  // A rollback or a manual sync leaves Synced at one revision beside the success of another: only time settles that.
  return JSON.stringify(operation.revisions) === JSON.stringify(sync?.revisions);
}

function isRunning({ operation }: Application): boolean {
  return operation !== undefined && !['Succeeded', 'Failed', 'Error'].includes(operation.phase);
}

/**
 * Synced, or kept from it only by objects that are no longer in the source while pruning is off, which lasts for ever. Right
 * after such an operation the changed objects are OutOfSync too, so each one counts.
 */
export function isSynced({ sync, resources, prune, operation }: Application): boolean {
  if (sync?.status === 'Synced') return true;
  if (sync?.status !== 'OutOfSync' || prune || operation?.phase !== 'Succeeded') return false;
  if (JSON.stringify(operation.revisions) !== JSON.stringify(sync.revisions)) return false;
  const differing = resources.filter(({ status }) => status !== 'Synced');
  return (
    differing.length > 0 && differing.every(({ status, requiresPruning }) => status === 'OutOfSync' && requiresPruning)
  );
}

/** Idle and in a state that would decide, but for the seconds being equal: one more refresh settles it. */
export function needsSettling(application: Application, refreshedAfter: number | undefined): boolean {
  const decisive = ['Healthy', 'Degraded', 'Suspended'].includes(application.health.status);
  if (!decisive || application.operationPending || isRunning(application)) return false;
  return application.comparedToSpec && isSynced(application) && !isSettled(application, refreshedAfter);
}
