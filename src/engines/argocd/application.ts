import { type Json, list, record, sameJson, text, texts, time } from '../api/json.ts';
import { type Hydrator, readHydrator, syncSource } from './hydrator.ts';

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
export type OperationPhase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error' | 'Unknown';

export interface Source {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path: string;
  /** Name of a Helm chart, for a chart repository. */
  readonly chart?: string;
  /** Name under which other sources use its files. */
  readonly ref?: string;
  readonly valueFiles: readonly string[];
}

export interface ResourceResult {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
  readonly hookPhase?: string;
  readonly hookType?: string;
}

export interface OperationState {
  readonly phase: OperationPhase;
  readonly message?: string;
  /** Of its result, one for each source; empty while there is none. */
  readonly revisions: readonly string[];
  readonly finishedAt?: number;
  readonly retryCount: number;
  /** Negative: for ever. */
  readonly retryLimit: number;
  readonly dryRun: boolean;
  /** On some resources only, as self-heal does it. */
  readonly partial: boolean;
  /** Hooks, and those that were not simply applied. */
  readonly results: readonly ResourceResult[];
}

export interface Condition {
  readonly type: string;
  readonly message: string;
}

export interface ApplicationResource {
  /** Empty for those of the core. */
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: string;
  readonly health?: string;
  readonly message?: string;
  readonly requiresPruning: boolean;
}

/**
 * What is used of an Application, checked at the edge. Times are milliseconds since 1970 by the server's clock, whole
 * seconds. Fields: https://github.com/argoproj/argo-cd/blob/master/pkg/apis/application/v1alpha1/types.go
 */
export interface Application {
  readonly name: string;
  readonly namespace?: string;
  readonly project: string;
  readonly resourceVersion: string;
  readonly deleting: boolean;
  /** The annotation that a refresh sets and the comparison takes away. */
  readonly refreshing: boolean;
  readonly skipReconcile: boolean;
  readonly generatePaths: readonly string[];
  readonly sources: readonly Source[];
  readonly multiSource: boolean;
  /** Where manifests are made by a source hydrator. Then `sources` holds the dry source, whose commits people make. */
  readonly hydrator?: Hydrator;
  /** Name of the ApplicationSet that generated it. */
  readonly generatedBy?: string;
  readonly automated: boolean;
  readonly prune: boolean;
  /** The status was compared with the sources and the destination that the spec has now. */
  readonly comparedToSpec: boolean;
  /** An operation was asked for and has not ended. */
  readonly operationPending: boolean;
  readonly operation?: OperationState;
  readonly sync?: { readonly status: SyncStatus; readonly revisions: readonly string[] };
  /** Unknown where the server gave none, or one that is not known here. */
  readonly health: { readonly status: HealthStatus; readonly since?: number; readonly message?: string };
  readonly reconciledAt?: number;
  readonly conditions: readonly Condition[];
  /** Without those that are as they should be; of hundreds of Applications they would fill the memory. */
  readonly resources: readonly ApplicationResource[];
  readonly images: readonly string[];
  /** Revisions of each deployment, oldest first. */
  readonly history: readonly (readonly string[])[];
}

const SYNC_STATUSES: readonly string[] = ['Synced', 'OutOfSync', 'Unknown'] satisfies SyncStatus[];
const HEALTHS: readonly string[] = [
  'Healthy',
  'Progressing',
  'Degraded',
  'Suspended',
  'Missing',
  'Unknown',
] satisfies HealthStatus[];
const PHASES: readonly string[] = ['Running', 'Terminating', 'Succeeded', 'Failed', 'Error'] satisfies OperationPhase[];
const ANNOTATIONS = 'argocd.argoproj.io/';

/** Undefined when this is no Application at all. Missing and strange fields never make it look better than it is. */
export function readApplication(value: unknown): Application | undefined {
  const { metadata: foreignMetadata, spec: foreignSpec, status: foreignStatus, operation } = record(value);
  const metadata = record(foreignMetadata);
  const spec = record(foreignSpec);
  const name = text(metadata.name);
  // An answer cut down to some fields would compare as equal to itself.
  const hasSource = ['source', 'sources', 'sourceHydrator'].some((key) => typeof spec[key] === 'object');
  if (name === undefined || !hasSource) return undefined;
  return {
    name,
    ...optional('namespace', text(metadata.namespace)),
    project: text(spec.project) ?? 'default',
    resourceVersion: text(metadata.resourceVersion) ?? '',
    deleting: metadata.deletionTimestamp !== undefined && metadata.deletionTimestamp !== null,
    ...readAnnotations(record(metadata.annotations)),
    ...optional('generatedBy', readOwner(list(metadata.ownerReferences))),
    ...readSpec(spec),
    ...optional('hydrator', readHydrator(record(spec.sourceHydrator), record(record(foreignStatus).sourceHydrator))),
    comparedToSpec: isComparedTo(spec, record(record(record(foreignStatus).sync).comparedTo)),
    operationPending: typeof operation === 'object' && operation !== null,
    ...readStatus(record(foreignStatus)),
  };
}

function readAnnotations(annotations: Json) {
  return {
    refreshing: text(annotations[`${ANNOTATIONS}refresh`]) !== undefined,
    skipReconcile: text(annotations[`${ANNOTATIONS}skip-reconcile`]) === 'true',
    generatePaths: (text(annotations[`${ANNOTATIONS}manifest-generate-paths`]) ?? '').split(';').filter(Boolean),
  };
}

function readOwner(owners: readonly unknown[]): string | undefined {
  const owner = owners.map(record).find(({ kind }) => kind === 'ApplicationSet');
  return owner === undefined ? undefined : text(owner.name);
}

function readSpec(spec: Json) {
  const dry = record(spec.sourceHydrator).drySource;
  const many = dry === undefined ? list(spec.sources) : [];
  const automated = record(spec.syncPolicy).automated;
  return {
    sources: (many.length > 0 ? many : [dry ?? spec.source]).map((source) => readSource(record(source))),
    multiSource: many.length > 0,
    // `enabled: false` beside `automated` switches it off from version 3.1 on.
    automated: typeof automated === 'object' && automated !== null && record(automated).enabled !== false,
    prune: record(automated).prune === true,
  };
}

function readSource(source: Json): Source {
  return {
    repoURL: text(source.repoURL) ?? '',
    targetRevision: text(source.targetRevision) ?? '',
    path: text(source.path) ?? '',
    ...optional('chart', text(source.chart)),
    ...optional('ref', text(source.ref)),
    valueFiles: texts(record(source.helm).valueFiles),
  };
}

/** Right after a change of the spec the status still tells of the old one; `comparedTo` says which one it tells of. */
function isComparedTo(spec: Json, comparedTo: Json): boolean {
  const isHydrated = Object.keys(record(spec.sourceHydrator)).length > 0;
  const sameSources =
    list(spec.sources).length > 0 && !isHydrated
      ? sameJson(spec.sources, comparedTo.sources)
      : sameJson(isHydrated ? syncSource(record(spec.sourceHydrator)) : record(spec.source), record(comparedTo.source));
  return sameSources && isSameDestination(record(spec.destination), record(comparedTo.destination));
}

/** Some versions fill in the server of a destination that was given by its name, so that only what both have can differ. */
function isSameDestination(a: Json, b: Json): boolean {
  const bothGive = (key: string) => text(a[key]) !== undefined && text(b[key]) !== undefined;
  return (
    (text(a.namespace) ?? '') === (text(b.namespace) ?? '') &&
    ['server', 'name'].every((key) => !bothGive(key) || a[key] === b[key])
  );
}

function readStatus(status: Json) {
  const sync = record(status.sync);
  const syncStatus = text(sync.status);
  const health = record(status.health);
  return {
    ...optional('operation', readOperation(record(status.operationState))),
    ...optional(
      'sync',
      syncStatus === undefined
        ? undefined
        : { status: oneOf<SyncStatus>(SYNC_STATUSES, syncStatus), revisions: readRevisions(sync) },
    ),
    health: {
      status: oneOf<HealthStatus>(HEALTHS, health.status),
      ...optional('since', time(health.lastTransitionTime)),
      ...optional('message', text(health.message)),
    },
    ...optional('reconciledAt', time(status.reconciledAt)),
    conditions: list(status.conditions).map((item) => {
      const condition = record(item);
      return { type: text(condition.type) ?? 'Unknown', message: text(condition.message) ?? '' };
    }),
    resources: list(status.resources)
      .map((item) => readResource(record(item)))
      .filter(isTelling),
    images: texts(record(status.summary).images),
    history: list(status.history).map((item) => readRevisions(record(item))),
  };
}

function readOperation(state: Json): OperationState | undefined {
  if (text(state.phase) === undefined) return undefined;
  const operation = record(state.operation);
  const sync = record(operation.sync);
  const result = record(state.syncResult);
  const limit = record(operation.retry).limit;
  return {
    phase: oneOf<OperationPhase>(PHASES, state.phase),
    ...optional('message', text(state.message)),
    // Only the result says what was deployed: the requested revision stays the old one when a retry takes a newer commit.
    revisions: readRevisions(result),
    ...optional('finishedAt', time(state.finishedAt)),
    retryCount: typeof state.retryCount === 'number' ? state.retryCount : 0,
    retryLimit: typeof limit === 'number' ? limit : 0,
    dryRun: sync.dryRun === true,
    partial: list(sync.resources).length > 0,
    results: list(result.resources)
      .map((item) => readResult(record(item)))
      .filter(({ status, hookPhase }) => hookPhase !== undefined || status !== 'Synced'),
  };
}

function readRevisions(holder: Json): readonly string[] {
  const many = texts(holder.revisions);
  return many.length > 0 ? many : texts([holder.revision]);
}

function readResource(resource: Json): ApplicationResource {
  const health = record(resource.health);
  return {
    group: text(resource.group) ?? '',
    ...readIdentity(resource),
    ...optional('status', text(resource.status)),
    ...optional('health', text(health.status)),
    ...optional('message', text(health.message)),
    requiresPruning: resource.requiresPruning === true,
  };
}

function isTelling({ group, kind, status, health, requiresPruning }: ApplicationResource): boolean {
  const isFine = status === 'Synced' && (health === undefined || health === 'Healthy') && !requiresPruning;
  return !isFine || (group === 'argoproj.io' && kind === 'Application');
}

function readResult(result: Json): ResourceResult {
  return {
    ...readIdentity(result),
    ...optional('status', text(result.status)),
    ...optional('message', text(result.message)),
    ...optional('hookPhase', text(result.hookPhase)),
    ...optional('hookType', text(result.hookType)),
  };
}

function readIdentity(resource: Json) {
  return {
    kind: text(resource.kind) ?? 'object',
    ...optional('namespace', text(resource.namespace)),
    name: text(resource.name) ?? '(unnamed)',
  };
}

function oneOf<T extends string>(known: readonly string[], value: unknown): T | 'Unknown' {
  return typeof value === 'string' && known.includes(value) ? (value as T) : 'Unknown';
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
