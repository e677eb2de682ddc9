import { nearest } from '../nearest.ts';
import { groupOf, type Schemas } from '../schemas.ts';
import { removalOf } from './api-removed.ts';
import type { ManifestObject, ObjectRule, Problem, RuleContext } from './rule.ts';

export const unknownKind: ObjectRule = {
  id: 'api/unknown-kind',
  title: 'A kind that no schema is known of',
  severity: 'error',
  check: checkKind,
};

/** True where no version that is checked against knows the kind. */
export function isUnknownKind(object: ManifestObject, schemas: Schemas): boolean {
  const { apiVersion, kind } = object.resource;
  return schemas.versions.every((version) => schemas.find(apiVersion, kind, version) === undefined);
}

/** A kind of a group that Kubernetes itself owns cannot be a custom resource: it is wrong whatever the policy says. */
function checkKind(object: ManifestObject, { schemas, missingSchema }: RuleContext): readonly Problem[] {
  if (!isUnknownKind(object, schemas) || removalOf(object.resource, schemas) !== undefined) return [];
  const { apiVersion, kind } = object.resource;
  const builtIn = schemas.isBuiltInGroup(groupOf(apiVersion));
  if (!builtIn && missingSchema === 'skip') return [];
  const message = builtIn
    ? `Kubernetes has no ${kind} in ${apiVersion}.`
    : `No schema is known of ${kind} in ${apiVersion}, so that the object was not checked.`;
  const hint = builtIn
    ? suggestion(apiVersion, kind, schemas)
    : 'Set missing-schema to warn or skip to let such objects pass.';
  return [
    {
      rule: unknownKind,
      path: [...object.path, 'kind'],
      at: 'value',
      message,
      severity: builtIn || missingSchema === 'error' ? 'error' : 'warning',
      ...(hint === undefined ? {} : { hint }),
    },
  ];
}

function suggestion(apiVersion: string, kind: string, schemas: Schemas): string | undefined {
  const served = schemas.versions.flatMap((version) => schemas.kinds(version));
  const elsewhere = served.find((candidate) => candidate.kind === kind);
  if (elsewhere !== undefined) return `${kind} is served as ${elsewhere.apiVersion}.`;
  const neighbours = served.filter((candidate) => candidate.apiVersion === apiVersion).map(({ kind: name }) => name);
  const similar =
    nearest(kind, neighbours) ??
    nearest(
      kind,
      served.map(({ kind: name }) => name),
    );
  return similar === undefined ? undefined : `Did you mean ${similar}?`;
}
