import { createHash } from 'node:crypto';
import { type Base, soundBases } from './bases.ts';
import { at, changed, isMap, type Json, type JsonMap, type Place, placesIn, renamed } from './json.ts';
import * as mistakes from './mistakes.ts';
import { AGAIN, pointerOf, type WrittenYaml, writeYaml } from './write-yaml.ts';

export const SORTS = [
  'drop',
  'mistype',
  'misspell',
  'enum',
  'quantity',
  'cron',
  'name',
  'range',
  'union',
  'reference',
  'duplicate',
] as const;
export type Sort = (typeof SORTS)[number];

/** A sound object with one change. */
export interface Mutant {
  readonly base: string;
  readonly sort: Sort;
  /** What was changed, taken away or added. */
  readonly pointer: string;
  /** As a server is asked; a name may stand in it twice. */
  readonly json: string;
  /** Tells its answer among the recorded ones. */
  readonly key: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** As a user has it. */
  readonly yaml: WrittenYaml;
}

interface Candidate {
  readonly place: Place;
  make(): Json;
}

/** How many of the possible mistakes of a sort are made in one place. */
const PER_PLACE: Readonly<Record<Sort, number>> = {
  drop: 2,
  mistype: 1,
  misspell: 1,
  enum: 1,
  quantity: 3,
  cron: 8,
  name: 2,
  range: 2,
  union: 1,
  reference: 1,
  duplicate: 1,
};

/** The same mutants for the same seed. No two are alike, and none is what it was made of. */
export function mutants(seed = 1): readonly Mutant[] {
  const bases = soundBases();
  const members = membersByName(bases);
  return bases.flatMap((base) => {
    const seen = new Set([JSON.stringify(base.object)]);
    return placesToChange(base.object).flatMap((place) =>
      SORTS.flatMap((sort) => {
        const candidates = candidatesFor(sort, base.object, place, members);
        const start = seeded(`${seed} ${base.title} ${pointerOf(place)} ${sort}`, candidates.length);
        const rotated = [...candidates.slice(start), ...candidates.slice(0, start)];
        return rotated.slice(0, PER_PLACE[sort]).flatMap((candidate) => {
          const mutated = candidate.make();
          const text = JSON.stringify(mutated);
          if (seen.has(text)) return [];
          seen.add(text);
          return [mutantOf(base, sort, candidate.place, { mutated, text })];
        });
      }),
    );
  });
}

interface Made {
  readonly mutated: Json;
  readonly text: string;
}

function mutantOf({ title, object }: Base, sort: Sort, place: Place, { mutated, text }: Made): Mutant {
  const json = text.replaceAll(`${AGAIN}"`, '"');
  const key = createHash('sha256').update(json).digest('base64url').slice(0, 6);
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  const pointer = pointerOf(place);
  let yaml: WrittenYaml | undefined;
  return {
    ...{ base: title, sort, pointer, json, key, apiVersion, kind },
    get yaml() {
      yaml ??= writeYaml(mutated);
      return yaml;
    },
  };
}

/** What an object is, and whether it has metadata at all, is left alone. */
function placesToChange(object: Json): readonly Place[] {
  return [...placesIn(object)].filter(
    ([first, ...rest]) => first !== 'apiVersion' && first !== 'kind' && (first !== 'metadata' || rest.length > 0),
  );
}

function candidatesFor(sort: Sort, object: Json, place: Place, members: Members): readonly Candidate[] {
  const value = at(object, place) ?? null;
  const last = place.at(-1);
  const names = place.map(String);
  const put = (values: readonly Json[]) => values.map((one) => ({ place, make: () => changed(object, place, one) }));
  switch (sort) {
    case 'drop': {
      const without = { place, make: () => changed(object, place, undefined) };
      return typeof last === 'string' ? [without, ...put(mistakes.emptiedOf(value))] : put([null]);
    }
    case 'mistype':
      return put(mistakes.mistypedOf(value));
    case 'misspell': {
      if (typeof last !== 'string') return [];
      const free = mistakes.misspeltOf(last).filter((name) => at(object, [...place.slice(0, -1), name]) === undefined);
      return free.map((name) => ({ place: [...place.slice(0, -1), name], make: () => renamed(object, place, name) }));
    }
    case 'enum':
      return put(mistakes.enumMistakesOf(value));
    case 'quantity':
      return put(mistakes.amountMistakesOf(value, names));
    case 'cron':
      return put(mistakes.cronMistakesOf(value));
    case 'name':
      return put(mistakes.nameMistakesOf(value, names));
    case 'range':
      return put(mistakes.rangeMistakesOf(value));
    case 'union':
      return withOneMore(object, place, value, members);
    case 'reference':
      return isNamedTwice(object, value) ? put([`${value}-gone`]) : [];
    case 'duplicate':
      return doubled(object, place, value);
  }
}

/** A list with its first item again, or a field that stands there twice. */
function doubled(object: Json, place: Place, value: Json): readonly Candidate[] {
  if (Array.isArray(value) && value[0] !== undefined) {
    return [{ place: [...place, value.length], make: () => changed(object, place, [...value, value[0] ?? null]) }];
  }
  if (typeof place.at(-1) !== 'string' || (typeof value === 'object' && value !== null)) return [];
  const again = [...place.slice(0, -1), `${place.at(-1)}${AGAIN}`];
  return [{ place: again, make: () => changed(object, again, value) }];
}

function isNamedTwice(object: Json, value: Json): boolean {
  return typeof value === 'string' && value.length > 1 && (namesOf(object).get(value) ?? 0) > 1;
}

const NAMES = new WeakMap<object, ReadonlyMap<string, number>>();

/** How often each text stands in an object, as a value or as a name. */
function namesOf(object: Json): ReadonlyMap<string, number> {
  const known = typeof object === 'object' && object !== null ? NAMES.get(object) : undefined;
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const place of placesIn(object))
    for (const name of new Set([at(object, place), place.at(-1)]))
      if (typeof name === 'string') counts.set(name, (counts.get(name) ?? 0) + 1);
  if (typeof object === 'object' && object !== null) NAMES.set(object, counts);
  return counts;
}

/** The fields that maps of this name have somewhere. */
type Members = ReadonlyMap<string, ReadonlyMap<string, Json>>;

function membersByName(bases: readonly Base[]): Members {
  const members = new Map<string, Map<string, Json>>();
  for (const { object } of bases) {
    for (const place of placesIn(object)) {
      const value = at(object, place);
      if (!isMap(value)) continue;
      const name = memberName(object, place);
      members.set(name, new Map([...Object.entries(value), ...(members.get(name) ?? [])]));
    }
  }
  return members;
}

/** Items go by the name of their list; all probes, and all handlers, are alike. */
function memberName(object: Json, place: Place): string {
  const field = String(place.findLast((part) => typeof part === 'string'));
  const common = /Probe$/.test(field) ? 'probe' : /^p(re|ost)St(art|op)$/.test(field) ? 'handler' : field;
  return `${groupOf(object as JsonMap)} ${common}`;
}

function groupOf({ apiVersion }: JsonMap): string {
  const [group = '', version] = String(apiVersion).split('/');
  return version === undefined || !group.includes('.') || group.endsWith('k8s.io') ? 'kubernetes' : group;
}

/** A map with a field that others of its name have. */
function withOneMore(object: Json, place: Place, value: Json, members: Members): readonly Candidate[] {
  if (!isMap(value)) return [];
  return [...(members.get(memberName(object, place)) ?? [])]
    .filter(([name]) => !Object.hasOwn(value, name))
    .map(([name, inner]) => ({ place: [...place, name], make: () => changed(object, [...place, name], inner) }));
}

/** A number below `count` that looks like chance and is always the same for the same text. */
function seeded(text: string, count: number): number {
  if (count === 0) return 0;
  return createHash('sha256').update(text).digest().readUInt32BE(0) % count;
}
