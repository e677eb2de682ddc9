import { groupKindOf } from '../kubernetes/pods.ts';
import type { ManifestObject, World } from '../rules/rule.ts';
import { isNamespace } from './members.ts';
import { podTemplateOf } from './pods.ts';

/** What all units together come to. */
export function createWorld(objects: readonly ManifestObject[]): World {
  const namespaces = Map.groupBy(objects, (object) => keyOf(groupKindOf(object), object.resource.name ?? ''));
  let makers: readonly ManifestObject[] | undefined;
  return {
    has: (groupKind, namespace, name) =>
      (namespaces.get(keyOf(groupKind, name)) ?? []).some(({ resource }) => isNamespace(resource.namespace, namespace)),
    podMakers() {
      makers ??= objects.filter((object) => podTemplateOf(object) !== undefined);
      return makers;
    },
  };
}

function keyOf(groupKind: string, name: string): string {
  return `${groupKind} ${name}`;
}
