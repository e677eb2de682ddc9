import type { ToolError } from '../../errors.ts';
import { observeTrying } from '../away.ts';
import type { Observation, Observing, Target } from '../delivery-engine.ts';
import { type Gathering, gathering } from '../gathering.ts';
import { appraise, unreachable } from './appraise.ts';
import type { Memory } from './finding.ts';
import { type Kept, keepObject, keepPod, worldOf } from './kept.ts';
import { HELM_RELEASE, isSourceKind } from './kinds.ts';
import { needsOf } from './needs.ts';
import { type Nudged, nudge } from './nudge.ts';
import type { ObserveContext } from './observe-context.ts';
import { isPodPlace } from './pod-trouble.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { type ObjectName, objectOf } from './target-ref.ts';
import { afterRequest } from './values.ts';
import { type News, type PlaceWatch, watchPlace } from './watch-place.ts';
import { objectKey, type Place, placeKey } from './world.ts';

/** Milliseconds for which a server may be away before its targets are given up. */
const AWAY = 60_000;
/** Milliseconds between two requests to look, and how many there are at most. */
const NUDGE_AGAIN = 60_000;
const MOST_NUDGES = 5;
/** Milliseconds within which the same is told once. */
const SAME_MOMENT = 400;

interface Followed {
  readonly target: Target;
  readonly name: ObjectName;
  memory: Memory;
  /** What was told last, and when. */
  told?: { readonly observation: Observation; readonly at: number };
  /** Keys of the objects that it is judged by, and of their places. */
  objects: ReadonlySet<string>;
  places: ReadonlySet<string>;
}

interface Crowd extends Kept {
  readonly context: ObserveContext;
  readonly gathering: Gathering;
  readonly watches: Map<string, PlaceWatch>;
  readonly failing: Map<string, number>;
  readonly targets: Map<string, Followed>;
  readonly nudges: Map<string, { readonly at: number; readonly times: number }>;
  /** What the wanted revision changes, once that was asked for. */
  changedFiles: Scene['changedFiles'] | undefined;
  isAsking: boolean;
  /** What to add to `Clock.monotonic` to get the server's time. */
  offset?: number;
}

/**
 * All targets side by side. However many there are, each kind is listed and watched once in each namespace; what one list or
 * one event tells is told of every target that it concerns.
 */
export function observe(targets: readonly Target[], outer: ObserveContext): Observing {
  const all = gathering(outer.host.clock, outer.signal);
  const crowd: Crowd = {
    context: { ...outer, signal: all.signal },
    gathering: all,
    objects: new Map(),
    states: new Map(),
    pods: new Map(),
    watches: new Map(),
    failing: new Map(),
    targets: new Map(),
    nudges: new Map(),
    changedFiles: outer.options.changedFiles === undefined ? undefined : 'not read yet',
    isAsking: false,
  };
  return {
    observations: all.observations(() => {
      for (const target of targets) join(crowd, target);
    }),
    look: (target, at) => lookAt(crowd, crowd.targets.get(target.name), at),
    join: (target) => join(crowd, target),
    leave: (target) => leave(crowd, target),
  };
}

function join(crowd: Crowd, target: Target): void {
  if (crowd.targets.has(target.name) || crowd.context.signal.aborted) return;
  const name = objectOf(target);
  const unasked = crowd.context.options.refresh ? {} : { unasked: 'it is not asked to, since refresh is off' };
  const followed: Followed = { target, name, memory: unasked, objects: new Set(), places: new Set() };
  crowd.targets.set(target.name, followed);
  follow(crowd, followed);
  lookAt(crowd, followed, crowd.context.host.clock.monotonic());
}

function leave(crowd: Crowd, { name }: Target): void {
  crowd.targets.delete(name);
  const needed = new Set([...crowd.targets.values()].flatMap(({ places }) => [...places]));
  for (const [key, watch] of crowd.watches) {
    if (needed.has(key)) continue;
    watch.stop();
    crowd.watches.delete(key);
    crowd.states.delete(key);
  }
}

function lookAt(crowd: Crowd, followed: Followed | undefined, at: number): void {
  for (const key of followed?.places ?? []) crowd.watches.get(key)?.look(at, crowd.targets.size);
}

/** Follows everything that the target is judged by, as far as that is known by now. */
function follow(crowd: Crowd, followed: Followed): void {
  const { origin, applied, dependencies, pods } = needsOf(followed.name, worldOf(crowd));
  const names = [...origin, ...applied, ...dependencies];
  followed.objects = new Set(names.map(objectKey));
  followed.places = new Set([...names, ...pods].map(placeKey));
  for (const place of pods) if (!crowd.watches.has(placeKey(place))) startWatch(crowd, placeKey(place), place);
  for (const name of names) {
    const key = placeKey(name);
    const watch = crowd.watches.get(key) ?? startWatch(crowd, key, name);
    watch.need(name.name);
  }
}

function startWatch(crowd: Crowd, key: string, { group, kind, namespace }: Place): PlaceWatch {
  const watch = watchPlace({ group, kind, namespace }, crowd.context, (news) => receive(crowd, key, news));
  crowd.watches.set(key, watch);
  crowd.gathering.run(watch.run);
  return watch;
}

function receive(crowd: Crowd, place: string, news: News): void {
  const now = crowd.context.host.clock.monotonic();
  if (news.kind === 'failed') {
    failed(crowd, place, news.error, now);
    return;
  }
  crowd.failing.delete(place);
  if (news.kind === 'state') {
    crowd.states.set(news.key, news.state);
    if (news.serverNow !== undefined) crowd.offset = news.serverNow - now;
    // The objects of a list come before it: all that it concerns is judged by the whole of it.
    for (const one of crowd.targets.values()) if (one.places.has(place)) consider(crowd, one, 'read');
    return;
  }
  const concerned = isPodPlace(place) ? keepPod(crowd, news) : keepObject(crowd, news, isNeeded(crowd, news.key));
  if (news.via === 'read' || concerned === undefined) return;
  for (const one of crowd.targets.values()) if (one.objects.has(concerned)) consider(crowd, one, 'stream');
}

/** Objects of other applications in the same namespace are not kept. */
function isNeeded({ targets }: Crowd, key: string): boolean {
  return [...targets.values()].some(({ objects }) => objects.has(key));
}

function failed(crowd: Crowd, place: string, error: ToolError, now: number): void {
  const since = crowd.failing.get(place) ?? now;
  crowd.failing.set(place, since);
  if (error.code === 'temporary' && now - since < AWAY) {
    crowd.context.host.log.debug(`The cluster could not be read and is asked again: ${error.message}`);
    const unread = crowd.states.size > 0 ? [] : [...crowd.targets.values()].filter((one) => one.places.has(place));
    for (const { target } of unread) crowd.gathering.tell(observeTrying(target, error, now));
    return;
  }
  for (const one of crowd.targets.values()) {
    if (one.places.has(place)) crowd.gathering.tell(unreachable(one.target, error, now));
  }
}

function consider(crowd: Crowd, followed: Followed, via: Observation['via']): void {
  const now = crowd.context.host.clock.monotonic();
  follow(crowd, followed);
  const scene = sceneOf(crowd, now);
  const { observation, memory, readAgain, ask, askFiles } = appraise(followed.target, followed.memory, scene, via);
  followed.memory = memory;
  if (ask === true) askRelease(crowd, followed, now);
  if (askFiles === true) lookUpFiles(crowd);
  if (readAgain) lookAt(crowd, followed, now);
  if (readAgain) readMembers(crowd, followed, now);
  if (observation === undefined) return;
  if (isNews(followed, observation, now)) {
    followed.told = { observation, at: now };
    crowd.gathering.tell(observation);
  }
  nudgeSources(crowd, followed, observation, scene);
}

/** Lists that are read together tell the same several times. */
function isNews({ told }: Followed, observation: Observation, now: number): boolean {
  if (told === undefined || now - told.at >= SAME_MOMENT) return true;
  const { fingerprint, at, state } = told.observation;
  return fingerprint !== observation.fingerprint || (state === 'healthy' && at !== observation.at);
}

function sceneOf(crowd: Crowd, now: number): Scene {
  const { context, offset, changedFiles } = crowd;
  const { wanted, normalise, grace, chartChanged, options } = context;
  const world = worldOf(crowd);
  const serverNow = offset === undefined ? {} : { serverNow: now + offset };
  const changed = changedFiles === undefined ? {} : { changedFiles };
  return { world, wanted, related: options.related, normalise, now, ...serverNow, grace, chartChanged, ...changed };
}

/** What a parent has applied counts from when it was read after that. */
function readMembers(crowd: Crowd, { target }: Followed, now: number): void {
  for (const one of crowd.targets.values()) if (one.target.parent?.name === target.name) lookAt(crowd, one, now);
}

/** Once for each source, and again only while it goes on showing something else. */
function nudgeSources(crowd: Crowd, { target, name }: Followed, observation: Observation, scene: Scene): void {
  const { options, wanted } = crowd.context;
  const isThere = observation.seenRevision === wanted.revision || holdsWanted(scene, observation.seenRevision);
  if (!options.refresh || target.parent !== undefined || isThere || observation.obstacle !== undefined) return;
  const { origin } = needsOf(name, scene.world);
  for (const source of origin) {
    const isAskable = isSourceKind(source.kind) && source.kind !== 'HelmChart';
    if (!isAskable || !scene.world.objects.has(objectKey(source)) || !isNudgeDue(crowd, source, scene.now)) continue;
    crowd.gathering.run(() => send(crowd, source));
  }
}

/** Notes that it is asked now. */
function isNudgeDue({ nudges }: Crowd, name: ObjectName, now: number): boolean {
  const key = objectKey(name);
  const last = nudges.get(key) ?? { at: Number.NEGATIVE_INFINITY, times: 0 };
  if (now - last.at < NUDGE_AGAIN || last.times >= MOST_NUDGES) return false;
  nudges.set(key, { at: now, times: last.times + 1 });
  return true;
}

/** Once, and for all targets. */
function lookUpFiles(crowd: Crowd): void {
  const { changedFiles } = crowd.context.options;
  if (crowd.isAsking || changedFiles === undefined) return;
  crowd.isAsking = true;
  crowd.gathering.run(async () => {
    crowd.changedFiles = await changedFiles().catch((error: unknown) => {
      crowd.context.host.log.info(`What the revision changes is not known: ${String(error)}`);
      return undefined;
    });
    const now = crowd.context.host.clock.monotonic();
    for (const one of crowd.targets.values()) if (one.target.kind === HELM_RELEASE.kind) lookAt(crowd, one, now);
  });
}

/** A release whose values were changed beside it. */
function askRelease(crowd: Crowd, followed: Followed, now: number): void {
  if (!isNudgeDue(crowd, followed.name, now)) return;
  crowd.gathering.run(async () => {
    const result = await send(crowd, followed.name);
    const { memory } = followed;
    if (result?.kind === 'done') followed.memory = afterRequest(memory, result.object);
    if (result?.kind === 'refused') followed.memory = { ...memory, unasked: 'it may not be asked to' };
    if (result?.kind === 'refused') consider(crowd, followed, 'stream');
  });
}

/** A right that is missing is said once: Flux looks by itself in time. */
async function send({ context, nudges }: Crowd, name: ObjectName): Promise<Nudged | undefined> {
  const { cluster, host, signal } = context;
  try {
    const result = await nudge(cluster, name, host, signal);
    if (result.kind !== 'refused') return result;
    nudges.set(objectKey(name), { at: Number.POSITIVE_INFINITY, times: MOST_NUDGES });
    host.log.info(`${result.reason}. It looks by itself, after its own interval.`);
    return result;
  } catch (error) {
    if (!signal.aborted)
      host.log.debug(`${name.kind} ${name.name} could not be asked to look at once: ${String(error)}`);
    return undefined;
  }
}
