import type { Surroundings } from './declared.ts';
import type { RawObject } from './raw-objects.ts';
import type { RenderedObject } from './unit.ts';
import type { Json } from './yaml-values.ts';

interface Known {
  readonly path: string;
  readonly namespace: string | undefined;
  readonly value: Json;
}

/** Objects by kind and name: those of files, and those that were rendered so far, which come first. */
export function createObjectIndex(raw: readonly RawObject[]): {
  readonly find: Surroundings['findObject'];
  readonly list: Surroundings['listObjects'];
  add(object: RenderedObject): void;
} {
  const keyOf = (kind: string, name: string) => `${kind} ${name}`;
  const inFiles = Map.groupBy(raw, ({ kind, name }) => keyOf(kind, name));
  const rendered = new Map<string, Known[]>();
  return {
    find(kind, name, namespace, near) {
      const key = keyOf(kind, name);
      return nearest(rendered.get(key) ?? [], namespace, near) ?? nearest(inFiles.get(key) ?? [], namespace, near);
    },
    list(kind, near) {
      const all: readonly Known[] = [...raw.filter((object) => object.kind === kind), ...ofKind(rendered, kind)];
      return all.toSorted((a, b) => shared(b.path, near) - shared(a.path, near)).map(({ value }) => value);
    },
    add({ resource: { kind, name = '', namespace }, value, origin }) {
      const key = keyOf(kind, name);
      const known = rendered.get(key) ?? [];
      rendered.set(key, [...known, { path: origin?.path ?? '', namespace, value }]);
    },
  };
}

function ofKind(objects: ReadonlyMap<string, readonly Known[]>, kind: string): readonly Known[] {
  return [...objects].filter(([key]) => key.startsWith(`${kind} `)).flatMap(([, known]) => known);
}

/** Clusters in one repository have objects of the same names, each beside what uses them. */
function nearest(candidates: readonly Known[], namespace: string | undefined, near: string): Json | undefined {
  const fitting = candidates.filter(
    (candidate) => candidate.namespace === undefined || namespace === undefined || candidate.namespace === namespace,
  );
  const best = fitting.reduce<Known | undefined>(
    (found, candidate) =>
      found === undefined || shared(candidate.path, near) > shared(found.path, near) ? candidate : found,
    undefined,
  );
  return best?.value;
}

/** How many folders two paths have in common. */
function shared(a: string, b: string): number {
  const [first, second] = [a.split('/'), b.split('/')];
  const differs = first.findIndex((part, index) => part !== second[index]);
  return differs < 0 ? first.length : differs;
}
