import type { Attempt, Observation, Obstacle, Target, TargetState, Wanted } from '../delivery-engine.ts';
import type { Application, OperationState } from './application.ts';
import { reasonsOf, resourceStates, short } from './reasons.ts';
import { isSettled, isSynced } from './settled.ts';
import { isCommit, type Matched, matchSources } from './sources.ts';
import { blocksAutomation, type SyncWindows, tellWindows } from './sync-windows.ts';

/** What the Application itself does not say. */
export interface Known {
  /** `finishedAt` of the newest operation that had already ended when a refresh was asked that has since been answered. */
  readonly refreshedAfter?: number;
  readonly windows?: SyncWindows;
  /** The server's time, milliseconds since 1970. */
  readonly serverNow?: number;
}

export interface Reading {
  readonly target: Target;
  readonly application: Application;
  readonly at: number;
  readonly via: Observation['via'];
}

interface Situation {
  readonly state: TargetState;
  readonly obstacle?: Obstacle;
  readonly final?: boolean;
  /** Said before what is said in every case. */
  readonly reason?: string;
}

const VALIDATION_ERROR =
  /\bis invalid: .*?\b(Invalid value|Required value|Unsupported value|Forbidden|Duplicate value|Too (?:long|many))\b/;
/** Errors of reaching a source, which say nothing about what is in it. */
const SOURCE_ERROR =
  /failed to list refs|authentication required|repository not found|could not read|connection refused|no such host|i\/o timeout|deadline exceeded|code = Unavailable|TLS handshake|unexpected EOF|failed to fetch chart|failed to pull OCI chart|failed to resolve revision/i;
const WINDOW_MESSAGE = 'blocked by sync window';
const WIPE_MESSAGE = 'auto-sync will wipe out all resources';

/** What an Application says about the wanted revision. Pure: all that was learned before is in `known`. */
export function interpret(
  reading: Reading,
  wanted: Wanted,
  known: Known,
  normalise: (url: string) => string,
): Observation {
  const { target, application, at, via } = reading;
  const matched = matchSources(application, wanted, normalise);
  const seen = currentRevision(application, matched);
  const settled = isSettled(application, known.refreshedAfter);
  const situation = situationOf(application, matched, known);
  const applied = settled ? seen : lastDeployed(application, matched);
  const attempt = attemptOf(application, matched, seen);
  const observation: Omit<Observation, 'fingerprint'> = {
    target,
    at,
    via,
    state: situation.state,
    trusted: settled,
    ...(seen === undefined ? {} : { seenRevision: seen }),
    ...(applied === undefined ? {} : { appliedRevision: applied }),
    ...(attempt === undefined ? {} : { attempt }),
    deployed: application.history.flatMap((revisions) => oneRevision(revisions, matched) ?? []),
    ...(application.reconciledAt === undefined ? {} : { comparedAt: application.reconciledAt }),
    lasting: lasting(application, known.serverNow),
    ...(situation.obstacle === undefined ? {} : { obstacle: situation.obstacle }),
    final: situation.final ?? false,
    reasons: [...(situation.reason === undefined ? [] : [situation.reason]), ...reasonsOf(application)],
    images: application.images,
    resources: resourceStates(application),
  };
  return { ...observation, fingerprint: fingerprint(observation, application) };
}

/** The revision that the status compares with, while that belongs to the spec as it is now and was really resolved. */
function currentRevision({ sync, comparedToSpec }: Application, matched: Matched): string | undefined {
  // After an error of comparison the revision is the branch or the version as it is written in the spec.
  if (sync === undefined || sync.status === 'Unknown' || !comparedToSpec) return undefined;
  return oneRevision(sync.revisions, matched);
}

/** Sources on the same branch of the same repository show one revision; while they differ there is none yet. */
function oneRevision(revisions: readonly string[], matched: Matched): string | undefined {
  if (matched.kind === 'none') return undefined;
  const own = new Set(matched.positions.map((position) => revisions[position]));
  return own.size === 1 ? [...own][0] : undefined;
}

function lastDeployed({ operation }: Application, matched: Matched): string | undefined {
  if (operation?.phase !== 'Succeeded' || operation.dryRun || operation.partial) return undefined;
  return oneRevision(operation.revisions, matched);
}

function attemptOf(application: Application, matched: Matched, seen: string | undefined): Attempt | undefined {
  const { operation, conditions } = application;
  const wiped = conditions.find(({ type, message }) => type === 'SyncError' && message.includes(WIPE_MESSAGE));
  if (wiped !== undefined && seen !== undefined) return { revision: seen, outcome: 'failed', reason: wiped.message };
  if (operation === undefined || operation.dryRun || operation.partial) return undefined;
  const revision = oneRevision(operation.revisions, matched);
  const said = operation.message ?? `operation ${operation.phase}`;
  const refused = refusedForGood(operation);
  const reason = refused ?? said;
  return {
    ...(revision === undefined ? {} : { revision }),
    outcome: outcomeOf(application, operation, refused),
    reason,
  };
}

function outcomeOf(
  { operationPending }: Application,
  { phase }: OperationState,
  refused: string | undefined,
): Attempt['outcome'] {
  if (refused !== undefined) return 'failed';
  if (operationPending) return 'running';
  if (phase === 'Failed' || phase === 'Error') return 'failed';
  return phase === 'Succeeded' ? 'succeeded' : 'running';
}

/**
 * What the API server refuses as invalid, it refuses at every try, so that the remaining retries (five by default, over five
 * minutes) change nothing. The message of the operation is cut; that of the object is whole.
 */
function refusedForGood({ phase, results, retryCount }: OperationState): string | undefined {
  if (phase !== 'Running' || retryCount === 0) return undefined;
  const refused = results.find(
    ({ status, message }) => status === 'SyncFailed' && VALIDATION_ERROR.test(message ?? ''),
  );
  return refused === undefined ? undefined : `${refused.kind} ${refused.name} was refused: ${refused.message}`;
}

function situationOf(application: Application, matched: Matched, known: Known): Situation {
  return (
    standsStill(application, matched) ??
    underWay(application) ??
    hidden(application) ??
    outOfSync(application, known) ?? { ...healthSituation(application), ...pinned(application, matched) }
  );
}

/** Facts of the spec that no waiting changes. */
function standsStill(application: Application, matched: Matched): Situation | undefined {
  if (application.deleting) return { state: 'absent', final: true, reason: 'the application is being deleted' };
  if (application.skipReconcile) {
    const reason = 'the annotation argocd.argoproj.io/skip-reconcile tells Argo CD to leave it alone';
    return { state: 'blocked', obstacle: 'switched-off', final: true, reason };
  }
  if (application.hydrated) {
    const reason = 'a source hydrator makes its manifests, in commits of its own that cannot be followed yet';
    return { state: 'blocked', obstacle: 'unsupported', final: true, reason };
  }
  if (matched.kind === 'none') return { state: 'blocked', obstacle: 'elsewhere', final: true, reason: matched.reason };
  return undefined;
}

function underWay({ operation, operationPending, sync }: Application): Situation | undefined {
  const running =
    operation?.phase === 'Running' || operation?.phase === 'Terminating' || operation?.phase === 'Unknown';
  if (!operationPending && !running) return undefined;
  if (operation?.message?.includes(WINDOW_MESSAGE)) {
    return { state: 'blocked', obstacle: 'window', reason: 'a sync window opened during the operation and holds it' };
  }
  if (operation === undefined || operation.retryCount === 0) return { state: 'syncing' };
  const [old = ''] = operation.revisions;
  if (old === '' || sync === undefined || sameRevisions(operation.revisions, sync.revisions))
    return { state: 'syncing' };
  const reason = `blocked by retries of ${short(old)} (${operation.retryCount} so far): a newer commit waits until they are spent`;
  return { state: operation.retryLimit < 0 ? 'blocked' : 'syncing', obstacle: 'retries', reason };
}

function sameRevisions(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((revision, position) => revision === b[position]);
}

function hidden({ sync, conditions, comparedToSpec }: Application): Situation | undefined {
  if (sync === undefined) return { state: 'unseen' };
  const error = conditions.find(({ type }) => type === 'ComparisonError' || type === 'InvalidSpecError');
  if (sync.status !== 'Unknown' && comparedToSpec) return undefined;
  if (error === undefined) return { state: 'pending' };
  return { state: SOURCE_ERROR.test(error.message) ? 'pending' : 'failed', reason: `${error.type}: ${error.message}` };
}

function outOfSync(application: Application, { windows }: Known): Situation | undefined {
  if (isSynced(application)) return undefined;
  if (!application.automated) {
    return { state: 'blocked', obstacle: 'manual', reason: 'automatic sync is off, and nobody has started a sync' };
  }
  if (windows !== undefined && blocksAutomation(windows)) {
    return { state: 'blocked', obstacle: 'window', reason: `a sync window keeps it closed: ${tellWindows(windows)}` };
  }
  return { state: 'pending' };
}

function healthSituation({ health }: Application): Situation {
  switch (health.status) {
    case 'Healthy':
      return { state: 'healthy' };
    case 'Degraded':
      return { state: 'degraded' };
    case 'Suspended':
      return { state: 'suspended' };
    default:
      return { state: 'progressing' };
  }
}

function pinned({ sources }: Application, matched: Matched): Pick<Situation, 'obstacle' | 'reason'> {
  const [first] = matched.kind === 'matched' ? matched.positions : [];
  const revision = first === undefined ? '' : (sources[first]?.targetRevision ?? '');
  return isCommit(revision) ? { obstacle: 'pinned', reason: `its source is pinned to ${short(revision)}` } : {};
}

/** The state began when the health changed or the operation ended, whichever was later. Both ends are cut to whole seconds. */
function lasting({ health, operation }: Application, serverNow: number | undefined): number {
  if (serverNow === undefined || health.since === undefined) return 0;
  return Math.max(0, serverNow - Math.max(health.since, operation?.finishedAt ?? 0) - 1000);
}

function fingerprint(observation: Omit<Observation, 'fingerprint'>, { operation, health, sync }: Application): string {
  const { state, trusted, seenRevision, appliedRevision, attempt, obstacle, reasons, images } = observation;
  const words = [sync?.status, health.status, operation?.phase, operation?.retryCount, attempt?.revision];
  return JSON.stringify([state, trusted, seenRevision, appliedRevision, obstacle, words, reasons, images]);
}
