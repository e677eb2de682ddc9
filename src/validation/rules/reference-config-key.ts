import { kindBeside } from '../deployed/members.ts';
import { type PodReference, podReferences } from '../deployed/references.ts';
import { objectIn } from '../kubernetes/reading.ts';
import { nearest } from '../nearest.ts';
import type { Deployed, ManifestObject, UnitProblem, UnitRule } from './rule.ts';

/** A ConfigMap or Secret without any key is there to be filled by something else. */
export const configKey: UnitRule = {
  id: 'reference/config-key',
  title: 'A key that the ConfigMap or Secret deployed with the pod does not have',
  severity: 'warning',
  checkUnit: (deployed) =>
    deployed.objects.flatMap((object) =>
      podReferences(object).flatMap((reference) => checkKeys(object, reference, deployed)),
    ),
};

function checkKeys(object: ManifestObject, reference: PodReference, deployed: Deployed): readonly UnitProblem[] {
  const { kind, name } = reference;
  if (reference.keys.length === 0) return [];
  const found = kindBeside(deployed, `/${kind}`, object).filter(({ resource }) => resource.name === name);
  const known = found.flatMap(keysOf);
  if (known.length === 0 || found.length > 1 || known.some((key) => !deployed.isKnown(key))) return [];
  return reference.keys
    .filter(({ key }) => !known.includes(key) && deployed.isKnown(key))
    .map(({ key, path }) => {
      const similar = nearest(key, known);
      const message = `The ${kind} ${name} has no key ${key}.`;
      const hint = similar === undefined ? {} : { hint: `Did you mean ${similar}?` };
      return { rule: configKey, object, path, at: 'value' as const, message, ...hint };
    });
}

function keysOf({ value }: ManifestObject): readonly string[] {
  return ['data', 'stringData', 'binaryData'].flatMap((field) => Object.keys(objectIn(value, field) ?? {}));
}
