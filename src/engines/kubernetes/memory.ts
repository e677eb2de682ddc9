import type { Json } from '../api/json.ts';
import { observeGone, observeTrying } from '../away.ts';
import type { Observation, Target, Wanted } from '../delivery-engine.ts';
import type { ObjectKey } from '../kubernetes-api/cluster.ts';
import type { Sighting } from '../kubernetes-api/follow.ts';
import { keyOf, printKey } from '../kubernetes-api/objects.ts';
import { type ContainerImages, containerImages, podsOf, podTemplateOf } from '../object-health/pod-template.ts';
import { endingFor } from '../object-health/restarts.ts';
import { observeAbsent, observeRefused } from './away.ts';
import { hasPods, interpret, isTold, podsOfSight, type Sight } from './interpret.ts';
import { dated, interrupted, judgedAs, lookedAt, type Steadiness } from './steadiness.ts';

export interface MemoryOptions {
  readonly wanted: Wanted;
  /** By the name of the target, the images of the file that was applied. */
  readonly applied: ReadonlyMap<string, ContainerImages>;
}

/** What is known of all targets of one wait. It does nothing but remember and judge; times are handed in. */
export interface Memory {
  /** What a sighting of the objects of these targets, which are of one kind and namespace, says of them. */
  seeObjects(targets: readonly Target[], sighting: Sighting, now: number): readonly Observation[];
  /** What a sighting of the pods of a namespace says of all targets in it. */
  seePods(namespace: string, sighting: Sighting, now: number): readonly Observation[];
  /** The object of a target as it was last seen. */
  objectOf(target: Target): Json | undefined;
  forget(target: Target): void;
}

/** Milliseconds of failing reads after which a target counts as unreachable. */
const GIVE_UP = 120_000;

/** Milliseconds of failing reads after which what was known of pods says nothing more. */
const OUTDATED = 60_000;

interface Known {
  readonly target: Target;
  object?: Json | undefined;
  seenAt: number;
  /** It was told as a part of a list that is not at its end yet. */
  inList?: boolean;
  first?: ContainerImages | undefined;
  failingSince?: number | undefined;
  steadiness: Steadiness;
  /** What was read again since it was told of last: the object, and its pods, where they play a part. */
  read: { object: boolean; pods: boolean };
  last?: Observation;
}

interface Pods {
  readonly byKey: Map<string, Json>;
  state: 'unknown' | 'known' | 'unreadable';
  /** When the last list of them was whole. */
  readAt: number;
  /** The target that says which right is missing, so that it is said once. */
  teller?: string;
  missing?: string;
}

interface State {
  readonly options: MemoryOptions;
  readonly targets: Map<string, Known>;
  readonly pods: Map<string, Pods>;
  clock?: { readonly server: number; readonly at: number };
}

export function memory(options: MemoryOptions): Memory {
  const state: State = { options, targets: new Map(), pods: new Map() };
  return {
    seeObjects: (targets, sighting, now) => seeObjects(state, targets, sighting, now),
    seePods: (namespace, sighting, now) => seePods(state, namespace, sighting, now),
    objectOf: ({ name }) => state.targets.get(name)?.object,
    forget: ({ name }) => void state.targets.delete(name),
  };
}

function seeObjects(state: State, targets: readonly Target[], sighting: Sighting, now: number): readonly Observation[] {
  if (sighting.kind === 'listed') tellTime(state, sighting.serverNow, now);
  const concerned = targets.filter((target) => concerns(target, sighting));
  return concerned.flatMap((target) => {
    const known = knownOf(state, target, now);
    return tell(known, seeOne(state, known, sighting, now));
  });
}

/** Times never go back: what its pods have told meanwhile was no less true than what is told now. */
function tell(known: Known, observation: Observation | undefined): readonly Observation[] {
  if (observation === undefined) return [];
  const isAnew = known.steadiness.isAnew && observation.state === 'healthy';
  // Told of each list by itself, what is well would be read again at once, over and over, while the other is on its way.
  const isHalf = !isAnew && observation.state === 'healthy' && !(known.read.object && known.read.pods);
  if (isHalf && !isOther(observation, known.last)) return [];
  known.read = { object: false, pods: false };
  const inOrder = { ...observation, at: Math.max(observation.at, known.last?.at ?? 0) };
  known.last = inOrder;
  return isAnew ? [interrupted(inOrder), inOrder] : [inOrder];
}

function concerns({ name, namespace }: Target, sighting: Sighting): boolean {
  if (sighting.kind !== 'object' && sighting.kind !== 'gone') return true;
  const key = sighting.kind === 'object' ? keyOf(sighting.object) : sighting.key;
  return printKey(key) === printKey(keyOfTarget({ name, namespace }));
}

function keyOfTarget({
  name,
  namespace,
}: {
  readonly name: string;
  readonly namespace: string | undefined;
}): ObjectKey {
  return { name: name.split('/').at(-1) ?? '', ...(namespace === undefined ? {} : { namespace }) };
}

function knownOf(state: State, target: Target, now: number): Known {
  const known = state.targets.get(target.name) ?? {
    target,
    seenAt: now,
    steadiness: { isAnew: false },
    read: { object: false, pods: false },
  };
  state.targets.set(target.name, known);
  return known;
}

function tellTime(state: State, serverNow: number | undefined, now: number): void {
  if (serverNow !== undefined) state.clock = { server: serverNow, at: now };
}

function seeOne(state: State, known: Known, sighting: Sighting, now: number): Observation | undefined {
  const { target } = known;
  switch (sighting.kind) {
    case 'object':
      take(state, known, sighting.object, now);
      // What time it is at the server, by which what was read is judged, is told at the end of the list.
      known.inList = sighting.via === 'read';
      return known.inList ? undefined : observe(state, known, 'stream', now);
    case 'gone':
      return gone(known, now);
    case 'listed':
      known.failingSince = undefined;
      if (known.object === undefined) return gone(known, now);
      return endOfList(state, known, now);
    case 'refused':
      known.object = undefined;
      return observeRefused(target, sighting.reading, now);
    case 'failed': {
      known.failingSince ??= now;
      const isPassing = sighting.error.code === 'temporary' || sighting.error.code === 'protocol';
      if (!isPassing || now - known.failingSince >= GIVE_UP) return observeGone(target, sighting.error, now);
      return known.last === undefined ? observeTrying(target, sighting.error, now) : undefined;
    }
  }
}

function endOfList(state: State, known: Known, now: number): Observation | undefined {
  const isNew = known.inList === true;
  known.inList = false;
  return isNew ? observe(state, known, 'read', now) : undefined;
}

function take({ options }: State, known: Known, object: Json, now: number): void {
  known.object = object;
  known.seenAt = now;
  known.read.object = true;
  const live = containerImages(podTemplateOf(object));
  const applied = options.applied.get(known.target.name);
  if (!isTold({ applied, wanted: options.wanted }, live)) known.first ??= live;
}

/** A Job may be cleaned up as soon as it is done (https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/). */
function gone(known: Known, now: number): Observation {
  const { target, last } = known;
  known.object = undefined;
  known.steadiness = { ...known.steadiness, isAnew: false };
  // Its pods go with it.
  known.read = { object: true, pods: true };
  if (target.kind === 'Job' && last?.state === 'healthy') return { ...last, at: now };
  return observeAbsent(target, now);
}

function observe(state: State, known: Known, via: Observation['via'], now: number): Observation | undefined {
  const { target, object, first } = known;
  if (object === undefined) return undefined;
  const pods = state.pods.get(target.namespace ?? '');
  const { clock } = state;
  const sight: Sight = {
    target,
    object,
    pods: pods === undefined ? 'unknown' : pods.state === 'known' ? [...pods.byKey.values()] : pods.state,
    now,
    via,
    serverNow: clock === undefined ? undefined : clock.server + now - clock.at,
    wanted: state.options.wanted,
    applied: state.options.applied.get(target.name),
    first,
  };
  const withPods = hasPods(target.kind);
  const isByPods = withPods && pods?.state === 'known';
  if (!isByPods) known.read.pods = true;
  const looked = lookedAt(known.steadiness, object, isByPods ? podsOfSight(sight) : undefined, now);
  const interpreted = interpret({
    ...sight,
    endingFor: looked.course === undefined ? 0 : endingFor(looked.course, now),
  });
  // While pods were not looked at, nothing is known to be wrong.
  known.steadiness = withPods && sight.pods === 'unknown' ? looked : judgedAs(looked, interpreted.state, now);
  const times = { now, objectAt: known.seenAt, podsAt: isByPods ? pods.readAt : undefined };
  const observation = dated(interpreted, known.steadiness, times);
  const note = pods?.teller === target.name ? pods.missing : undefined;
  if (note === undefined) return observation;
  const { reasons, fingerprint } = observation;
  return { ...observation, reasons: [...reasons, note], fingerprint: `${fingerprint} ${note}` };
}

function seePods(state: State, namespace: string, sighting: Sighting, now: number): readonly Observation[] {
  const pods: Pods = state.pods.get(namespace) ?? { byKey: new Map(), state: 'unknown', readAt: now };
  state.pods.set(namespace, pods);
  const watching = [...state.targets.values()].filter(
    ({ target, object }) => target.namespace === namespace && hasPods(target.kind) && object !== undefined,
  );
  const concerned = receivePods(state, pods, sighting, watching, now);
  return concerned.flatMap((known) => {
    if (sighting.kind === 'listed') known.read.pods = true;
    const observation = observe(state, known, sighting.kind === 'listed' ? 'read' : 'stream', now);
    // That they are as they were is news of a list, which is whole, to those who judge by time.
    const isNews = sighting.kind === 'listed' || known.steadiness.isAnew || isOther(observation, known.last);
    return isNews ? tell(known, observation) : [];
  });
}

function isOther(observation: Observation | undefined, last: Observation | undefined): boolean {
  return observation?.fingerprint !== last?.fingerprint;
}

/** Takes a sighting of pods in, and says which of the targets it is about. */
function receivePods(
  state: State,
  pods: Pods,
  sighting: Sighting,
  watching: readonly Known[],
  now: number,
): readonly Known[] {
  switch (sighting.kind) {
    case 'object':
      pods.byKey.set(printKey(keyOf(sighting.object)), sighting.object);
      // Before the list is whole, what it lacks would be taken for absent.
      return pods.state === 'unknown' ? [] : ownersOf(sighting.object, watching);
    case 'gone': {
      const before = pods.byKey.get(printKey(sighting.key));
      pods.byKey.delete(printKey(sighting.key));
      return before === undefined ? [] : ownersOf(before, watching);
    }
    case 'listed':
      tellTime(state, sighting.serverNow, now);
      pods.state = 'known';
      pods.readAt = now;
      delete pods.missing;
      return watching;
    case 'refused':
      return unreadable(
        pods,
        `without the right to get, list and watch pods, crashes are not noticed early: ${sighting.reading.message}`,
        watching,
      );
    case 'failed':
      return pods.state === 'known' && now - pods.readAt < OUTDATED
        ? []
        : unreadable(pods, `pods cannot be read: ${sighting.error.message}`, watching);
  }
}

function ownersOf(pod: Json, watching: readonly Known[]): readonly Known[] {
  return watching.filter(({ object }) => object !== undefined && podsOf(object, [pod]).length > 0);
}

function unreadable(pods: Pods, missing: string, watching: readonly Known[]): readonly Known[] {
  const isNew = pods.state !== 'unreadable';
  pods.state = 'unreadable';
  pods.byKey.clear();
  pods.missing = missing;
  const [teller] = watching;
  if (pods.teller === undefined && teller !== undefined) pods.teller = teller.target.name;
  return isNew ? watching : [];
}
