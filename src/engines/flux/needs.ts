import { chartNames } from './chart.ts';
import { type FluxObject, readFluxObject } from './flux-object.ts';
import { judgedOf } from './inventory.ts';
import { ownerOf } from './owner.ts';
import { podPlacesOf } from './pod-trouble.ts';
import { dependenciesOf, referenced } from './source.ts';
import type { ObjectName } from './target-ref.ts';
import { valuesBringers } from './values.ts';
import { find, objectKey, type Place, type World } from './world.ts';

/** The objects that have to be known to judge one. */
export interface Needs {
  /** The object itself, and where its revisions come from. */
  readonly origin: readonly ObjectName[];
  /** What it has applied, as far as that has a health. */
  readonly applied: readonly ObjectName[];
  /** What it waits for, and what that waits for. */
  readonly dependencies: readonly ObjectName[];
  /** Where the pods are of what it has applied. */
  readonly pods: readonly Place[];
}

export function needsOf(name: ObjectName, world: World): Needs {
  const json = find(world, name);
  if (json === undefined) return { origin: [name], applied: [], dependencies: [], pods: [] };
  const object = readFluxObject(json);
  const owner = object.kind === 'Kustomization' ? undefined : ownerOf(object);
  const names = [
    name,
    ...sourceNames(object, world),
    ...[owner ?? [], object.kind === 'HelmRelease' ? valuesBringers(object, world) : []]
      .flat()
      .flatMap((one) => [one, ...ofOwner(one, world)]),
  ];
  const origin = [...new Map(names.map((one) => [objectKey(one), one])).values()];
  return { origin, applied: judgedOf(object), dependencies: chain(object, world), pods: podPlacesOf(object) };
}

function ofOwner(owner: ObjectName, world: World): readonly ObjectName[] {
  const json = find(world, owner);
  return json === undefined ? [] : sourceNames(readFluxObject(json), world);
}

function sourceNames(object: FluxObject, world: World): readonly ObjectName[] {
  const { kind, spec, namespace } = object;
  if (kind === 'Kustomization') return [referenced(spec.sourceRef, namespace) ?? []].flat();
  if (kind !== 'HelmRelease') return [];
  const { holder, source } = chartNames(object);
  const chart = find(world, holder);
  const below = chart === undefined ? undefined : referenced(readFluxObject(chart).spec.sourceRef, holder.namespace);
  return [holder, source ?? below].filter((name) => name !== undefined);
}

/** In no order, each once, however they point to each other. */
function chain(object: FluxObject, world: World): readonly ObjectName[] {
  const found = new Map<string, ObjectName>();
  const open = [...dependenciesOf(object)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(objectKey(name))) continue;
    found.set(objectKey(name), name);
    const json = find(world, name);
    if (json !== undefined) open.push(...dependenciesOf(readFluxObject(json)));
  }
  return [...found.values()];
}
