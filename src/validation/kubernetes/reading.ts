import type { Path } from '../../manifests/locate.ts';
import { isObject } from '../scalars.ts';

export type Json = Readonly<Record<string, unknown>>;

/** An object inside a document, and where it stands. */
export interface Place {
  readonly value: Json;
  readonly path: Path;
}

const NOTHING: readonly never[] = [];

/** A null is an absent field to the server. */
export function isSet(parent: Json | undefined, name: string): boolean {
  return parent?.[name] !== undefined && parent[name] !== null;
}

export function objectIn(parent: Json | undefined, name: string): Json | undefined {
  const value = parent?.[name];
  return isObject(value) ? value : undefined;
}

export function listIn(parent: Json | undefined, name: string): readonly unknown[] {
  const value = parent?.[name];
  return Array.isArray(value) ? value : NOTHING;
}

/** Text that stands as it is; undefined where it is absent, of another type, or filled in later. */
export function textIn(parent: Json | undefined, name: string): string | undefined {
  return settledText(parent?.[name]);
}

export function settledText(value: unknown): string | undefined {
  return typeof value === 'string' && !isFilledInLater(value) ? value : undefined;
}

/** Integers beyond what a number holds exactly are rounded, those beyond 64 bits left to the schemas. */
export function numberIn(parent: Json | undefined, name: string): number | undefined {
  const value = parent?.[name];
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? Number(value) : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** A place below another. Its path is put together when something is told of it, which is nearly never. */
class PlaceBelow implements Place {
  readonly value: Json;
  private readonly parent: Place;
  private readonly name: string;
  private readonly index: number;

  constructor(value: Json, parent: Place, name: string, index: number) {
    this.value = value;
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  get path(): Path {
    const path = [...this.parent.path, this.name];
    return this.index < 0 ? path : [...path, this.index];
  }
}

export function placeIn(parent: Place | undefined, name: string): Place | undefined {
  if (parent === undefined) return undefined;
  const value = parent.value[name];
  return isObject(value) ? new PlaceBelow(value, parent, name, -1) : undefined;
}

/** The objects of a list. A null is decoded to an empty one. */
export function placesIn(parent: Place | undefined, name: string): readonly Place[] {
  const items = listIn(parent?.value, name);
  if (parent === undefined || items.length === 0) return NOTHING;
  const places: Place[] = [];
  for (let index = 0; index < items.length; index++) {
    const value = items[index];
    if (value === null || isObject(value)) places.push(new PlaceBelow(value ?? {}, parent, name, index));
  }
  return places;
}

/** The texts of a list, and where each stands. A null is decoded to an empty text. */
export function textsIn(parent: Place | undefined, name: string): readonly { text: string; path: Path }[] {
  const items = listIn(parent?.value, name);
  if (parent === undefined || items.length === 0) return NOTHING;
  return items.flatMap((value, index) => {
    const text = value === null ? '' : settledText(value);
    return text === undefined ? [] : [{ text, path: [...parent.path, name, index] }];
  });
}

/** The names of a map and their values. */
export function entriesIn(parent: Json | undefined, name: string): readonly (readonly [string, unknown])[] {
  const map = objectIn(parent, name);
  return map === undefined ? NOTHING : Object.entries(map);
}

/** Which of these fields an object has. */
export function fieldsOf(value: Json, names: Iterable<string>): readonly string[] {
  return [...names].filter((name) => isSet(value, name));
}

/** Variables of Flux and kustomize, templates, bindings of Chainsaw, ciphertext of SOPS: another program writes the real text. */
export function isFilledInLater(text: string): boolean {
  const first = text.charCodeAt(0);
  // Nearly all texts are told by this, which takes a third of the time.
  const isPlain = first !== CAPITAL_E && first !== PARENTHESIS && !text.includes('$') && !text.includes('{{');
  return !isPlain && /\$[{(]|\{\{|^ENC\[|^\(.*\)$/.test(text);
}

const CAPITAL_E = 0x45;
const PARENTHESIS = 0x28;
