import type { ToolError } from '../../errors.ts';
import type { Json } from '../api/json.ts';
import type { Observation, Observing, Target } from '../delivery-engine.ts';
import { type Gathering, gathering } from '../gathering.ts';
import { appraise, unreachable } from './appraise.ts';
import type { Memory } from './finding.ts';
import { isSourceKind } from './kinds.ts';
import { needsOf } from './needs.ts';
import { nudge } from './nudge.ts';
import type { ObserveContext } from './observe-context.ts';
import { isPodPlace } from './pod-trouble.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { type ObjectName, objectOf } from './target-ref.ts';
import { type News, type PlaceWatch, watchPlace } from './watch-place.ts';
import { objectKey, type Place, type PlaceState, placeKey } from './world.ts';

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

interface Crowd {
  readonly context: ObserveContext;
  readonly gathering: Gathering;
  readonly objects: Map<string, Json>;
  readonly states: Map<string, PlaceState>;
  readonly watches: Map<string, PlaceWatch>;
  readonly failing: Map<string, number>;
  readonly targets: Map<string, Followed>;
  readonly nudges: Map<string, { readonly at: number; readonly times: number }>;
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
    watches: new Map(),
    failing: new Map(),
    targets: new Map(),
    nudges: new Map(),
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
  const followed: Followed = { target, name, memory: {}, objects: new Set(), places: new Set() };
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
  for (const key of followed?.places ?? []) crowd.watches.get(key)?.look(at);
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

function worldOf({ objects, states }: Crowd) {
  return { objects, places: states };
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
  if (news.kind === 'gone') crowd.objects.delete(news.key);
  else if (isPodPlace(place) || isNeeded(crowd, news.key)) crowd.objects.set(news.key, news.object);
  if (news.via === 'read') return;
  const concerns = (one: Followed) => one.objects.has(news.key) || (isPodPlace(place) && one.places.has(place));
  for (const one of crowd.targets.values()) if (concerns(one)) consider(crowd, one, 'stream');
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
  const { observation, memory, readAgain } = appraise(followed.target, followed.memory, scene, via);
  followed.memory = memory;
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

function sceneOf({ context, objects, states, offset }: Crowd, now: number): Scene {
  const { wanted, normalise, grace, chartChanged, options } = context;
  const world = { objects, places: states };
  const serverNow = offset === undefined ? {} : { serverNow: now + offset };
  return { world, wanted, related: options.related, normalise, now, ...serverNow, grace, chartChanged };
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
    const key = objectKey(source);
    const last = crowd.nudges.get(key) ?? { at: Number.NEGATIVE_INFINITY, times: 0 };
    const isDue = scene.now - last.at >= NUDGE_AGAIN && last.times < MOST_NUDGES && scene.world.objects.has(key);
    if (!isSourceKind(source.kind) || source.kind === 'HelmChart' || !isDue) continue;
    crowd.nudges.set(key, { at: scene.now, times: last.times + 1 });
    crowd.gathering.run(() => send(crowd, source, key));
  }
}

/** A right that is missing is said once: Flux looks by itself in time. */
async function send({ context, nudges }: Crowd, source: ObjectName, key: string): Promise<void> {
  const { cluster, host, signal } = context;
  try {
    const result = await nudge(cluster, source, host, signal);
    if (result.kind !== 'refused') return;
    nudges.set(key, { at: Number.POSITIVE_INFINITY, times: MOST_NUDGES });
    host.log.info(`${result.reason}. It looks by itself, after its own interval.`);
  } catch (error) {
    if (!signal.aborted) host.log.debug(`A source could not be asked to look at once: ${String(error)}`);
  }
}
