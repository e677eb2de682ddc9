import type { Json } from '../api/json.ts';
import type { News } from './watch-place.ts';
import { type PlaceState, type World, workloadKeyOf } from './world.ts';

/** What lists and watches have told so far. */
export interface Kept {
  readonly objects: Map<string, Json>;
  readonly states: Map<string, PlaceState>;
  /** By the key of their workload, and by their own. */
  readonly pods: Map<string, Map<string, Json>>;
}

export function worldOf({ objects, states, pods }: Kept): World {
  return { objects, places: states, pods };
}

type OfObject = Extract<News, { readonly kind: 'object' | 'gone' }>;

/** @returns the key of the object whose targets it concerns */
export function keepObject({ objects }: Kept, news: OfObject, needed: boolean): string {
  if (news.kind === 'gone') objects.delete(news.key);
  else if (needed) objects.set(news.key, news.object);
  return news.key;
}

/** The same of a pod: of which workload it is, is told by itself. */
export function keepPod({ pods, objects }: Kept, news: OfObject): string | undefined {
  const before = objects.get(news.key);
  const object = news.kind === 'gone' ? before : news.object;
  const workload = object === undefined ? undefined : workloadKeyOf(object);
  if (workload === undefined) return undefined;
  const siblings = pods.get(workload) ?? new Map<string, Json>();
  if (news.kind === 'gone') {
    objects.delete(news.key);
    siblings.delete(news.key);
  } else {
    objects.set(news.key, news.object);
    siblings.set(news.key, news.object);
  }
  if (siblings.size > 0) pods.set(workload, siblings);
  else pods.delete(workload);
  return workload;
}
