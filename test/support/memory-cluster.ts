import type { Json } from '../../src/engines/api/json.ts';
import { KNOWN_KINDS } from '../../src/engines/kubernetes/kinds.ts';
import type { Cluster, Reading, ResourceType, Scope, WatchEvent } from '../../src/engines/kubernetes-api/cluster.ts';
import { keyOf } from '../../src/engines/kubernetes-api/objects.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** At a time, in milliseconds of the clock, an object is as it is given, or gone. */
export type Deed =
  | { readonly at: number; readonly object: Json }
  | { readonly at: number; readonly gone: string; readonly kind: string };

export interface ClusterScript {
  readonly deeds: readonly Deed[];
  /** Plurals that may not be read. */
  readonly forbidden?: readonly string[];
  /** Kinds of other groups that are served. */
  readonly types?: readonly ResourceType[];
  readonly logs?: readonly string[];
}

export interface MemoryCluster extends Cluster {
  /** What was asked, such as `list pods app=web` and `watch deployments`. */
  readonly asked: string[];
  /** How many watches of a kind were open at the same time, at most. */
  readonly mostOpen: Map<string, number>;
}

const REFUSED = (plural: string) => ({ kind: 'forbidden', status: 403, message: `${plural} is forbidden` }) as const;

/** Objects that change by a script, served as an API server does; time is that of the clock. */
export function memoryCluster(clock: VirtualClock, script: ClusterScript): MemoryCluster {
  const asked: string[] = [];
  const open = new Map<string, number>();
  const mostOpen = new Map<string, number>();
  const { deeds, forbidden = [], types = [], logs = [] } = script;
  const isForbidden = (plural: string) => forbidden.includes(plural);
  const listed = (scope: Scope) => now(deeds, clock.monotonic()).filter((object) => isIn(scope, object));
  const ask = (verb: string, { type, labels, name }: Scope): void => {
    asked.push([verb, type.plural, labels ?? name].filter(Boolean).join(' '));
  };
  return {
    asked,
    mostOpen,
    location: 'memory',
    namespace: 'shop',
    resources: async (group) => [...KNOWN_KINDS, ...types].filter((type) => type.group === group),
    async list(scope) {
      ask('list', scope);
      if (isForbidden(scope.type.plural)) return REFUSED(scope.type.plural);
      const value = { resourceVersion: String(clock.monotonic()), items: listed(scope) };
      return { kind: 'found', value, serverNow: clock.now() };
    },
    async watch(scope, version, signal) {
      ask('watch', scope);
      if (isForbidden(scope.type.plural)) return REFUSED(scope.type.plural);
      const events = eventsAfter(deeds, scope, Number(version), clock, signal);
      const count = (step: number) => {
        open.set(scope.type.plural, (open.get(scope.type.plural) ?? 0) + step);
        mostOpen.set(
          scope.type.plural,
          Math.max(mostOpen.get(scope.type.plural) ?? 0, open.get(scope.type.plural) ?? 0),
        );
      };
      count(1);
      let isOpen = true;
      const close = () => {
        if (isOpen) count(-1);
        isOpen = false;
      };
      return { kind: 'found', value: { events, close } };
    },
    async get(type, key): Promise<Reading<Json>> {
      const object = listed({ type, ...key })[0];
      return object === undefined
        ? { kind: 'absent', status: 404, message: 'not found' }
        : { kind: 'found', value: object };
    },
    async logs() {
      return isForbidden('pods/log') ? REFUSED('pods/log') : { kind: 'found', value: logs };
    },
    async patch() {
      throw new Error('nothing is ever written');
    },
  };
}

function now(deeds: readonly Deed[], at: number): readonly Json[] {
  const objects = new Map<string, Json>();
  for (const [index, deed] of deeds.entries()) {
    if (deed.at > at) continue;
    if ('gone' in deed) objects.delete(`${deed.kind}/${deed.gone}`);
    else objects.set(`${String(deed.object.kind)}/${keyOf(deed.object).name}`, versioned(deed.object, index));
  }
  return [...objects.values()];
}

function versioned(object: Json, index: number): Json {
  return { ...object, metadata: { ...(object.metadata as Json), resourceVersion: String(index + 1) } };
}

function isIn({ type, namespace, name, labels }: Scope, object: Json): boolean {
  const key = keyOf(object);
  if (object.kind !== type.kind || key.namespace !== namespace) return false;
  if (name !== undefined && name !== key.name) return false;
  const own: Json = (object.metadata as { labels?: Json }).labels ?? {};
  return (
    labels === undefined || labels.split(',').every((pair) => `${own[pair.split('=')[0] ?? '']}` === pair.split('=')[1])
  );
}

async function* eventsAfter(
  deeds: readonly Deed[],
  scope: Scope,
  version: number,
  clock: VirtualClock,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  for (const [index, deed] of deeds.entries()) {
    if (deed.at <= version) continue;
    await clock.sleep(Math.max(0, deed.at - clock.monotonic()), signal).catch(() => undefined);
    if (signal.aborted) return;
    if ('object' in deed && isIn(scope, deed.object)) yield { kind: 'changed', object: versioned(deed.object, index) };
    if ('gone' in deed && deed.kind === scope.type.kind) {
      const metadata = { name: deed.gone, namespace: scope.namespace, resourceVersion: String(index + 1) };
      yield { kind: 'deleted', object: { kind: deed.kind, metadata } };
    }
  }
  await clock.sleep(3_600_000, signal).catch(() => undefined);
}
