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
      const before = new Map<string, SetObject[]>();
      return unit.files
        .flatMap((file) => inFile.get(file) ?? [])
        .flatMap((object) => {
          const same = before.get(keyOf(object)) ?? [];
          before.set(keyOf(object), [...same, object]);
          const earlier = same.find((other) => isSameVersion(object, other)) ?? same[0];
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

function isSameVersion({ resource }: SetObject, other: SetObject): boolean {
  return resource.apiVersion === other.resource.apiVersion;
}

/** kustomize 5.7 tells two versions of an API apart, and builds both. */
function effectOf(object: SetObject, earlier: SetObject, { refuses }: Unit): string {
  if (!refuses) return 'applies only the last of them';
  if (isSameVersion(object, earlier)) return 'refuses to build';
  const versions = `${earlier.resource.apiVersion} and ${object.resource.apiVersion}`;
  return `the cluster keeps the last of them: ${versions} are two versions of one object`;
}

type Unit = ReturnType<typeof units>[number];

function problemOf(object: SetObject, earlier: SetObject, unit: Unit): SetProblem {
  const { path: file, document, resource, at } = object;
  const where = earlier.path === file ? 'stands twice in this file' : `stands in ${earlier.path} as well`;
  return {
    rule: duplicateObject,
    file,
    document,
    resource,
    path: [...at, 'metadata', 'name'],
    at: 'value',
    message: `${printResource(resource)} ${where}: ${unit.name} takes both, and ${effectOf(object, earlier, unit)}.`,
    ...(unit.refuses && isSameVersion(object, earlier) ? {} : { severity: 'warning' }),
    related: [earlier.path],
  };
}
