import type { Phase, RelatedObservation, Verdict, Wanted } from './delivery-engine.ts';
import { type Holding, holding, trailing } from './holding.ts';
import { imageProblems } from './live-images.ts';
import { holds } from './relations.ts';

export interface JudgeOptions {
  /** Milliseconds for which a target must stay live and healthy. */
  readonly stableFor: number;
  /** Milliseconds for which a target may be degraded before that counts as failed. */
  readonly degradedGrace: number;
  /** Milliseconds for which a target may be absent at first. */
  readonly appearTimeout: number;
  /** What to make of a target whose health is Suspended. */
  readonly suspended: 'wait' | 'ok' | 'fail';
  /** Whether somebody starts a sync where automatic sync is off. */
  readonly sync: 'never' | 'if-needed';
}

/** Milliseconds over which something must be seen twice when it may be no more than a moment between two writes. */
const CONFIRM = 5_000;
/** Milliseconds for which it may take to find out how a revision stands to the wanted one: the repository is read for that. */
const FIND_OUT = 30_000;
/** Comparisons that must agree before an engine that does nothing, or an error that hides the revision, is believed. */
const COMPARISONS = 3;

interface Scene {
  readonly history: readonly RelatedObservation[];
  readonly latest: RelatedObservation;
  readonly wanted: Wanted;
  readonly options: JudgeOptions;
  readonly now: number;
  readonly since: number;
}

/**
 * The one decision of a wait, over everything observed so far, oldest first. A positive answer needs the revision seen and
 * applied, then health, trusted, held for `stableFor` over two observations; a negative one needs attribution to the revision
 * and a grace, unless it is final by nature. `now` and `since` (the start of the wait) are `Clock.monotonic` milliseconds.
 */
export function judge(
  history: readonly RelatedObservation[],
  wanted: Wanted,
  options: JudgeOptions,
  now: number,
  since: number,
): Verdict {
  const latest = history.at(-1);
  if (latest === undefined) return { kind: 'waiting', phase: 'resolve', reasons: ['nothing has been read yet'] };
  const scene: Scene = { history, latest, wanted, options, now, since };
  return (
    unreachable(scene) ??
    absent(scene) ??
    superseded(scene) ??
    failedAttempt(scene) ??
    blocked(scene) ??
    live(scene) ??
    hiddenByError(scene) ??
    unhealthy(scene) ??
    idle(scene) ??
    say(scene, 'waiting', latest.reasons)
  );
}

function unreachable(scene: Scene): Verdict | undefined {
  const { latest } = scene;
  if (latest.state !== 'unreachable' || latest.problem === undefined) return undefined;
  return { ...say(scene, 'unreachable', latest.reasons), code: latest.problem };
}

/** Absent and forbidden are told apart by no server: a target that may not be read looks like one that does not exist. */
function absent(scene: Scene): Verdict | undefined {
  const { history, latest, options, since } = scene;
  if (!isAbsent(latest)) return undefined;
  const missing: Verdict = { ...say(scene, 'unreachable', latest.reasons), code: 'missing' };
  if (latest.final) return missing;
  const existed = history.some((observation) => !isAbsent(observation) && observation.state !== 'unreachable');
  if (existed) {
    const gone = { ...missing, reasons: ['it was there and is gone', ...latest.reasons] };
    return decide(gone, holding(trailing(history, isAbsent), CONFIRM, 0));
  }
  const over = since + options.appearTimeout;
  return latest.at >= over ? missing : { ...say(scene, 'waiting', latest.reasons), due: over };
}

function isAbsent(observation: RelatedObservation): boolean {
  return observation.state === 'absent' || observation.state === 'forbidden';
}

/** The revision was there, and something else has taken its place. */
function superseded(scene: Scene): Verdict | undefined {
  const { history, latest, wanted } = scene;
  if (latest.seen === 'reverted' || latest.applied === 'reverted') {
    return say(scene, 'superseded', [
      `what ${short(wanted.revision)} changed was taken back by ${short(latest.seenRevision)}`,
      ...latest.reasons,
    ]);
  }
  // Between two writes an operation can have succeeded at a revision that no comparison has seen yet: not yet left.
  const without = trailing(history, ({ seen, applied }) => !holds(seen) && !holds(applied));
  if (latest.seen === 'lacks' && without.length > 0 && without.length < history.length) {
    return decide(left(scene, latest.seenRevision), holding(without, CONFIRM, 0));
  }
  const isRolledBack = (observation: RelatedObservation): boolean =>
    observation.applied === 'lacks' && observation.state !== 'syncing' && wasDeployed(history, wanted);
  if (!isRolledBack(latest)) return undefined;
  return decide(left(scene, latest.appliedRevision), holding(trailing(history, isRolledBack), CONFIRM, 0));
}

function wasDeployed(history: readonly RelatedObservation[], wanted: Wanted): boolean {
  return history.some((observation) => holds(observation.applied) || observation.deployed.includes(wanted.revision));
}

function left(scene: Scene, revision: string | undefined): Verdict {
  return say(scene, 'superseded', [
    `${short(revision)} is there now, which does not contain ${short(scene.wanted.revision)}`,
    ...scene.latest.reasons,
  ]);
}

/** An operation failed for good at a revision that contains the wanted one. */
function failedAttempt(scene: Scene): Verdict | undefined {
  const { history, latest, wanted } = scene;
  const { attempt, attempted, reasons } = latest;
  if (attempt?.outcome !== 'failed' || !holds(attempted)) return undefined;
  const said = [attempt.reason, ...reasons.filter((reason) => reason !== attempt.reason)];
  const earlier = history.find(
    ({ applied, appliedRevision }) => holds(applied) && appliedRevision !== attempt.revision,
  );
  if (attempted === 'equal' || earlier === undefined) return say(scene, 'failed', said);
  return say(scene, 'superseded', [overtaken(wanted, attempt.revision, 'it was applied'), ...said]);
}

/** What happens at a newer commit is not blamed on an older one that had done well by itself. */
function overtaken(wanted: Wanted, by: string | undefined, after: string): string {
  return `${short(by)} took the place of ${short(wanted.revision)} after ${after}, and does not do well`;
}

function blocked(scene: Scene): Verdict | undefined {
  const { history, latest, options } = scene;
  if (latest.obstacle === 'pinned' && latest.seen === 'lacks') return say(scene, 'blocked', latest.reasons);
  if (latest.state !== 'blocked') return undefined;
  if (latest.final) return say(scene, 'blocked', latest.reasons);
  const canBeHelped = latest.obstacle === 'manual' || latest.obstacle === 'retries';
  if (canBeHelped && options.sync === 'if-needed') return undefined;
  const run = trailing(history, ({ state, obstacle }) => state === 'blocked' && obstacle === latest.obstacle);
  return decide(say(scene, 'blocked', latest.reasons), holding(run, mayBeRollback(scene) ? FIND_OUT : CONFIRM, 0));
}

/** The revision was deployed, another one is now, and how the two stand is not known yet. */
function mayBeRollback({ history, latest, wanted }: Scene): boolean {
  return latest.appliedRevision !== undefined && latest.applied === 'unknown' && wasDeployed(history, wanted);
}

function live(scene: Scene): Verdict | undefined {
  const { history, latest, wanted, options } = scene;
  const isHealthy = (observation: RelatedObservation): boolean =>
    isCurrent(observation) &&
    (observation.state === 'healthy' || (observation.state === 'suspended' && options.suspended === 'ok'));
  if (!isHealthy(latest)) return undefined;
  const problems = imageProblems(wanted.images, latest.images);
  if (problems.length > 0) return { ...say(scene, 'waiting', problems), phase: 'rolling' };
  const run = trailing(
    history,
    (observation) => isHealthy(observation) && imageProblems(wanted.images, observation.images).length === 0,
  );
  return decide(say(scene, 'landed', latest.reasons), holding(run, options.stableFor, latest.lasting));
}

/** The revision is what the engine has seen and what the cluster holds, and the health was judged after that. */
export function isCurrent({ trusted, seen, applied }: RelatedObservation): boolean {
  return trusted && holds(seen) && holds(applied);
}

/** No revision is to be seen while manifests cannot be made, so that only time and repetition attribute it. */
function hiddenByError(scene: Scene): Verdict | undefined {
  const { history, latest, options } = scene;
  if (latest.state !== 'failed') return undefined;
  const run = trailing(history, ({ state }) => state === 'failed');
  const verdict = say(scene, 'failed', latest.reasons);
  if (comparisons(run) < COMPARISONS) return say(scene, 'waiting', latest.reasons);
  return decide(verdict, holding(run, options.degradedGrace, 0));
}

function unhealthy(scene: Scene): Verdict | undefined {
  const { history, latest, options, wanted } = scene;
  const isBad = (observation: RelatedObservation): boolean =>
    isCurrent(observation) &&
    (observation.state === 'degraded' || (observation.state === 'suspended' && options.suspended === 'fail'));
  if (!isBad(latest)) return undefined;
  // Where no operation belongs to the revision, what the server says of how long it lasts is about an older one.
  const lasting = holds(latest.attempted) ? latest.lasting : 0;
  const wasHealthy = history.some(
    ({ state, seen, appliedRevision }) =>
      state === 'healthy' && holds(seen) && appliedRevision !== undefined && appliedRevision !== latest.appliedRevision,
  );
  const verdict =
    latest.applied === 'contains' && wasHealthy
      ? say(scene, 'superseded', [overtaken(wanted, latest.appliedRevision, 'it was healthy'), ...latest.reasons])
      : say(scene, 'failed', latest.reasons);
  return decide(verdict, holding(trailing(history, isBad), options.degradedGrace, lasting));
}

/** The engine sees the revision, differs from it, and starts nothing: drift that nobody repairs, or a sync it refuses. */
function idle(scene: Scene): Verdict | undefined {
  const { history, latest, options } = scene;
  const isIdle = ({ state, seen }: RelatedObservation): boolean => state === 'pending' && holds(seen);
  const run = trailing(history, isIdle);
  if (comparisons(run) < COMPARISONS) return undefined;
  const reasons = [`the engine has seen ${short(latest.seenRevision)}, differs from it, and starts no sync`];
  return decide(say(scene, 'blocked', [...reasons, ...latest.reasons]), holding(run, options.degradedGrace, 0));
}

function comparisons(run: readonly RelatedObservation[]): number {
  return new Set(run.map(({ comparedAt }) => comparedAt).filter((time) => time !== undefined)).size;
}

/** `verdict` when it has held, else still waiting, with the time at which another look could decide. */
function decide(verdict: Verdict, held: Holding): Verdict {
  return held.enough ? verdict : { ...verdict, kind: 'waiting', due: held.due };
}

function say(scene: Scene, kind: Verdict['kind'], reasons: readonly string[]): Verdict {
  return { kind, phase: phaseOf(scene.latest), reasons, observation: scene.latest };
}

/** How far the revision has come, as this observation shows it. */
export function phaseOf(observation: RelatedObservation): Phase {
  const { state, seen, applied, trusted } = observation;
  if (state === 'absent' || state === 'forbidden' || state === 'unreachable') return 'resolve';
  if (!holds(seen)) return holds(applied) ? 'applied' : 'unseen';
  if (state === 'syncing') return 'syncing';
  if (!holds(applied)) return 'seen';
  if (state === 'healthy' && trusted) return 'settling';
  return state === 'progressing' || state === 'degraded' || state === 'suspended' ? 'rolling' : 'applied';
}

function short(revision: string | undefined): string {
  if (revision === undefined) return 'another revision';
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 12) : revision;
}
