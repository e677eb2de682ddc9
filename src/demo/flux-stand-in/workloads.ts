import { applied, turningPoints } from '../stand-in/cluster.ts';
import { identity } from '../stand-in/names.ts';
import type { Live, Manifest } from '../stand-in/types.ts';
import { eventOf, happeningsOf } from './happenings.ts';
import { kindOf } from './kinds.ts';
import type { Store } from './store.ts';
import type { KubeObject, Surroundings } from './types.ts';
import { type Owner, pullTurns, renderObjects } from './workload.ts';

/** What was applied, and what the cluster makes of it by itself. */
export interface Workloads {
  live(): readonly Live[];
  /** Applies these objects, and takes away what was applied before and is not among them. */
  apply(manifests: readonly Manifest[]): void;
}

export function createWorkloads(store: Store, owner: Owner, surroundings: Surroundings): Workloads {
  const { host, now, rollout, pace, signal } = surroundings;
  let live: readonly Live[] = [];
  let shown: readonly KubeObject[] = [];
  let timer = new AbortController();

  function publish(): void {
    const at = now();
    const objects = live.flatMap((one) => renderObjects(one, owner, pace, at)).filter(isServed);
    for (const gone of shown.filter((object) => !objects.some((other) => isSame(object, other)))) store.remove(gone);
    for (const object of objects) store.put(object);
    for (const happening of live.flatMap((one) => happeningsOf(one, pace, at))) store.put(eventOf(happening));
    shown = objects;
    schedule(at);
  }

  function schedule(at: number): void {
    timer.abort();
    timer = new AbortController();
    const turns = live
      .flatMap((one) => [...turningPoints(one, at), ...pullTurns(one, pace)])
      .filter((turn) => turn > at);
    if (turns.length === 0) return;
    const until = AbortSignal.any([timer.signal, signal]);
    host.clock.sleep(Math.min(...turns) - at, until).then(publish, () => undefined);
  }

  return {
    live: () => live,
    apply(manifests) {
      const wanted = new Set(manifests.map(identity));
      live = applied(live, manifests, rollout, now()).filter(({ manifest }) => wanted.has(identity(manifest)));
      publish();
    },
  };
}

function isServed({ apiVersion, kind }: KubeObject): boolean {
  return kindOf(apiVersion, kind) !== undefined;
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}
