import { ToolError } from '../../errors.ts';
import type { Observation, Target } from '../delivery-engine.ts';
import { type AppliedHealth, appliedHealth } from './applied-health.ts';
import type { Finding, Memory } from './finding.ts';
import { type FluxObject, nameOf, readFluxObject } from './flux-object.ts';
import { helmReleaseFinding } from './helm-release.ts';
import { reconcilersOf } from './inventory.ts';
import { HELM_RELEASE, KUSTOMIZATION } from './kinds.ts';
import { kustomizationFinding } from './kustomization.ts';
import { needsOf } from './needs.ts';
import { otherFinding } from './other.ts';
import { podsReadSince, podsSince, workloadTrouble } from './pod-trouble.ts';
import type { Scene } from './relating.ts';
import { readSource, referenced } from './source.ts';
import { fluxTarget, type ObjectName, objectOf } from './target-ref.ts';
import { find, objectKey, stateOf } from './world.ts';

export interface Appraisal {
  /** Absent while not all has been read. */
  readonly observation?: Observation;
  readonly memory: Memory;
  /** All that belongs to it is to be read once more: it has just come to stand where it should, or what was heard is in no order. */
  readonly readAgain: boolean;
  /** It is to be asked to look at once, by a request to itself. */
  readonly ask?: boolean;
  /** The paths that the wanted revision changes are to be asked for. */
  readonly askFiles?: boolean;
}

/** What a target says about the wanted revision. Pure: what was learned before is in `memory`. */
export function appraise(target: Target, memory: Memory, scene: Scene, via: Observation['via']): Appraisal {
  const name = objectOf(target);
  const json = find(scene.world, name);
  if (json === undefined) return { ...unseen(target, name, scene, via), memory, readAgain: false };
  if (!isKnown(name, scene)) return { memory, readAgain: false };
  const object = readFluxObject(json);
  const { doubted: wasDoubted = false, ...before } = memory;
  const found = findingOf(object, target, before, scene);
  const at = { target, at: scene.now, via };
  if (!found.current) {
    const { current: _, ...rest } = found.memory;
    const { doubted = false } = found;
    const kept = doubted ? { ...rest, doubted } : rest;
    const observation = observed(at, object, found, undefined, scene);
    const asks = { ...(found.ask && { ask: true }), ...(found.askFiles && { askFiles: true }) };
    return { observation, memory: kept, readAgain: doubted && !wasDoubted, ...asks };
  }
  return standing(at, object, found, name, scene);
}

/** Until each place was read, or refused, what is not there may only not have been read yet. */
function isKnown(name: ObjectName, { world }: Scene): boolean {
  return needsOf(name, world).origin.every((one) => {
    const { readSince, refusal } = stateOf(world, one);
    return readSince !== undefined || refusal !== undefined || find(world, one) !== undefined;
  });
}

function findingOf(object: FluxObject, target: Target, memory: Memory, scene: Scene): Finding {
  if (object.kind === 'Kustomization') return kustomizationFinding(object, target, memory, scene);
  if (object.kind === 'HelmRelease') return helmReleaseFinding(object, target, memory, scene);
  return otherFinding(object, target, memory, scene);
}

function unseen(target: Target, name: ObjectName, { world, now }: Scene, via: Observation['via']) {
  const { refusal, readSince } = stateOf(world, name);
  if (refusal === undefined && readSince === undefined) return {};
  if (isClosed(name, world)) return { observation: unreachable(target, closed(name, refusal?.message ?? ''), now) };
  const state = refusal?.kind === 'forbidden' ? 'forbidden' : 'absent';
  const reason = refusal?.message ?? `there is no ${name.kind} ${name.name} in the namespace ${name.namespace}`;
  return { observation: withFingerprint({ ...NOTHING, target, at: now, via, state, reasons: [reason] }) };
}

/** Refused with the whole kind, and then by its name as well, each of them twice: no time brings that right. */
function isClosed(name: ObjectName, { places }: Scene['world']): boolean {
  return places.get(objectKey(name))?.refusal?.kind === 'forbidden';
}

function closed(name: ObjectName, message: string): ToolError {
  return new ToolError('denied', `${nameOf(name)} may not be read: ${message}`, {
    hint: 'It takes the rights to get, list and watch.',
  });
}

/** It could not be read for too long, or not at all. */
export function unreachable(target: Target, error: ToolError, now: number): Observation {
  const reasons = error.hint === undefined ? [error.message] : [error.message, error.hint];
  const state = 'unreachable' as const;
  return withFingerprint({
    ...NOTHING,
    target,
    at: now,
    via: 'read',
    state,
    final: true,
    problem: error.code,
    reasons,
  });
}

const NOTHING = { trusted: false, deployed: [], lasting: 0, final: false, images: [], resources: [] } as const;

type At = Pick<Observation, 'target' | 'at' | 'via'>;

/**
 * It stands at what it was asked for; now the objects count that it has applied. They were changed before it says so, but that
 * may not have been heard of yet: so they are believed from when they were read after that.
 */
function standing(at: At, object: FluxObject, found: Finding, name: ObjectName, scene: Scene): Appraisal {
  const { memory } = found;
  const key = `${found.applied} ${object.generation}`;
  const isNew = memory.current?.key !== key;
  const since = isNew ? scene.now : (memory.current?.since ?? scene.now);
  const current = { key, since };
  const health = withPods(appliedHealth(object, scene.world), object, scene);
  const readSince = knownSince(name, scene, health);
  const settled = { since: Math.max(found.since ?? Number.POSITIVE_INFINITY, originSince(name, scene)) };
  const isConfirmed = readSince >= current.since || isLongAgo(object, settled, readSince, scene);
  if (!isConfirmed || health.state !== 'healthy') {
    const observation = observed(at, object, found, isConfirmed ? health : unconfirmed(health), scene);
    return { observation, memory: { ...memory, current }, readAgain: isNew };
  }
  const healthySince = isNew ? scene.now : (memory.current?.healthySince ?? scene.now);
  // What was read together is not newer than its oldest part, and no older than when all of it was well.
  const known = Math.max(healthySince, knownSince(name, scene, health));
  const observation = observed({ ...at, at: Math.min(known, scene.now) }, object, found, health, scene);
  return { observation, memory: { ...memory, current: { ...current, healthySince } }, readAgain: isNew };
}

/** Milliseconds by which the clocks of the controllers and of the API server may differ. */
const SKEW = 10_000;

/**
 * Whether it had come to stand there well before its objects were read. Kustomizations and HelmReleases are not Ready while they
 * change anything; of others that is not known.
 */
function isLongAgo(
  { kind }: FluxObject,
  { since }: { readonly since: number },
  readSince: number,
  { now, serverNow }: Scene,
): boolean {
  const isToldByReady = kind === KUSTOMIZATION.kind || kind === HELM_RELEASE.kind;
  if (!isToldByReady || serverNow === undefined) return false;
  return readSince - now + serverNow - since >= SKEW;
}

/**
 * When the last of those was ready that its revisions come from. A chart says of which commit it was built a moment before it
 * has the artifact of that, while its release still stands at the one before.
 */
function originSince(name: ObjectName, { world }: Scene): number {
  const times = needsOf(name, world).origin.flatMap((one) => {
    const json = find(world, one);
    return json === undefined ? [] : (readFluxObject(json).ready?.since ?? []);
  });
  return Math.max(0, ...times);
}

/** What only pods tell: that a rollout gets nowhere, or that what looks well has just ended once. */
function withPods(applied: AppliedHealth, object: FluxObject, scene: Scene): AppliedHealth {
  const { broken, restarted } = workloadTrouble(object, scene);
  const { since, readSince, ...rest } = applied;
  const read = Math.min(readSince ?? Number.NEGATIVE_INFINITY, podsReadSince(object, scene.world));
  const health = { ...rest, since: Math.max(since, podsSince(object, scene)), readSince: read };
  if (health.state === 'degraded') return health;
  if (broken !== undefined) return { ...health, state: 'degraded', reasons: [broken, ...health.reasons] };
  if (restarted === undefined || health.state !== 'healthy') return health;
  return { ...health, state: 'progressing', reasons: [restarted, ...health.reasons] };
}

function unconfirmed(health: AppliedHealth): AppliedHealth {
  if (health.state !== 'healthy') return health;
  return { ...health, state: 'progressing', reasons: ['its objects are read once more', ...health.reasons] };
}

/** When the oldest of the lists was asked for that say how it stands. */
function knownSince(name: ObjectName, { world }: Scene, health: AppliedHealth): number {
  const { origin } = needsOf(name, world);
  const reads = origin.flatMap((one) => {
    const { readSince, refusal } = stateOf(world, one);
    return refusal === undefined ? [readSince ?? Number.NEGATIVE_INFINITY] : [];
  });
  return Math.min(health.readSince ?? Number.NEGATIVE_INFINITY, ...reads);
}

function observed(
  at: At,
  object: FluxObject,
  found: Finding,
  health: AppliedHealth | undefined,
  scene: Scene,
): Observation {
  const { seen, applied, obstacle, final = false, boundToParent, current } = found;
  const attempt = attemptWith(found, health);
  const since = Math.max(found.since ?? 0, health?.since ?? 0);
  const lasting = current && since > 0 ? lastingSince(since, at.at, scene) : 0;
  const members = membersOf(object, at.target, scene);
  return withFingerprint({
    ...at,
    state: health?.state ?? found.state,
    trusted: current,
    ...(seen === undefined ? {} : { seenRevision: seen }),
    ...(applied === undefined ? {} : { appliedRevision: applied }),
    ...(attempt === undefined ? {} : { attempt }),
    deployed: [],
    lasting,
    ...(obstacle === undefined ? {} : { obstacle }),
    final,
    reasons: [...(health?.reasons ?? []), ...found.reasons],
    images: health?.images ?? [],
    resources: health?.resources ?? [],
    ...(members.length === 0 ? {} : { members }),
    ...(boundToParent === true ? { boundToParent } : {}),
  });
}

/** By when it was known to last. The time is a whole second, cut off: it has lasted for at least that long. */
function lastingSince(since: number, at: number, { now, serverNow }: Scene): number {
  return serverNow === undefined ? 0 : Math.max(0, serverNow - (now - at) - since - 1000);
}

/** An object that cannot get healthy any more is the failure of what was applied. */
function attemptWith({ attempt, applied }: Finding, health: AppliedHealth | undefined): Observation['attempt'] {
  if (health?.lost === undefined || applied === undefined) return attempt;
  return { revision: applied, outcome: 'failed', reason: health.lost };
}

function membersOf(object: FluxObject, target: Target, { world }: Scene): readonly Target[] {
  const name = referenced(object.spec.sourceRef, object.namespace);
  const branch = name === undefined ? undefined : readSource(world, name)?.branch;
  const parent = { name: target.name, ...(branch === undefined ? {} : { branch }) };
  return reconcilersOf(object)
    .map(({ kind, namespace, name: called }) => ({ ...fluxTarget(kind, namespace, called), parent }))
    .filter(({ name: called }) => called !== target.name);
}

function withFingerprint(observation: Omit<Observation, 'fingerprint'>): Observation {
  const { at: _, via: __, lasting: ___, ...rest } = observation;
  return { ...observation, fingerprint: JSON.stringify(rest) };
}
