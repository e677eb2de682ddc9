import { canonical, uid } from '../stand-in/names.ts';
import { stamp } from '../stand-in/times.ts';
import type { KubeObject, Metadata } from './types.ts';

/** One line of a watch. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

type Identity = Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly metadata: Pick<Metadata, 'name' | 'namespace'> };

/** Everything in the cluster, each change of it with a version of its own. */
export interface Store {
  /** Version of the newest change of anything. */
  version(): number;
  all(): readonly KubeObject[];
  get(identity: Identity): KubeObject | undefined;
  /** Writes an object as it should be; that nothing changes is no change. */
  put(object: KubeObject): void;
  /** Changes an object that is there; nothing where it is not. */
  update(identity: Identity, change: (object: KubeObject) => KubeObject): void;
  remove(identity: Identity): void;
  /** Changes after a version; undefined when they are no longer known. */
  since(version: number): readonly Change[] | undefined;
  /** Called at every change, until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** Changes that are remembered for watches. */
const REMEMBERED = 2_000;
const FIRST_VERSION = 300;

export function createStore(now: () => number): Store {
  const objects = new Map<string, KubeObject>();
  const listeners = new Set<(change: Change) => void>();
  let changes: readonly Change[] = [];
  let version = FIRST_VERSION;
  let forgotten = FIRST_VERSION;

  function tell(type: Change['type'], object: KubeObject): void {
    changes = [...changes, { type, object }];
    if (changes.length > REMEMBERED) {
      forgotten = versionOf(changes[changes.length - REMEMBERED - 1]?.object);
      changes = changes.slice(-REMEMBERED);
    }
    for (const listener of [...listeners]) listener({ type, object });
  }

  function put(object: KubeObject): void {
    const key = keyOf(object);
    const before = objects.get(key);
    const next = settled(object, before, now());
    if (before !== undefined && isSame(before, next)) return;
    version++;
    const written = { ...next, metadata: { ...next.metadata, resourceVersion: String(version) } };
    objects.set(key, written);
    tell(before === undefined ? 'ADDED' : 'MODIFIED', written);
  }

  return {
    version: () => version,
    all: () => [...objects.values()],
    get: (identity) => objects.get(keyOf(identity)),
    put,
    update(identity, change) {
      const object = objects.get(keyOf(identity));
      if (object !== undefined) put(change(object));
    },
    remove(identity) {
      const object = objects.get(keyOf(identity));
      if (object === undefined) return;
      objects.delete(keyOf(identity));
      version++;
      tell('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
    },
    since: (from) => (from < forgotten ? undefined : changes.filter(({ object }) => versionOf(object) > from)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keyOf({ apiVersion, kind, metadata: { namespace, name } }: Identity): string {
  return [apiVersion, kind, namespace, name].join(' ');
}

function versionOf(object: KubeObject | undefined): number {
  return Number(object?.metadata.resourceVersion ?? 0);
}

/** With what the API server fills in. A generation counts the changes of the spec; events have none. */
function settled(object: KubeObject, before: KubeObject | undefined, now: number): KubeObject {
  const { metadata, kind } = object;
  const { creationTimestamp = stamp(now), generation = 0 } = before?.metadata ?? {};
  const isChanged = canonical(before?.spec ?? {}) !== canonical(object.spec ?? {}) || before === undefined;
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: before?.metadata.uid ?? metadata.uid ?? uid(`${keyOf(object)} ${now}`),
      creationTimestamp,
      ...(kind === 'Event' ? {} : { generation: generation + (isChanged ? 1 : 0) }),
    },
  };
}

function isSame(before: KubeObject, next: KubeObject): boolean {
  const { resourceVersion: _, ...metadata } = before.metadata;
  const { resourceVersion: __, ...nextMetadata } = next.metadata;
  return canonical({ ...before, metadata }) === canonical({ ...next, metadata: nextMetadata });
}
