import { type CustomKind, customKinds } from '../crd-kinds.ts';
import { type Opening, openings } from '../crd-openings.ts';
import type { BundledKind, Schemas } from '../schemas.ts';
import type { ManifestObject, ObjectRule, Problem, RuleContext } from './rule.ts';

export const loosenedCrd: ObjectRule = {
  id: 'schema/crd-loosened',
  title: 'A CRD that takes anything where the known one does not',
  severity: 'warning',
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check: checkCrd,
};

/** CRDs of the tree come before the bundled ones: one that says less makes checks of its objects say nothing. */
function checkCrd(object: ManifestObject, { schemas }: RuleContext): readonly Problem[] {
  return customKinds(object.value).flatMap((kind) => {
    const bundled = bundledKind(kind, schemas);
    const [first, ...more] = bundled === undefined ? [] : openings(kind.shape, bundled.schema.shape);
    return bundled === undefined || first === undefined ? [] : [problem(object, kind, bundled, first, more.length)];
  });
}

function bundledKind({ apiVersion, kind }: CustomKind, schemas: Schemas): BundledKind | undefined {
  const [version = ''] = schemas.versions;
  return schemas.bundled(apiVersion, kind, version);
}

function problem(
  object: ManifestObject,
  kind: CustomKind,
  { source }: BundledKind,
  { field, schema }: Opening,
  others: number,
): Problem {
  const place = field.length === 0 ? 'anywhere' : `in ${field.join('.')}`;
  const from = source === undefined ? 'the known CRD' : `the CRD of ${source.name} ${source.version}`;
  const more = others === 0 ? '' : `, and in ${others} more ${others === 1 ? 'place' : 'places'}`;
  return {
    rule: loosenedCrd,
    path: [...object.path, 'spec', 'versions', kind.versionIndex, 'schema', 'openAPIV3Schema', ...schema],
    at: 'value',
    message: `${kind.kind} in ${kind.apiVersion} may hold anything ${place} here, where ${from} says what there is${more}.`,
    hint: 'Objects of this kind are checked against this CRD; leave it out to have them checked against the known one.',
  };
}
