import type { Path } from '../../manifests/locate.ts';
import type { PlainValue } from '../../manifests/plain-scalar.ts';
import type { Slot } from './slots.ts';

/** What a twin has in place of a slot. */
export interface Change {
  readonly slot: number;
  readonly value: PlainValue;
}

/** The model's value with the changes. What has none of them in it is the model's own. */
export function withChanges(
  { value: own, slots }: { readonly value: unknown; readonly slots: readonly Slot[] },
  changes: readonly Change[],
): unknown {
  if (changes.length === 0) return own;
  // Copies of the maps and lists on the way to the last change: the next one mostly goes the same way at first.
  const way: Container[] = [copyOf(own as Container)];
  let last: Slot | undefined;
  let moved = 0;
  for (const { slot: index, value } of changes) {
    const slot = slots[index] as Slot;
    const key = slot.path[slot.path.length - 1] as string;
    const parent = copyAlong(way, slot.path, last?.path);
    if (last?.path !== slot.path) moved = 0;
    parent[key] = slot.within === undefined ? value : inBlock(String(parent[key]), slot, slot.within + moved, value);
    moved += String(value).length - slot.text.length;
    last = slot;
  }
  return way[0];
}

type Container = Record<string, unknown>;

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

/** A block of text in which one word is another one. */
function inBlock(block: string, { text }: Slot, at: number, word: PlainValue): string {
  return block.slice(0, at) + String(word) + block.slice(at + text.length);
}
