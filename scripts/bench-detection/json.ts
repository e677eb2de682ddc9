export type Json = null | string | number | boolean | Json[] | { [key: string]: Json };
export type JsonMap = { [key: string]: Json };
export type Place = readonly (string | number)[];

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function at(value: Json, place: Place): Json | undefined {
  return place.reduce<Json | undefined>((inner, part) => {
    if (Array.isArray(inner)) return inner[Number(part)];
    return isMap(inner) && Object.hasOwn(inner, part) ? inner[part] : undefined;
  }, value);
}

/** The places of all fields and items below, parents first. */
export function* placesIn(value: Json, place: Place = []): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...place, Array.isArray(value) ? Number(key) : key];
    yield here;
    yield* placesIn(inner, here);
  }
}

/** A copy with another value in this place; without the field or item where `value` is undefined. */
export function changed(object: Json, place: Place, value: Json | undefined): Json {
  const [first, ...rest] = place;
  if (first === undefined) return value ?? null;
  if (Array.isArray(object)) {
    const items = object.map((item, index) => (index === first ? changed(item, rest, value) : item));
    return rest.length === 0 && value === undefined ? items.filter((_, index) => index !== first) : items;
  }
  const map = isMap(object) ? object : {};
  if (rest.length > 0) return { ...map, [first]: changed(map[first] ?? null, rest, value) };
  const { [first]: _, ...others } = map;
  return value === undefined ? others : { ...map, [first]: value };
}

/** A copy in which a field has another name, in the place of the old one. */
export function renamed(object: Json, place: Place, name: string): Json {
  const parent = place.slice(0, -1);
  const map = at(object, parent);
  if (!isMap(map)) return object;
  const entries = Object.entries(map).map(([key, value]) => [key === place.at(-1) ? name : key, value] as const);
  const result: Json = Object.fromEntries(entries);
  return parent.length === 0 ? result : changed(object, parent, result);
}
