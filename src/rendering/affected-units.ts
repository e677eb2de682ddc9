import type { Rendered } from './render.ts';

/** Those that something of a change went into, and those that they bring forth: units come before what they declare. */
export function affectedUnits(rendered: Rendered, changed: ReadonlySet<string>): Rendered {
  const affected = new Set<string>();
  const units = rendered.units.filter(({ unit: { place, ancestors }, inputs }) => {
    const isAffected =
      changed.has(place.path) ||
      [...inputs].some((path) => changed.has(path)) ||
      ancestors.some((ancestor) => affected.has(ancestor));
    const own = ancestors.at(-1);
    if (isAffected && own !== undefined) affected.add(own);
    return isAffected;
  });
  return { ...rendered, units, undone: rendered.undone.filter(({ place }) => changed.has(place.path)) };
}
