import { unusual } from './block-yaml-cursor.ts';

export type YamlMap = Record<string, unknown>;

/** Sets a key that the map must not have yet. `__proto__` would set something else, and is left to the library. */
export function put(map: YamlMap, key: string, value: unknown): void {
  if (key === '__proto__' || Object.hasOwn(map, key)) unusual();
  map[key] = value;
}
