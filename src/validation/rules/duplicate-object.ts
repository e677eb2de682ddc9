import { printResource } from '../../manifests/resource.ts';
import { units } from '../delivery/units.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import type { SetObject } from '../manifest-set.ts';
import type { SetProblem, SetRule } from './rule.ts';

export const duplicateObject: SetRule = {
  id: 'duplicate/object',
  title: 'The same object twice in what is deployed together',
  severity: 'error',
  checkSet(set) {
    const all = units(set);
    if (all.length === 0) return [];
    const inFile = Map.groupBy(set.objects.filter(isNamed), ({ path }) => path);
    const told = new Set<SetObject>();
    return all.flatMap((unit) => {
      const first = new Map<string, SetObject>();
      return unit.files
        .flatMap((file) => inFile.get(file) ?? [])
        .flatMap((object) => {
          const earlier = first.get(keyOf(object));
          first.set(keyOf(object), earlier ?? object);
          if (earlier === undefined || told.has(object)) return [];
          told.add(object);
          return [problemOf(object, earlier, unit)];
        });
    });
  },
};

/** Names that a variable or the server completes may differ in the end. */
function isNamed({ resource: { name, namespace = '' } }: SetObject): boolean {
  return name !== undefined && name !== '' && !/\$|\{\{|<</.test(name + namespace);
}

/** The version does not tell objects apart: they are one in the cluster. */
function keyOf({ resource }: SetObject): string {
  return JSON.stringify([groupKindOf({ resource }), resource.namespace ?? '', resource.name]);
}

type Unit = ReturnType<typeof units>[number];

function problemOf(object: SetObject, earlier: SetObject, unit: Unit): SetProblem {
  const { path: file, document, resource, at } = object;
  const where = earlier.path === file ? 'stands twice in this file' : `stands in ${earlier.path} as well`;
  const effect = unit.refuses ? 'refuses to build' : 'applies only the last of them';
  return {
    rule: duplicateObject,
    file,
    document,
    resource,
    path: [...at, 'metadata', 'name'],
    at: 'value',
    message: `${printResource(resource)} ${where}: ${unit.name} takes both, and ${effect}.`,
    ...(unit.refuses ? {} : { severity: 'warning' }),
    related: [earlier.path],
  };
}
