import { healthOf, runningImages, worst } from './cluster.ts';
import { canonical, identity } from './names.ts';
import type { ApplicationState, Condition, Live, Manifest, Operation, Reading, ResourceStatus } from './types.ts';

/** Each object that is wanted or live, compared; `wanted` undefined stands for a comparison that failed. */
export function compareResources(wanted: readonly Manifest[] | undefined, live: readonly Live[], now: number) {
  const extra = live.filter((object) => !wanted?.some((manifest) => identity(manifest) === identity(object.manifest)));
  const compared = (wanted ?? []).map((manifest) => compareOne(manifest, live, now));
  const surplus = extra.map((object) => withHealth(object, wanted === undefined ? 'Unknown' : 'OutOfSync', true, now));
  return [...compared, ...surplus].sort((a, b) => (identity(a.manifest) < identity(b.manifest) ? -1 : 1));
}

function compareOne(manifest: Manifest, live: readonly Live[], now: number): ResourceStatus {
  const object = live.find((candidate) => identity(candidate.manifest) === identity(manifest));
  if (object === undefined)
    return { manifest, status: 'OutOfSync', health: { status: 'Missing' }, requiresPruning: false };
  const same = canonical(object.manifest.content) === canonical(manifest.content);
  return withHealth(object, same ? 'Synced' : 'OutOfSync', false, now);
}

function withHealth(
  object: Live,
  status: ResourceStatus['status'],
  requiresPruning: boolean,
  now: number,
): ResourceStatus {
  const health = healthOf(object, now);
  return { manifest: object.manifest, status, ...(health === undefined ? {} : { health }), requiresPruning };
}

/** The status as an event of an object makes it: compared with what is known to be wanted, `reconciledAt` untouched. */
export function reassess(state: ApplicationState, now: number): ApplicationState {
  const resources = compareResources(state.wanted, state.noticed, now);
  const status = worst(resources.map((resource) => resource.health));
  const health = state.health?.status === status ? state.health : { status, since: now };
  const images = runningImages(state.noticed, now);
  const synced = resources.every((resource) => resource.status === 'Synced');
  const sync =
    state.sync === undefined || state.wanted === undefined
      ? state.sync
      : { ...state.sync, status: synced ? ('Synced' as const) : ('OutOfSync' as const) };
  return { ...state, resources, health, images, ...(sync === undefined ? {} : { sync }) };
}

/**
 * The status as a whole comparison writes it. After an error the revision is the name of the branch, and
 * `reconciledAt` is the moment at which the comparison began.
 */
export function writeComparison(
  state: ApplicationState,
  reading: Reading,
  startedAt: number,
  asked: number,
  now: number,
) {
  const { refresh, sourceType: _, wanted: __, ...rest } = state;
  const unserved = refresh !== undefined && asked < state.asked ? { refresh } : {};
  const base: ApplicationState = { ...rest, ...unserved, reconciledAt: startedAt };
  const sync = reading.ok
    ? { status: 'Synced' as const, revision: reading.revision }
    : { status: 'Unknown' as const, revision: state.application.targetRevision };
  const found = reading.ok ? { wanted: reading.manifests, sourceType: reading.sourceType } : {};
  const compared = reassess({ ...base, ...found, sync }, now);
  return { ...compared, conditions: conditionsOf(compared, reading, now) };
}

function conditionsOf(state: ApplicationState, reading: Reading, now: number): readonly Condition[] {
  const last = state.operationState;
  if (!reading.ok) return [lasting(state, { type: 'ComparisonError', message: reading.problem, since: now })];
  if (last?.phase !== 'Failed' || last.result?.revision !== reading.revision || state.sync?.status === 'Synced')
    return [];
  const message = `Failed last sync attempt to [${reading.revision}]: ${last.message ?? ''}`;
  return [lasting(state, { type: 'SyncError', message, since: now })];
}

// A condition keeps the time at which it appeared first.
function lasting(state: ApplicationState, condition: Condition): Condition {
  return (
    state.conditions.find(({ type, message }) => type === condition.type && message === condition.message) ?? condition
  );
}

/**
 * The operation that auto-sync starts after a comparison, or none: the manifests do not differ, only pruning is left,
 * this revision was tried before, one is under way, or a sync window is closed.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automated-sync-semantics
 */
export function automaticOperation(state: ApplicationState, reading: Reading, now: number): Operation | undefined {
  const { automated, windowClosed, prune } = state.application;
  if (!reading.ok || !automated || windowClosed || state.operation !== undefined) return undefined;
  const different = compareResources(reading.manifests, state.noticed, now).filter(({ status }) => status !== 'Synced');
  if (different.every(({ requiresPruning }) => requiresPruning && !prune)) return undefined;
  if (state.operationState?.result?.revision === reading.revision) return undefined;
  const repaired = state.sync?.status === 'Unknown' && state.rollout.secondLookAfterRepair;
  return repaired ? undefined : { revision: reading.revision, manifests: reading.manifests, dryRun: false };
}
