import { isObject } from './scalars.ts';
import type { ItemsShape } from './shape.ts';

/**
 * Indexes of items that repeat an earlier one of a `set`, or the keys of an earlier one of a `map`. Items without any of
 * the keys are passed over, and an absent protocol is TCP, as Kubernetes fills it in.
 */
export function repeatedItems(items: readonly unknown[], { list, keys }: ItemsShape): readonly number[] {
  if (list === undefined || items.length < 2) return [];
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const identity = list === 'set' ? identityOf(item) : identityOfKeys(item, keys ?? []);
    if (identity === undefined) return [];
    if (seen.has(identity)) return [index];
    seen.add(identity);
    return [];
  });
}

function identityOf(value: unknown): string | undefined {
  return typeof value === 'object' ? undefined : `${typeof value} ${String(value)}`;
}

function identityOfKeys(item: unknown, keys: readonly string[]): string | undefined {
  if (!isObject(item)) return undefined;
  const values = keys.map((key) => (Object.hasOwn(item, key) ? item[key] : undefined));
  if (values.every((value) => value === undefined || value === null)) return undefined;
  return keys.map((key, index) => identityOf(values[index] ?? (key === 'protocol' ? 'TCP' : ''))).join(' | ');
}
