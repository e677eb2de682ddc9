import { imagesOf } from './manifests.ts';
import { uid } from './names.ts';
import { stamp } from './times.ts';
import type {
  ApplicationState,
  AppliedResource,
  Manifest,
  Operation,
  OperationState,
  ResourceStatus,
} from './types.ts';

export const CONTROL_NAMESPACE = 'argocd';

export interface Versions {
  readonly resourceVersion: number;
  readonly generation: number;
}

/**
 * The Application as the API server answers it, with the keys, types and order of version 3.5: an absent value is an
 * absent key, never null.
 */
export function renderApplication(state: ApplicationState, versions: Versions) {
  const { application, operation } = state;
  return {
    metadata: {
      name: application.name,
      namespace: CONTROL_NAMESPACE,
      uid: applicationUid(state),
      resourceVersion: String(versions.resourceVersion),
      generation: versions.generation,
      creationTimestamp: stamp(state.createdAt),
      ...(Object.keys(application.labels).length === 0 ? {} : { labels: application.labels }),
      ...annotationsOf(state),
    },
    spec: {
      source: sourceOf(state),
      destination: destinationOf(state),
      project: application.project,
      ...(application.automated ? { syncPolicy: { automated: application.prune ? { prune: true } : {} } } : {}),
    },
    status: statusOf(state),
    ...(operation === undefined ? {} : { operation: operationOf(state, operation) }),
  };
}

export type RenderedApplication = ReturnType<typeof renderApplication>;

export function applicationUid(state: ApplicationState): string {
  return uid(`Application/${state.application.name}/${state.createdAt}`);
}

// The annotation that asks the source hydrator stays for ever in 3.5, used or not.
function annotationsOf(state: ApplicationState) {
  if (!state.everRefreshed) return {};
  const asked = state.refresh === undefined ? {} : { 'argocd.argoproj.io/refresh': state.refresh };
  return { annotations: { 'argocd.argoproj.io/hydrate': 'normal', ...asked } };
}

function sourceOf({ application }: ApplicationState) {
  return { repoURL: application.repoURL, path: application.path, targetRevision: application.targetRevision };
}

function destinationOf({ application }: ApplicationState) {
  return { server: 'https://kubernetes.default.svc', namespace: application.namespace };
}

function statusOf(state: ApplicationState) {
  const { sync, health, reconciledAt, operationState, sourceType } = state;
  if (sync === undefined || health === undefined) return emptyStatus(state);
  return {
    resources: state.resources.map(resourceOf),
    sync: { status: sync.status, comparedTo: comparedTo(state), revision: sync.revision },
    health: { status: health.status, lastTransitionTime: stamp(health.since) },
    ...historyOf(state),
    ...conditionsOf(state),
    ...(reconciledAt === undefined ? {} : { reconciledAt: stamp(reconciledAt) }),
    ...(operationState === undefined ? {} : { operationState: operationStateOf(state, operationState) }),
    ...(sourceType === undefined ? {} : { sourceType }),
    summary: state.images.length === 0 ? {} : { images: state.images },
    resourceHealthSource: 'appTree',
    controllerNamespace: CONTROL_NAMESPACE,
    sourceHydrator: {},
  };
}

function emptyStatus(state: ApplicationState) {
  const { operationState } = state;
  return {
    sync: { status: '', comparedTo: { source: { repoURL: '' }, destination: {} } },
    health: {},
    ...(operationState === undefined ? {} : { operationState: operationStateOf(state, operationState) }),
    summary: {},
    sourceHydrator: {},
  };
}

function comparedTo(state: ApplicationState) {
  return { source: sourceOf(state), destination: destinationOf(state) };
}

// The core group is an absent key here, and an empty string in the result of an operation.
function resourceOf({ manifest, status, health, requiresPruning }: ResourceStatus) {
  const { group, version, kind, namespace, name } = manifest;
  return {
    ...(group === '' ? {} : { group }),
    version,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    status,
    ...(health === undefined ? {} : { health }),
    ...(requiresPruning ? { requiresPruning } : {}),
  };
}

function historyOf(state: ApplicationState) {
  if (state.history.length === 0) return {};
  const history = state.history.map(({ id, revision, startedAt, at, username }) => ({
    revision,
    deployedAt: stamp(at),
    id,
    source: sourceOf(state),
    deployStartedAt: stamp(startedAt),
    initiatedBy: initiatorOf(username),
  }));
  return { history };
}

function conditionsOf({ conditions }: ApplicationState) {
  if (conditions.length === 0) return {};
  return {
    conditions: conditions.map(({ type, message, since }) => ({ type, message, lastTransitionTime: stamp(since) })),
  };
}

function initiatorOf(username: string | undefined) {
  return username === undefined ? { automated: true } : { username };
}

function operationOf(state: ApplicationState, { revision, dryRun, username }: Operation) {
  return {
    sync: { revision, ...(dryRun ? { dryRun } : {}), source: sourceOf(state) },
    initiatedBy: initiatorOf(username),
    retry: username === undefined ? { limit: state.rollout.retry.limit } : {},
  };
}

function operationStateOf(state: ApplicationState, operationState: OperationState) {
  const { operation, phase, message, result, startedAt, finishedAt, retryCount } = operationState;
  const visible = message === undefined && phase === 'Running' ? undefined : result;
  return {
    operation: operationOf(state, operation),
    phase,
    ...(message === undefined ? {} : { message }),
    ...(visible === undefined ? {} : { syncResult: syncResultOf(state, operation, visible) }),
    startedAt: stamp(startedAt),
    ...(finishedAt === undefined ? {} : { finishedAt: stamp(finishedAt) }),
    ...(retryCount === 0 ? {} : { retryCount }),
  };
}

function syncResultOf(state: ApplicationState, operation: Operation, result: NonNullable<OperationState['result']>) {
  return {
    resources: result.resources.map((resource) => appliedResourceOf(resource, operation.dryRun)),
    revision: result.revision,
    source: sourceOf(state),
  };
}

function appliedResourceOf({ manifest, failed, message }: AppliedResource, dryRun: boolean) {
  const { group, version, kind, namespace, name } = manifest;
  return {
    group,
    version,
    kind,
    namespace: namespace ?? '',
    name,
    status: failed ? 'SyncFailed' : 'Synced',
    message,
    hookPhase: failed ? 'Failed' : dryRun ? 'Succeeded' : 'Running',
    syncPhase: 'Sync',
    ...imagesKey(manifest, failed),
  };
}

function imagesKey(manifest: Manifest, failed: boolean) {
  const images = imagesOf(manifest.content);
  return failed || images.length === 0 ? {} : { images };
}
