import type { Manifest } from './types.ts';

/** 32 hexadecimal digits that depend on the text alone. For names, never for secrets. */
export function digest(text: string): string {
  return [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((seed) => fnv(text, seed)).join('');
}

function fnv(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Looks like a UUID. */
export function uid(text: string): string {
  return digest(text).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Equal for the same object, whatever its content is. */
export function identity(manifest: Manifest): string {
  return [manifest.group, manifest.kind, manifest.namespace ?? '', manifest.name].join('/');
}

/** Equal contents give equal texts, whatever the order of the keys is. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
