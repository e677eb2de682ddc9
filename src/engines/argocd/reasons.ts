import type { ResourceState } from '../delivery-engine.ts';
import type { Application, ResourceResult } from './application.ts';

/** Objects that are named before the rest becomes a number. */
const NAMED = 5;

/** Argo CD's own words about an Application: a line of its three states, then what explains them. */
export function reasonsOf(application: Application): readonly string[] {
  return [
    statesOf(application),
    ...hydratorReasons(application),
    ...operationReasons(application),
    ...application.conditions.filter(isError).map(({ type, message }) => `${type}: ${message}`),
    ...unhealthy(application),
    ...outOfSync(application),
    ...(application.health.message === undefined ? [] : [application.health.message]),
  ];
}

function statesOf({ sync, health, operation, operationPending }: Application): string {
  const synced =
    sync === undefined
      ? 'not compared yet'
      : `${sync.status} at ${sync.revisions.map(short).join(', ') || 'no revision'}`;
  const deployed =
    operation === undefined || operation.revisions.length === 0
      ? ''
      : ` at ${operation.revisions.map(short).join(', ')}`;
  const phase =
    operation === undefined
      ? operationPending
        ? 'operation requested'
        : 'no operation'
      : `operation ${operation.phase}`;
  return `${synced}, ${health.status}, ${phase}${deployed}`;
}

function hydratorReasons({ hydrator }: Application): readonly string[] {
  if (hydrator?.phase === undefined) return [];
  const { phase, dry, message, made } = hydrator;
  const words = [dry === undefined ? '' : ` ${short(dry)}`, message === undefined ? '' : `: ${message}`].join('');
  const last = made === undefined ? '' : `, last ${short(made.dry)} in ${short(made.hydrated)}`;
  return [`hydrator ${phase}${words}${last}`];
}

function operationReasons({ operation }: Application): readonly string[] {
  if (operation === undefined || operation.phase === 'Succeeded') return [];
  const failed = operation.results.filter(isFailedResult).map(tellResult);
  const message = operation.message === undefined ? [] : [operation.message];
  const waiting = operation.phase === 'Running' && operation.finishedAt !== undefined;
  return [...(waiting ? [`waits for retry ${operation.retryCount}`] : []), ...message, ...failed];
}

export function isFailedResult({ status, hookPhase }: ResourceResult): boolean {
  return status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error';
}

export function tellResult({ kind, name, hookType, message }: ResourceResult): string {
  return `${hookType === undefined ? '' : `${hookType} `}${kind} ${name}: ${message ?? 'failed'}`;
}

export function isError({ type }: { readonly type: string }): boolean {
  return type.endsWith('Error');
}

function unhealthy({ resources }: Application): readonly string[] {
  const bad = resources.filter(({ health }) => health !== undefined && health !== 'Healthy');
  return some(
    bad.map(
      ({ kind, name, health, message }) => `${kind} ${name} ${health}${message === undefined ? '' : `: ${message}`}`,
    ),
  );
}

function outOfSync({ sync, resources }: Application): readonly string[] {
  if (sync?.status !== 'OutOfSync') return [];
  return some(
    resources
      .filter(({ status }) => status === 'OutOfSync')
      .map(({ kind, name, requiresPruning }) => `${kind} ${name} OutOfSync${requiresPruning ? ', to be pruned' : ''}`),
  );
}

function some(lines: readonly string[]): readonly string[] {
  return lines.length <= NAMED ? lines : [...lines.slice(0, NAMED), `and ${lines.length - NAMED} more`];
}

export function resourceStates({ resources }: Application): readonly ResourceState[] {
  return resources.map(({ kind, namespace, name, health, message }) => ({
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(health === undefined ? {} : { health }),
    ...(message === undefined ? {} : { message }),
  }));
}

/** Twelve digits of a commit; anything else as it is. */
export function short(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 12) : revision;
}
