import type { Path } from '../../manifests/locate.ts';
import type { PlainValue } from '../../manifests/plain-scalar.ts';
import type { Slot } from './slots.ts';

/** What a twin has in place of a slot. */
export interface Change {
  readonly slot: number;
  readonly value: PlainValue;
}

interface Changeable {
  readonly value: unknown;
  readonly slots: readonly Slot[];
}

/** The model's value with the changes. What has none of them in it is the model's own. */
export function withChanges({ value: own, slots }: Changeable, changes: readonly Change[]): unknown {
  if (changes.length === 0) return own;
  // Copies of the maps and lists on the way to the last change: the next one mostly goes the same way at first.
  const way: Container[] = [copyOf(own as Container)];
  let last: Slot | undefined;
  for (let index = 0; index < changes.length; index++) {
    const slot = slots[(changes[index] as Change).slot] as Slot;
    const parent = copyAlong(way, slot.path, last?.path);
    const key = slot.path[slot.path.length - 1] as string;
    index += put(parent, key, slots, changes, index);
    last = slot;
  }
  return way[0];
}

/** A value that is shown with the changes of one twin after the other: maps and lists are the same ones each time. */
export type Stage = (changes: readonly Change[]) => unknown;

export function createStage({ value: own, slots }: Changeable): Stage {
  const value = copyBelow(own) as Container;
  const places = slots.map(({ path }) => {
    const parent = path.slice(0, -1).reduce<Container>((at, part) => at[part as string] as Container, value);
    const key = path[path.length - 1] as string;
    return { parent, key, own: parent[key] };
  });
  let shown: readonly Change[] = [];
  return (changes) => {
    for (let index = 0; index < shown.length; index++) {
      const { slot } = shown[index] as Change;
      const { parent, key, own: before } = places[slot] as (typeof places)[number];
      parent[key] = before;
    }
    for (let index = 0; index < changes.length; index++) {
      const { parent, key } = places[(changes[index] as Change).slot] as (typeof places)[number];
      index += put(parent, key, slots, changes, index);
    }
    shown = changes;
    return value;
  };
}

type Container = Record<string, unknown>;

/** Puts one change in place, or all of a block of text. The number of those that it took beyond the first. */
function put(
  parent: Container,
  key: string,
  slots: readonly Slot[],
  changes: readonly Change[],
  first: number,
): number {
  const { slot: index, value } = changes[first] as Change;
  const { path, within } = slots[index] as Slot;
  if (within === undefined) {
    parent[key] = value;
    return 0;
  }
  let block = String(parent[key]);
  let [moved, taken] = [0, 0];
  for (const change of changes.slice(first)) {
    const slot = slots[change.slot] as Slot;
    if (slot.path !== path) break;
    const [at, word] = [(slot.within ?? 0) + moved, String(change.value)];
    block = block.slice(0, at) + word + block.slice(at + slot.text.length);
    moved += word.length - slot.text.length;
    taken++;
  }
  parent[key] = block;
  return taken - 1;
}

/** The copy of what holds the end of the path. */
function copyAlong(way: Container[], path: Path, before: Path | undefined): Container {
  const depth = path.length - 1;
  let shared = 0;
  while (before !== undefined && shared < Math.min(depth, before.length - 1) && path[shared] === before[shared])
    shared++;
  for (let level = shared; level < depth; level++) {
    const parent = way[level] as Container;
    const part = path[level] as string;
    const copy = copyOf(parent[part] as Container);
    parent[part] = copy;
    way[level + 1] = copy;
  }
  return way[depth] as Container;
}

function copyOf(value: Container): Container {
  return Array.isArray(value) ? (value.slice() as unknown as Container) : { ...value };
}

function copyBelow(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = copyOf(value as Container);
  for (const key of Object.keys(copy)) copy[key] = copyBelow(copy[key]);
  return copy;
}
