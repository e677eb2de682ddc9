import { ToolError } from '../../errors.ts';
import type { Json } from '../api/json.ts';
import type { Cluster, ResourceType, Scope } from '../kubernetes-api/cluster.ts';
import { type Following, follow, type Sighting } from '../kubernetes-api/follow.ts';
import { keyOf } from '../kubernetes-api/objects.ts';
import type { ObserveContext } from './observe-context.ts';
import type { ObjectName } from './target-ref.ts';
import { objectKey, type Place, type PlaceState, placeKey } from './world.ts';

/** Objects of one place that are read by their names where its list may not be read. */
const MOST_NAMES = 20;
/** Milliseconds until the kinds of a server are asked for again. */
const ASK_AGAIN = 15_000;
/** Milliseconds between two reads that are asked for, however many targets ask. */
const LOOK_APART = 500;
/**
 * Milliseconds for each object of a list and each target that is looked at again by it, within which it is read twice at most:
 * a second look comes at once, and however many targets come to stand where they should, reading them stays a small part.
 */
const LOOK_TWICE = 20;

export type News =
  | { readonly kind: 'object'; readonly via: 'read' | 'stream'; readonly key: string; readonly object: Json }
  | { readonly kind: 'gone'; readonly via: 'read' | 'stream'; readonly key: string }
  /** The state of the place, or of one object of it, by its key. */
  | { readonly kind: 'state'; readonly key: string; readonly state: PlaceState; readonly serverNow?: number }
  | { readonly kind: 'failed'; readonly error: ToolError };

/** One list and one watch, whoever needs what of it. */
export interface PlaceWatch {
  readonly run: () => Promise<void>;
  /** @param targets how many the wait is for */
  readonly look: (at: number, targets: number) => void;
  /** Makes sure that the object is told of. */
  readonly need: (name: string) => void;
  readonly stop: () => void;
}

interface Watching {
  readonly place: Place;
  readonly context: ObserveContext;
  readonly signal: AbortSignal;
  readonly tell: (news: News) => void;
  readonly names: Set<string>;
  /** By name; the whole place under the empty one. */
  readonly followings: Map<string, Following>;
  readonly running: Promise<void>[];
  /** When a read is wanted that has not begun yet. */
  wanted?: number | undefined;
  /** When the two newest reads were begun, the newest first. */
  asked: readonly [number, number];
  /** Objects in the newest list. */
  size: number;
  type?: ResourceType;
  byName: boolean;
}

export function watchPlace(place: Place, context: ObserveContext, tell: (news: News) => void): PlaceWatch {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const watching: Watching = {
    place,
    context,
    signal,
    tell,
    names: new Set(),
    followings: new Map(),
    running: [],
    byName: false,
    asked: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    size: 0,
  };
  return {
    run: () => attend(watching, stop.signal),
    look: (at, targets) => look(watching, at, targets),
    need: (name) => need(watching, name),
    stop: () => stop.abort(),
  };
}

async function attend(watching: Watching, stopped: AbortSignal): Promise<void> {
  try {
    const type = await findType(watching);
    if (type === undefined) return;
    watching.type = type;
    start(watching, '');
    // Others may be started meanwhile: those of single names.
    for (let index = 0; index < watching.running.length; index++) await watching.running[index];
  } catch (error) {
    if (!stopped.aborted && !watching.signal.aborted) throw error;
  }
}

/** The kind as the server serves it; it may be down for a while, or not serve it at all. */
async function findType({ place, context, signal, tell }: Watching): Promise<ResourceType | undefined> {
  for (;;) {
    try {
      const types = await context.cluster.resources(place.group, signal);
      const type = types.find(({ kind }) => kind === place.kind);
      if (type === undefined) tell({ kind: 'state', key: placeKey(place), state: { refusal: notServed(place) } });
      return type;
    } catch (error) {
      signal.throwIfAborted();
      tell({ kind: 'failed', error: asToolError(error) });
    }
    await context.host.clock.sleep(ASK_AGAIN, signal);
  }
}

function notServed({ group, kind }: Place): NonNullable<PlaceState['refusal']> {
  return {
    kind: 'absent',
    message: `the cluster does not serve the kind ${kind} of ${group === '' ? 'the core' : group}`,
  };
}

function asToolError(error: unknown): ToolError {
  return error instanceof ToolError ? error : new ToolError('internal', String(error), { cause: error });
}

function need(watching: Watching, name: string): void {
  if (watching.names.has(name)) return;
  watching.names.add(name);
  const now = watching.context.host.clock.monotonic();
  if (watching.byName) start(watching, name);
  else look(watching, now, 0);
}

/** Many targets ask for the same read at about the same time. */
function look(watching: Watching, at: number, targets: number): void {
  const [last, before] = watching.asked;
  const due = Math.max(at, last + LOOK_APART, before + Math.max(watching.size, targets) * LOOK_TWICE);
  if (watching.wanted !== undefined && watching.wanted <= due) return;
  watching.wanted = due;
  for (const following of watching.followings.values()) following.look(due);
}

/** Follows the whole place, or one object of it. */
function start(watching: Watching, name: string): void {
  const { place, context, signal, followings, running, type } = watching;
  if (type === undefined || followings.has(name) || signal.aborted || followings.size > MOST_NAMES) return;
  const { clock } = context.host;
  let asked = clock.monotonic();
  const cluster: Cluster = {
    ...context.cluster,
    async list(scope, listSignal) {
      const askedAt = clock.monotonic();
      watching.asked = [askedAt, watching.asked[0]];
      if (watching.wanted !== undefined && watching.wanted <= askedAt) watching.wanted = undefined;
      const reading = await context.cluster.list(scope, listSignal);
      if (reading.kind !== 'found') return reading;
      asked = askedAt;
      watching.size = reading.value.items.length;
      return reading;
    },
  };
  const scope: Scope = {
    type,
    ...(type.namespaced && place.namespace !== '' ? { namespace: place.namespace } : {}),
    ...(name === '' ? {} : { name }),
  };
  const see = (sighting: Sighting) => receive(watching, name, sighting, () => asked);
  const following = follow(cluster, scope, context.host, signal, see);
  followings.set(name, following);
  if (watching.wanted !== undefined) following.look(watching.wanted);
  running.push(following.run());
}

function receive(watching: Watching, name: string, sighting: Sighting, asked: () => number): void {
  const { place, tell } = watching;
  const keyFor = (called: string) => objectKey({ ...place, name: called } satisfies ObjectName);
  const key = name === '' ? placeKey(place) : keyFor(name);
  if (sighting.kind === 'object') {
    const { via, object } = sighting;
    tell({ kind: 'object', via, key: keyFor(keyOf(object).name), object: withKind(object, watching) });
  } else if (sighting.kind === 'gone') {
    tell({ kind: 'gone', via: sighting.via, key: keyFor(sighting.key.name) });
  } else if (sighting.kind === 'listed') {
    const { serverNow } = sighting;
    tell({ kind: 'state', key, state: { readSince: asked() }, ...(serverNow === undefined ? {} : { serverNow }) });
  } else if (sighting.kind === 'failed') {
    tell({ kind: 'failed', error: sighting.error });
  } else {
    refused(watching, name, key, sighting.reading);
  }
}

/** The objects of a list do not say of which kind they are. */
function withKind(object: Json, { type, place }: Watching): Json {
  if (object.kind !== undefined && object.apiVersion !== undefined) return object;
  const apiVersion = place.group === '' ? type?.version : `${place.group}/${type?.version}`;
  return { ...object, apiVersion, kind: place.kind };
}

/** A role may allow single names only: then the objects that are needed are followed one by one. */
function refused(
  watching: Watching,
  name: string,
  key: string,
  reading: Extract<Sighting, { kind: 'refused' }>['reading'],
): void {
  const { place, tell, names, followings } = watching;
  const kind = reading.kind === 'absent' ? 'absent' : 'forbidden';
  tell({ kind: 'state', key, state: { refusal: { kind, message: reading.message } } });
  if (name !== '' || kind !== 'forbidden' || place.namespace === '' || watching.byName) return;
  watching.byName = true;
  followings.get('')?.stop();
  followings.delete('');
  for (const one of names) start(watching, one);
}
