import type { Path } from '../manifests/locate.ts';
import { isObject } from '../validation/scalars.ts';

/** https://www.rfc-editor.org/rfc/rfc6901; what is a number may be a key as well as an index. */
export function parsePointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * The same place in another version of an object: items of lists are found by their name where both have one, since lists
 * grow and change their order on the way. As far as it can be followed.
 */
export function translatePath(
  parts: readonly string[],
  from: unknown,
  to: unknown,
): { readonly path: Path; readonly value: unknown; readonly isWhole: boolean } {
  const path: (string | number)[] = [];
  let [source, target] = [from, to];
  for (const part of parts) {
    const next = stepInto(source, target, part);
    if (next === undefined) return { path, value: target, isWhole: false };
    path.push(next.key);
    [source, target] = [next.source, next.target];
  }
  return { path, value: target, isWhole: true };
}

interface Step {
  readonly key: string | number;
  readonly source: unknown;
  readonly target: unknown;
}

function stepInto(source: unknown, target: unknown, part: string): Step | undefined {
  if (isObject(target)) {
    if (!Object.hasOwn(target, part)) return undefined;
    return { key: part, source: isObject(source) ? source[part] : undefined, target: target[part] };
  }
  if (!Array.isArray(target)) return undefined;
  const item: unknown = Array.isArray(source) ? source[Number(part)] : undefined;
  const name = nameOf(item);
  const index = name === undefined ? Number(part) : target.findIndex((candidate) => nameOf(candidate) === name);
  return index in target ? { key: index, source: item, target: target[index] } : undefined;
}

function nameOf(item: unknown): string | undefined {
  return isObject(item) && typeof item.name === 'string' ? item.name : undefined;
}

/** The value that a pointer names. */
export function valueAt(parts: readonly string[], value: unknown): unknown {
  return translatePath(parts, value, value).isWhole ? translatePath(parts, value, value).value : undefined;
}
