import type { Attempt, Observation, Target, Wanted } from '../delivery-engine.ts';
import type { Application, OperationState } from './application.ts';
import { dryRevision, failedHydration, hydration } from './hydration.ts';
import { childrenOf, matchMember } from './members.ts';
import { reasonsOf, resourceStates, short } from './reasons.ts';
import { isSettled, isSynced, type Learned } from './settled.ts';
import type { Situation } from './situation.ts';
import { isCommit, type Matched, matchSources } from './sources.ts';
import { blocksAutomation, type SyncWindows, tellWindows } from './sync-windows.ts';

/** What the Application itself does not say. */
export interface Known extends Learned {
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

/** An Application, and how its revisions are told. */
interface Told {
  readonly application: Application;
  readonly matched: Matched;
  /** One of its own spec's choosing, whatever the wanted one is. */
  readonly boundToParent: boolean;
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
  const told = tellBy(reading, wanted, normalise);
  const { matched, boundToParent } = told;
  const seen = currentRevision(told);
  const settled = isSettled(application, known);
  const situation = situationOf(told, known);
  const applied = settled ? seen : lastDeployed(told);
  const attempt = attemptOf(told, seen);
  const members = childrenOf(application, target, matched);
  const observation: Omit<Observation, 'fingerprint'> = {
    target,
    at,
    via,
    state: situation.state,
    trusted: settled,
    ...(seen === undefined ? {} : { seenRevision: seen }),
    ...(applied === undefined ? {} : { appliedRevision: applied }),
    ...(attempt === undefined ? {} : { attempt }),
    deployed: application.history.flatMap((revisions) => oneRevision(revisions, told) ?? []),
    ...(application.reconciledAt === undefined ? {} : { comparedAt: application.reconciledAt }),
    lasting: lasting(application, known.serverNow),
    ...(situation.obstacle === undefined ? {} : { obstacle: situation.obstacle }),
    final: situation.final ?? false,
    reasons: [...(situation.reason === undefined ? [] : [situation.reason]), ...reasonsOf(application)],
    images: application.images,
    resources: resourceStates(application),
    ...(members.length === 0 ? {} : { members }),
    ...(boundToParent ? { boundToParent } : {}),
  };
  return { ...observation, fingerprint: fingerprint(observation, application) };
}

function tellBy(
  { target: { parent }, application }: Reading,
  wanted: Wanted,
  normalise: (url: string) => string,
): Told {
  if (parent === undefined) {
    return { application, matched: matchSources(application, wanted, normalise), boundToParent: false };
  }
  const matched = matchMember(application, wanted, parent, normalise);
  return { application, matched, boundToParent: matched.kind === 'none' };
}

/** The revision that the status compares with, while that belongs to the spec as it is now and was really resolved. */
function currentRevision(told: Told): string | undefined {
  const { sync, comparedToSpec } = told.application;
  // After an error of comparison the revision is the branch or the version as it is written in the spec.
  if (sync === undefined || sync.status === 'Unknown' || !comparedToSpec) return undefined;
  return oneRevision(sync.revisions, told);
}

/** Sources on the same branch of the same repository show one revision; while they differ there is none yet. */
function oneRevision(revisions: readonly string[], { application, matched, boundToParent }: Told): string | undefined {
  if (boundToParent) return revisions.length === 0 ? undefined : revisions.join(', ');
  if (matched.kind === 'none') return undefined;
  const own = new Set(matched.positions.map((position) => dryRevision(application, revisions[position])));
  return own.size === 1 ? [...own][0] : undefined;
}

function lastDeployed(told: Told): string | undefined {
  const { operation } = told.application;
  if (operation?.phase !== 'Succeeded' || operation.dryRun || operation.partial) return undefined;
  return oneRevision(operation.revisions, told);
}

function attemptOf(told: Told, seen: string | undefined): Attempt | undefined {
  const { application } = told;
  const { operation, conditions } = application;
  const unmade = failedHydration(application);
  if (unmade !== undefined) return unmade;
  const wiped = conditions.find(({ type, message }) => type === 'SyncError' && message.includes(WIPE_MESSAGE));
  if (wiped !== undefined && seen !== undefined) return { revision: seen, outcome: 'failed', reason: wiped.message };
  if (operation === undefined || operation.dryRun || operation.partial) return undefined;
  const revision = oneRevision(operation.revisions, told);
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
function refusedForGood({ phase, results }: OperationState): string | undefined {
  if (phase !== 'Running') return undefined;
  const refused = results.find(
    ({ status, message }) => status === 'SyncFailed' && VALIDATION_ERROR.test(message ?? ''),
  );
  return refused === undefined ? undefined : `${refused.kind} ${refused.name} was refused: ${refused.message}`;
}

function situationOf(told: Told, known: Known): Situation {
  const { application } = told;
  return (
    standsStill(told) ??
    underWay(application) ??
    hydration(application) ??
    hidden(application) ??
    outOfSync(application, known) ?? { ...healthSituation(application), ...pinned(told) }
  );
}

/** Facts of the spec that no waiting changes. */
function standsStill({ application, matched, boundToParent }: Told): Situation | undefined {
  if (application.deleting) return { state: 'absent', final: true, reason: 'the application is being deleted' };
  if (application.skipReconcile) {
    const reason = 'the annotation argocd.argoproj.io/skip-reconcile tells Argo CD to leave it alone';
    return { state: 'blocked', obstacle: 'switched-off', final: true, reason };
  }
  if (matched.kind === 'none' && !boundToParent)
    return { state: 'blocked', obstacle: 'elsewhere', final: true, reason: matched.reason };
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

function outOfSync(application: Application, known: Known): Situation | undefined {
  const { windows } = known;
  if (isSynced(application, known)) return undefined;
  if (!application.automated) {
    return { state: 'blocked', obstacle: 'manual', reason: 'automatic sync is off, and nobody has started a sync' };
  }
  if (windows !== undefined && blocksAutomation(windows)) {
    return { state: 'blocked', obstacle: 'window', reason: `a sync window keeps it closed: ${tellWindows(windows)}` };
  }
  return { state: 'pending', ...publishedAgain(application) };
}

/** Automatic sync starts at a revision that it has not deployed yet; a version can come to hold something else. */
function publishedAgain({ sync, operation, operationPending }: Application): Pick<Situation, 'reason'> {
  const [revision] = sync?.revisions ?? [];
  const isDeployed = operation?.phase === 'Succeeded' && sameRevisions(operation.revisions, sync?.revisions ?? []);
  if (operationPending || !isDeployed || revision === undefined || isCommit(revision)) return {};
  const reason = `${revision} is deployed, and differs from what the source holds under that name now: Argo CD starts no sync for that`;
  return { reason };
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

function pinned({ application, matched }: Told): Pick<Situation, 'obstacle' | 'reason'> {
  const [first] = matched.kind === 'matched' ? matched.positions : [];
  const revision = first === undefined ? '' : (application.sources[first]?.targetRevision ?? '');
  return isCommit(revision) ? { obstacle: 'pinned', reason: `its source is pinned to ${short(revision)}` } : {};
}

/** The state began when the health changed or the operation ended, whichever was later. Both ends are cut to whole seconds. */
function lasting({ health, operation }: Application, serverNow: number | undefined): number {
  if (serverNow === undefined || health.since === undefined) return 0;
  return Math.max(0, serverNow - Math.max(health.since, operation?.finishedAt ?? 0) - 1000);
}

function fingerprint(observation: Omit<Observation, 'fingerprint'>, { operation, health, sync }: Application): string {
  const { state, trusted, seenRevision, appliedRevision, attempt, obstacle, reasons, images, members } = observation;
  const words = [sync?.status, health.status, operation?.phase, operation?.retryCount, attempt?.revision];
  const names = members?.map(({ name }) => name);
  return JSON.stringify([state, trusted, seenRevision, appliedRevision, obstacle, words, reasons, images, names]);
}
