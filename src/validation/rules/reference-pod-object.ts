import { kindBeside, mayHoldMore, namesOf } from '../deployed/members.ts';
import { type PodReference, podReferences } from '../deployed/references.ts';
import { slipOf } from '../deployed/similar.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';
import { groupOf } from '../schemas.ts';
import type { Deployed, ManifestObject, UnitProblem, UnitRule } from './rule.ts';

/** Kinds that a Secret is made of: of their own name, or of the one that they give. */
const SECRET_MAKERS = ['external-secrets.io/ExternalSecret', 'bitnami.com/SealedSecret', 'cert-manager.io/Certificate'];

/** Every namespace has this one. */
const GIVEN = 'default';

/**
 * Many things make ConfigMaps, Secrets and claims, so that one is missed only where the unit holds one of nearly the same
 * name. An account hardly ever comes from elsewhere: it is missed where the unit brings others.
 */
export const podObject: UnitRule = {
  id: 'reference/pod-object',
  title: 'A ConfigMap, Secret, claim or account of a pod that is not in what is deployed with it',
  severity: 'warning',
  checkUnit: (deployed) =>
    deployed.objects.flatMap((object) =>
      podReferences(object).flatMap((reference) => checkReference(object, reference, deployed)),
    ),
};

function checkReference(
  object: ManifestObject,
  { kind, name, path }: PodReference,
  deployed: Deployed,
): readonly UnitProblem[] {
  const { namespace } = object.resource;
  if (deployed.world.has(`/${kind}`, namespace, name) || (kind === 'ServiceAccount' && name === GIVEN)) return [];
  if (!deployed.isKnown(name) || isMadeByOther(name, deployed)) return [];
  const others = [
    ...namesOf(kindBeside(deployed, `/${kind}`, object)),
    ...(kind === 'Secret' ? made(deployed, object) : []),
  ];
  const similar = slipOf(name, others);
  const isLost = kind === 'ServiceAccount' && others.length > 0 && !mayHoldMore(deployed);
  if (similar === undefined && !isLost) return [];
  const hint = similar === undefined ? {} : { hint: `Did you mean ${similar}?` };
  const message = `The ${kind} ${name} is not in what is deployed with this object.`;
  return [{ rule: podObject, object, path, at: 'value', message, ...hint }];
}

/** Secrets that objects of other kinds beside the pod are made into. */
function made(deployed: Deployed, beside: ManifestObject): readonly string[] {
  return SECRET_MAKERS.flatMap((kind) => kindBeside(deployed, kind, beside)).flatMap(givenNames);
}

/** What an operator makes of an object often has its name, or one that the object gives. */
function isMadeByOther(name: string, { objects }: Deployed): boolean {
  return objects.some(
    (object) => groupOf(object.resource.apiVersion).includes('.') && givenNames(object).includes(name),
  );
}

function givenNames({ resource, value }: ManifestObject): readonly string[] {
  const spec = objectIn(value, 'spec');
  const template = objectIn(objectIn(spec, 'template'), 'metadata');
  const names = [
    resource.name,
    textIn(spec, 'secretName'),
    textIn(objectIn(spec, 'target'), 'name'),
    textIn(objectIn(spec, 'writeConnectionSecretToRef'), 'name'),
    textIn(template, 'name'),
  ];
  return names.filter((name) => name !== undefined);
}
