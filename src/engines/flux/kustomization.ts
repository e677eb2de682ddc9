import { list, record, text } from '../api/json.ts';
import type { Attempt, Target } from '../delivery-engine.ts';
import { checkOf, noteChecked } from './checked.ts';
import { dependencyOf } from './dependency.ts';
import { classify } from './failure.ts';
import { type Finding, lastingFailure, type Memory, withoutFailure } from './finding.ts';
import { type FluxObject, isReadyNow, nameOf, words } from './flux-object.ts';
import { workloadTrouble } from './pod-trouble.ts';
import { notYet, pinned, preflight, sourceObstacle } from './preflight.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { brokenRelease } from './release-pods.ts';
import { type Artifact, shortRevision, told } from './revision.ts';
import { readSource, referenced, type Source } from './source.ts';
import { appliedOf, artifactOf, attemptedOf, noteTaken, shownBy, takenBy } from './taken.ts';
import { stateOf } from './world.ts';

/** A Kustomization and the source it takes its files from, each revision in the unit of the wanted one. */
interface Reading {
  readonly object: FluxObject;
  readonly source: Source | undefined;
  /** What its source shows, and the same unless that is older than what was attempted. */
  readonly shown: string | undefined;
  readonly seen: string | undefined;
  readonly attempted: string | undefined;
  readonly applied: string | undefined;
  readonly bound: boolean;
  readonly memory: Memory;
  readonly scene: Scene;
}

/** What a Kustomization says of the wanted revision. */
export function kustomizationFinding(object: FluxObject, target: Target, before: Memory, scene: Scene): Finding {
  const reading = read(object, target, notePass(object, before), scene);
  const { source, memory } = reading;
  const stopped = preflight(object, memory);
  if (stopped !== undefined) return { ...stopped, seen: reading.seen, applied: reading.applied };
  if (source === undefined)
    return status(reading, [`its source ${sourceName(object)} is not there, or may not be read`]);
  const seen = source.artifact && reading.seen;
  const { finding, memory: kept, reasons } = sourceObstacle(source, seen, target, memory, scene);
  if (finding !== undefined) return { ...finding, seen: reading.seen, applied: reading.applied };
  return status({ ...reading, memory: kept }, reasons);
}

/** https://fluxcd.io/flux/components/kustomize/kustomizations/#kustomization-status */
function read(object: FluxObject, target: Target, before: Memory, scene: Scene): Reading {
  const name = referenced(object.spec.sourceRef, object.namespace);
  const source = name === undefined ? undefined : readSource(scene.world, name);
  const bound = isBound(target, source, scene);
  const tell = (artifact: Artifact | undefined) =>
    artifact === undefined ? undefined : bound ? artifact.revision : told(artifact, scene.wanted.revision);
  const shown = tell(source?.artifact ?? attemptedOf(object, undefined));
  const attempted = tell(attemptedOf(object, source));
  const taken = takenBy(object, source, tell, scene);
  const memory = noteTaken(noteChecked(before, object), [taken], scene);
  const { checked } = memory;
  return {
    object,
    source,
    shown,
    seen: shownBy(shown, taken, memory, scene),
    attempted,
    applied: tell(checked === undefined ? appliedOf(object) : artifactOf(checked.revision, object, source)),
    bound,
    memory,
    scene,
  };
}

/** A member that takes its files from elsewhere shows only what its parent says it should. */
function isBound({ parent }: Target, source: Source | undefined, { wanted, normalise }: Scene): boolean {
  if (parent === undefined || source === undefined || source.kind !== 'GitRepository') return false;
  return wanted.repository !== undefined && normalise(source.url) !== wanted.repository;
}

function sourceName({ spec, namespace }: FluxObject): string {
  const name = referenced(spec.sourceRef, namespace);
  return name === undefined ? 'without a name' : nameOf(name);
}

/**
 * A pass ends with a condition that is stamped with the generation of that moment, so that what it is about is the generation
 * that it began with.
 */
function notePass({ ready, reconciling }: FluxObject, memory: Memory): Memory {
  if (ready?.status !== 'Unknown' || ready.observedGeneration === undefined) return memory;
  const begins = reconciling === undefined || /^Fetching/.test(reconciling.message);
  return begins || memory.passGeneration === undefined
    ? { ...memory, passGeneration: ready.observedGeneration }
    : memory;
}

function status(reading: Reading, notes: readonly string[]): Finding {
  const { object } = reading;
  const { ready } = object;
  const said = [...notes, ...(ready === undefined ? [] : [`${nameOf(object)}: ${words(ready)}`])];
  if (isReadyNow(object)) return done(reading, said);
  if (ready?.status === 'False') return notReady(reading, said);
  return working(reading, said);
}

/** Ready=True is written a moment before the revision that it is about. */
function done(reading: Reading, said: readonly string[]): Finding {
  const { object, source, shown, seen, memory } = reading;
  const { lastAppliedRevision: applied, lastAttemptedRevision: attempted } = object.status;
  const taken = source?.artifact?.revision;
  if (applied !== attempted || (taken !== undefined && taken !== applied)) {
    return finding(reading, 'pending', [`${nameOf(object)} ${behind(reading)}`, ...said], { memory });
  }
  const attempt = attemptOf(reading, 'succeeded', said[0] ?? '');
  return {
    ...finding(reading, 'healthy', said, { attempt, memory: withoutFailure(memory) }),
    current: shown === seen && (source !== undefined || isRefused(reading)),
    since: object.ready?.since,
  };
}

/** Of a source that may have been heard of late, only another read tells whether it went on. */
function behind({ source, shown, seen }: Reading): string {
  if (source === undefined || shown === seen) return notYet(source);
  return `has taken up another revision than ${shortRevision(source.artifact?.revision)}, which ${nameOf(source)} was last heard of at: which one is newer is told by the next read`;
}

/** Without the right to read the source, nothing newer than what was applied can be known of. */
function isRefused({ object, scene }: Reading): boolean {
  const name = referenced(object.spec.sourceRef, object.namespace);
  return name !== undefined && stateOf(scene.world, name).refusal?.kind === 'forbidden';
}

function working(reading: Reading, said: readonly string[]): Finding {
  const { object, source, shown, seen } = reading;
  const { reconciling, ready } = object;
  const check = checkOf(object);
  const attempt = attemptOf(reading, 'running', reconciling?.message ?? '');
  const { memory } = reading;
  if (ready?.status === 'True') return finding(reading, 'pending', said, { attempt, memory });
  if (check === undefined) return finding(reading, 'syncing', progress(reading, said), { attempt, memory });
  const isNewest = check.revision === source?.artifact?.revision;
  const busy = `is still checking the health of ${shortRevision(check.revision)}, for at most ${check.timeout}; only then it takes up ${shortRevision(source?.artifact?.revision)}`;
  const isBehind = source !== undefined && !isNewest && shown === seen;
  const reasons = isBehind ? [`${nameOf(object)} ${busy}`] : progress(reading, said);
  const early = earlyFailure(reading, attempt);
  return finding(reading, isNewest ? 'progressing' : 'syncing', [...early.reasons, ...reasons], early);
}

/** What pods have told for longer than the grace, the health check will tell as well, once its time is over. */
function earlyFailure({ object, memory, scene }: Reading, attempt: Attempt | undefined) {
  const broken = workloadTrouble(object, scene).broken ?? brokenRelease(object, scene);
  const revision = attempt?.revision;
  if (broken === undefined || revision === undefined) return { attempt, memory: withoutFailure(memory), reasons: [] };
  const { memory: kept, over } = lastingFailure(memory, `pods ${revision} ${object.generation}`, scene);
  const failed: Attempt = { revision, outcome: over ? 'failed' : 'running', reason: broken };
  return { attempt: failed, memory: kept, reasons: [broken] };
}

function progress({ object, memory }: Reading, said: readonly string[]): readonly string[] {
  const { reconciling } = object;
  const retry = memory.failure === undefined ? [] : ['it tries again after a failure'];
  return reconciling === undefined ? said : [`${nameOf(object)}: ${reconciling.message}`, ...retry];
}

function notReady(reading: Reading, said: readonly string[]): Finding {
  const { object, memory } = reading;
  const { ready, generation, stalled } = object;
  const isOld = (ready?.observedGeneration ?? generation) !== generation;
  const isOfOldPass = stalled === undefined && (memory.passGeneration ?? generation) !== generation;
  if (ready === undefined || isOld || isOfOldPass) return finding(reading, 'syncing', said, { memory });
  const kind = classify(ready, object);
  if (kind === 'waiting') return waiting(reading, said);
  return failed(reading, said, kind);
}

function waiting(reading: Reading, said: readonly string[]): Finding {
  const { object, scene, memory } = reading;
  const dependency = object.ready?.reason === 'DependencyNotReady' ? dependencyOf(object, scene) : undefined;
  const reasons = [...(dependency?.chain ?? []), ...said];
  const { attempt } = dependency ?? {};
  if (attempt !== undefined) return finding(reading, 'pending', [attempt.reason, ...reasons], { attempt, memory });
  if (dependency?.suspended === true) {
    return { ...finding(reading, 'blocked', reasons, { memory }), obstacle: 'switched-off' };
  }
  return finding(reading, object.ready?.reason === 'HealthCheckCanceled' ? 'syncing' : 'pending', reasons, { memory });
}

/** What a failure is attributed to: the attempted revision, or by time the one that the source has. */
function failed(reading: Reading, said: readonly string[], kind: 'final' | 'passing' | 'hidden'): Finding {
  const { object, shown, attempted, scene } = reading;
  const isHidden = kind === 'hidden' || object.stalled !== undefined;
  if (kind === 'hidden' && !isAfterSource(reading))
    return finding(reading, 'syncing', said, { memory: reading.memory });
  const revision = isHidden ? shown : attempted;
  const key = `${revision} ${object.generation} ${object.ready?.reason}`;
  const { memory, over } = lastingFailure(reading.memory, key, scene);
  const first = brokenBefore(object);
  const blame = first === undefined ? '' : `; it has failed since ${shortRevision(first)}`;
  const reason = `${said.at(-1) ?? ''}${blame}`;
  const isFailed = revision !== undefined && (kind === 'final' || over);
  const attempt: Attempt | undefined =
    revision === undefined ? undefined : { revision, outcome: isFailed ? 'failed' : 'running', reason };
  return finding(reading, 'syncing', [reason, ...said.slice(0, -1)], { attempt, memory });
}

/** Times of the same server, to the second: the pass that ended then had the artifact that was there before. */
function isAfterSource({ object, source }: Reading): boolean {
  const updated = source?.artifact?.updatedAt;
  const ended = object.ready?.since;
  return updated === undefined || ended === undefined || ended >= updated;
}

/**
 * The oldest revision that failed with nothing good after it: a commit that is innocent gets the failure of the one below it.
 * The history loses entries now and then, so that this is only told.
 */
function brokenBefore({ status }: FluxObject): string | undefined {
  const entries = list(status.history).map(record);
  const good = entries.findIndex(({ lastReconciledStatus }) => lastReconciledStatus === 'ReconciliationSucceeded');
  const bad = (good < 0 ? entries : entries.slice(0, good)).filter(
    ({ lastReconciledStatus }) => lastReconciledStatus === 'HealthCheckFailed',
  );
  const revision = text(record(bad.at(-1)?.metadata).revision);
  return revision === text(status.lastAttemptedRevision) ? undefined : revision;
}

function attemptOf({ attempted }: Reading, outcome: Attempt['outcome'], reason: string): Attempt | undefined {
  return attempted === undefined ? undefined : { revision: attempted, outcome, reason };
}

function finding(
  { shown, seen, applied, bound, source, scene }: Reading,
  state: Finding['state'],
  reasons: readonly string[],
  { attempt, memory }: { readonly attempt?: Attempt | undefined; readonly memory: Memory },
): Finding {
  const isFixed = !holdsWanted(scene, seen) && !bound;
  return {
    state,
    seen,
    applied,
    attempt,
    reasons,
    current: false,
    memory,
    ...(isFixed ? pinned(source) : {}),
    ...(shown === seen ? {} : { doubted: true }),
    ...(bound ? { boundToParent: true } : {}),
  };
}
