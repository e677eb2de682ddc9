import { sameJson } from '../api/json.ts';
import type { Application, ApplicationResource } from './application.ts';
import { isApplication } from './members.ts';

/** What had to be asked, since the Application itself does not say it. */
export interface Learned {
  /** `finishedAt` of the newest operation that had already ended when a refresh was asked that has since been answered. */
  readonly refreshedAfter?: number;
  /** `namespace/name` of the Applications it deploys that are OutOfSync and yet say what they should. */
  readonly equalChildren?: ReadonlySet<string>;
}

/**
 * The status can be believed: the cluster was compared with the spec as it is now and equals the revision shown, no
 * operation is under way, and the comparison, which judges the health too, came after the end of the last operation.
 *
 * An operation is over before its effect is looked at: "Succeeded" at the new revision stands next to the health of the old
 * pods until the next comparison. `reconciledAt` and `finishedAt` are cut to whole seconds, so that equal ones say nothing of
 * the order; then a refresh that was asked after the operation had ended settles it. Measured on 2.14, 3.2 and 3.5.
 */
export function isSettled(application: Application, learned: Learned): boolean {
  if (application.operationPending || !application.comparedToSpec || !isSynced(application, learned)) return false;
  if (isRunning(application)) return false;
  return isAfterOperation(application) || isRefreshedAfter(application, learned.refreshedAfter);
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
  return sameJson(operation.revisions, sync?.revisions);
}

function isRunning({ operation }: Application): boolean {
  return operation !== undefined && !['Succeeded', 'Failed', 'Error'].includes(operation.phase);
}

/**
 * Synced, or kept from it only by what lasts for ever: objects that are no longer in the source while pruning is off, and
 * Applications out of which the controller takes what is false anyway (`prune: false`). Right after such an operation the
 * changed objects are OutOfSync too, so each one counts.
 */
export function isSynced(application: Application, { equalChildren }: Learned): boolean {
  if (application.sync?.status === 'Synced') return true;
  return differsOnlyBy(application, (child) => equalChildren?.has(placeOf(child)) === true);
}

/** Whether it is Synced depends on whether the Applications it deploys say what they should in spite of being OutOfSync. */
export function dependsOnChildren(application: Application): boolean {
  return (
    application.sync?.status === 'OutOfSync' && differsOnlyBy(application, () => true) && !isPruneOnly(application)
  );
}

function isPruneOnly(application: Application): boolean {
  return differsOnlyBy(application, () => false);
}

function differsOnlyBy(
  { sync, resources, prune, operation, operationPending }: Application,
  isEqual: (child: ApplicationResource) => boolean,
): boolean {
  if (sync?.status !== 'OutOfSync' || operationPending || operation?.phase !== 'Succeeded') return false;
  if (!sameJson(operation.revisions, sync.revisions)) return false;
  const differing = resources.filter(({ status }) => status !== 'Synced');
  const isHarmless = (resource: ApplicationResource) =>
    resource.requiresPruning ? !prune : isApplication(resource) && isEqual(resource);
  return differing.length > 0 && differing.every((one) => one.status === 'OutOfSync' && isHarmless(one));
}

export function placeOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace ?? ''}/${name}`;
}

/** Idle and in a state that would decide, but for the seconds being equal: one more refresh settles it. */
export function needsSettling(application: Application, learned: Learned): boolean {
  const decisive = ['Healthy', 'Degraded', 'Suspended'].includes(application.health.status);
  if (!decisive || application.operationPending || isRunning(application)) return false;
  return application.comparedToSpec && isSynced(application, learned) && !isSettled(application, learned);
}
