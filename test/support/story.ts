import type { Json } from '../../src/engines/api/json.ts';
import type { Scope } from '../../src/engines/kubernetes-api/cluster.ts';
import { matches } from '../../src/engines/object-health/selector.ts';

/** At that time an object was written, or, without one, deleted. */
export interface Write {
  /** Milliseconds. */
  readonly t: number;
  readonly kind: string;
  readonly name: string;
  readonly object?: Json | undefined;
}

/** What a server did, in the order of its resource versions: that of a write is its number and one. */
export interface Story {
  readonly namespace: string;
  readonly writes: readonly Write[];
  readonly end: number;
  /** Milliseconds since 1970 at the beginning. */
  readonly serverClock: number;
}

export interface StoryState {
  readonly version: number;
  readonly objects: readonly Json[];
}

const SHORT_WAY = new WeakMap<Story, Map<number, StoryState>>();

export function storyOf(recorded: Omit<Story, 'writes'>, writes: readonly Write[]): Story {
  const inOrder = writes.toSorted((a, b) => a.t - b.t);
  const numbered = inOrder.map((write, index) =>
    write.object === undefined ? write : { ...write, object: versioned(write.object, index) },
  );
  return { ...recorded, writes: numbered };
}

function versioned(object: Json, index: number): Json {
  return { ...object, metadata: { ...(object.metadata as Json), resourceVersion: String(index + 1) } };
}

/** All that there is at a time. Told from one array for all who ask at that version. */
export function stateAt(story: Story, t: number): StoryState {
  const next = story.writes.findIndex((write) => write.t > t);
  const version = next < 0 ? story.writes.length : next;
  const known = SHORT_WAY.get(story) ?? new Map<number, StoryState>();
  SHORT_WAY.set(story, known);
  const state = known.get(version) ?? { version, objects: objectsAfter(story, version) };
  known.set(version, state);
  return state;
}

function objectsAfter({ writes }: Story, version: number): readonly Json[] {
  const now = new Map<string, Json | undefined>();
  for (const { kind, name, object } of writes.slice(0, version)) now.set(`${kind}/${name}`, object);
  return [...now.values()].filter((object) => object !== undefined);
}

export interface NumberedEvent {
  readonly write: Write;
  readonly number: number;
  readonly event: { readonly type: string; readonly object: Json };
}

/** What a watch of that scope brings after that version. */
export function eventsOf(story: Story, scope: Scope, version: number): readonly NumberedEvent[] {
  return story.writes.flatMap((write, number): readonly NumberedEvent[] => {
    if (number < version || write.kind !== scope.type.kind) return [];
    const object = write.object ?? lastOf(story, write, number);
    if (object === undefined || !isIn(scope, object)) return [];
    return [{ write, number, event: { type: write.object === undefined ? 'DELETED' : 'MODIFIED', object } }];
  });
}

/** A deleted object is told as it was last, with the version of its deletion. */
function lastOf({ writes }: Story, { kind, name }: Write, number: number): Json | undefined {
  const before = writes.findLast(
    (write, index) => index < number && write.kind === kind && write.name === name && write.object !== undefined,
  );
  return before?.object === undefined ? undefined : versioned(before.object, number);
}

export function isIn({ type, name, labels }: Scope, object: Json): boolean {
  const { name: own, labels: ownLabels = {} } = object.metadata as { readonly name: string; readonly labels?: Json };
  if (object.kind !== type.kind || (name !== undefined && name !== own)) return false;
  const pairs = labels?.split(',').map((pair) => pair.split('=')) ?? [];
  return pairs.length === 0 || matches({ matchLabels: Object.fromEntries(pairs) }, ownLabels);
}

export function isMoment<T extends { readonly from: number; readonly until: number }>(
  time: T | undefined,
  t: number,
): time is T {
  return time !== undefined && t >= time.from && t < time.until;
}
