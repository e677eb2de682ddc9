import { applied, turningPoints } from './cluster.ts';
import { canonical, identity } from './names.ts';
import { kitchenTime } from './times.ts';
import type { ApplicationState, AppliedResource, Live, Manifest, Operation, OperationState, Step } from './types.ts';

/** With these steps added. */
export function scheduled(state: ApplicationState, ...steps: readonly Step[]): ApplicationState {
  return { ...state, due: [...state.due, ...steps] };
}

/** The operation is written down; the state of the one before is gone from this moment on. */
export function begun(state: ApplicationState, operation: Operation, startAt: number): ApplicationState {
  const { operationState: _, ...rest } = state;
  return scheduled({ ...rest, operation }, { kind: 'started', at: startAt });
}

export function started(state: ApplicationState, now: number): ApplicationState {
  const { operation } = state;
  if (operation === undefined) return state;
  const operationState: OperationState = { operation, phase: 'Running', startedAt: now, retryCount: 0 };
  return scheduled({ ...state, operationState }, { kind: 'applied', at: now + state.rollout.apply });
}

/** The objects reach the cluster, all that it does not refuse; a history entry appears when it refuses none. */
export function appliedNow(state: ApplicationState, now: number): ApplicationState {
  const { operation, operationState } = state;
  if (operation === undefined || operationState === undefined) return state;
  const resources = ordered(operation.manifests).map((manifest) => applyResult(state, operation, manifest));
  const result = { revision: operation.revision, resources };
  const next = operation.dryRun ? state : withCluster(state, operation, resources, now);
  const end: Step = { kind: 'finished', at: now + state.rollout.finish };
  return scheduled({ ...next, operationState: { ...operationState, result } }, end);
}

// Kinds that others need come first: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/#how-does-it-work
function ordered(manifests: readonly Manifest[]): readonly Manifest[] {
  const weight = ({ kind }: Manifest) =>
    ['Namespace', 'ServiceAccount', 'Secret', 'ConfigMap', 'Service'].indexOf(kind) >>> 0;
  return manifests.toSorted((a, b) => weight(a) - weight(b));
}

function applyResult(state: ApplicationState, operation: Operation, manifest: Manifest): AppliedResource {
  const refusal = state.rollout.refused(manifest);
  if (refusal !== undefined) return { manifest, failed: true, message: refusal };
  const existing = state.live.find((object) => identity(object.manifest) === identity(manifest));
  const same = existing !== undefined && canonical(existing.manifest.content) === canonical(manifest.content);
  const verb = existing === undefined ? 'created' : same ? 'unchanged' : 'configured';
  const kind = [manifest.kind.toLowerCase(), manifest.group].filter(Boolean).join('.');
  return {
    manifest,
    failed: false,
    message: `${kind}/${manifest.name} ${verb}${operation.dryRun ? ' (dry run)' : ''}`,
  };
}

function withCluster(
  state: ApplicationState,
  operation: Operation,
  resources: readonly AppliedResource[],
  now: number,
) {
  const accepted = resources.filter(({ failed }) => !failed).map(({ manifest }) => manifest);
  const kept = state.application.prune ? state.live.filter((object) => isWanted(object, operation)) : state.live;
  const live = applied(kept, accepted, state.rollout, now);
  const noticing = live.flatMap((object) => turningPoints(object, now)).map((at): Step => ({ kind: 'noticed', at }));
  const complete = accepted.length === resources.length;
  const history = complete ? [...state.history, historyEntry(state, operation, now)] : state.history;
  return scheduled({ ...state, live, history }, ...noticing);
}

function isWanted(object: Live, operation: Operation): boolean {
  return operation.manifests.some((manifest) => identity(manifest) === identity(object.manifest));
}

function historyEntry(state: ApplicationState, operation: Operation, now: number) {
  const id = (state.history.at(-1)?.id ?? -1) + 1;
  const startedAt = state.operationState?.startedAt ?? now;
  const by = operation.username === undefined ? {} : { username: operation.username };
  return { id, revision: operation.revision, startedAt, at: now, ...by };
}

/** Succeeded; or waiting for a retry, which still is phase Running but has an end; or Failed for good. */
export function finished(state: ApplicationState, now: number): ApplicationState {
  const { operationState } = state;
  if (operationState === undefined) return state;
  const failures = operationState.result?.resources.filter(({ failed }) => failed) ?? [];
  const done = operationState.operation.dryRun ? 'no more tasks' : 'all tasks run';
  if (failures.length === 0) return ended(state, 'Succeeded', `successfully synced (${done})`, now);
  const reason = `one or more objects failed to apply, reason: ${failures.map(({ message }) => message).join(',')}`;
  return operationState.retryCount < state.rollout.retry.limit
    ? waitingForRetry(state, operationState, reason, now)
    : ended(state, 'Failed', `${reason}${retried(operationState)}`, now);
}

function retried({ retryCount }: OperationState): string {
  return retryCount === 0 ? '' : ` (retried ${retryCount} times).`;
}

// The first wait is already multiplied with the factor: measured, 7 to 8 s for a duration of 4 s and a factor of 2.
function waitingForRetry(state: ApplicationState, operationState: OperationState, reason: string, now: number) {
  const { wait, factor } = state.rollout.retry;
  const retryCount = operationState.retryCount + 1;
  const at = now + wait * factor ** retryCount;
  const message = `${reason}. Retrying attempt #${retryCount} at ${kitchenTime(at)}.`;
  const waiting = { ...operationState, message, retryCount, finishedAt: now };
  const steps: readonly Step[] = [
    { kind: 'noticed', at: now + state.rollout.notice },
    { kind: 'retry', at },
  ];
  return scheduled({ ...state, operationState: waiting }, ...steps);
}

export function retriedNow(state: ApplicationState, now: number): ApplicationState {
  if (state.operationState === undefined) return state;
  const { finishedAt: _, ...running } = state.operationState;
  const message = `Retrying operation. Attempt #${running.retryCount}`;
  return scheduled(
    { ...state, operationState: { ...running, message } },
    { kind: 'applied', at: now + state.rollout.apply },
  );
}

const STEPS_OF_AN_OPERATION: ReadonlySet<Step['kind']> = new Set(['started', 'applied', 'finished', 'retry']);

/** The operation is told to stop: nothing of it that has not happened yet happens any more. */
export function terminating(state: ApplicationState, now: number): ApplicationState {
  const { operation } = state;
  if (operation === undefined) return state;
  const before: Omit<OperationState, 'phase'> = state.operationState ?? { operation, startedAt: now, retryCount: 0 };
  const result = before.result ?? { revision: operation.revision, resources: [] };
  const { finishedAt: _, ...running } = before;
  const due = state.due.filter((step) => !STEPS_OF_AN_OPERATION.has(step.kind));
  const operationState: OperationState = { ...running, result, phase: 'Terminating' };
  return scheduled({ ...state, operationState, due }, { kind: 'terminated', at: now + state.rollout.finish });
}

export function terminated(state: ApplicationState, now: number): ApplicationState {
  if (state.operationState === undefined) return state;
  return ended(state, 'Failed', `Operation terminated${retried(state.operationState)}`, now);
}

/** The operation is over; the objects are noticed and the repository is looked at again a moment later. */
function ended(state: ApplicationState, phase: 'Succeeded' | 'Failed', message: string, now: number): ApplicationState {
  const { operation: _, operationState, ...rest } = state;
  if (operationState === undefined) return state;
  const over = { ...rest, operationState: { ...operationState, phase, message, finishedAt: now } };
  const { notice, reread } = state.rollout;
  return scheduled(over, { kind: 'noticed', at: now + notice }, { kind: 'reread', at: now + reread });
}
