import { nearest } from '../nearest.ts';
import { groupOf, type Schemas, type ServedKind } from '../schemas.ts';
import { removalOf } from './api-removed.ts';
import type { ManifestObject, ObjectRule, Problem, RuleContext } from './rule.ts';

export const unknownKind: ObjectRule = {
  id: 'api/unknown-kind',
  title: 'A kind that no schema is known of, or a version that its CRD does not serve',
  severity: 'error',
  check: checkKind,
};

/** True where no version that is checked against knows the kind. */
export function isUnknownKind(object: ManifestObject, schemas: Schemas): boolean {
  const { apiVersion, kind } = object.resource;
  return schemas.versions.every((version) => schemas.find(apiVersion, kind, version) === undefined);
}

/**
 * A version that the CRD of the kind does not serve is refused, whatever else is known of it. A kind of a group that
 * Kubernetes itself owns cannot be a custom resource: it is wrong whatever the policy says. So is one that is a letter or two
 * away from what the same group serves, unless nothing at all is to be said of unknown kinds.
 */
function checkKind(object: ManifestObject, { schemas, missingSchema }: RuleContext): readonly Problem[] {
  const refused = refusedVersion(object, schemas);
  if (refused !== undefined) return [refused];
  if (!isUnknownKind(object, schemas) || removalOf(object.resource, schemas) !== undefined) return [];
  const { apiVersion, kind } = object.resource;
  if (schemas.isBuiltInGroup(groupOf(apiVersion))) {
    const hint = suggestion(apiVersion, kind, schemas);
    return [problem(object, 'error', `Kubernetes has no ${kind} in ${apiVersion}.`, hint)];
  }
  if (missingSchema === 'skip') return [];
  const message = `No schema is known of ${kind} in ${apiVersion}, so that the object was not checked.`;
  const misspelt = misspeltCustomKind(apiVersion, kind, schemas);
  if (misspelt !== undefined) return [problem(object, 'error', message, `Did you mean ${misspelt}?`)];
  const severity = missingSchema === 'error' ? 'error' : 'warning';
  return [problem(object, severity, message, otherVersion(apiVersion, kind, schemas) ?? WAYS_OUT[severity])];
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/ */
function refusedVersion(object: ManifestObject, schemas: Schemas): Problem | undefined {
  const { apiVersion, kind } = object.resource;
  const offer = schemas.offers(groupOf(apiVersion), kind);
  if (offer === undefined || offer.served.includes(apiVersion)) return undefined;
  const [path = '', ...others] = offer.paths;
  const where = others.length === 0 ? path : `${path} and elsewhere`;
  const message = `The CRD of ${kind} in ${where} does not serve ${apiVersion}, so that the API server refuses the object.`;
  const hint = offer.served.length === 0 ? 'It serves no version at all.' : `It serves ${offer.served.join(', ')}.`;
  const at = { path: [...object.path, 'apiVersion'], at: 'value' } as const;
  return { rule: unknownKind, ...at, message, severity: 'error', hint };
}

/** All kinds that are known, in any of the versions. */
export function servedBy(schemas: Schemas): readonly ServedKind[] {
  const known = SERVED.get(schemas) ?? schemas.versions.flatMap((version) => schemas.kinds(version));
  SERVED.set(schemas, known);
  return known;
}

const SERVED = new WeakMap<Schemas, readonly ServedKind[]>();

const WAYS_OUT = {
  error: 'Set missing-schema to warn or skip to let such objects pass.',
  warning: 'Name its CRD with crds to have it checked, or set missing-schema to error to let no such object pass.',
} as const;

function problem(
  object: ManifestObject,
  severity: 'error' | 'warning',
  message: string,
  hint: string | undefined,
): Problem {
  const at = { path: [...object.path, 'kind'], at: 'value' } as const;
  return { rule: unknownKind, ...at, message, severity, ...(hint === undefined ? {} : { hint }) };
}

/** Real kinds and groups that are this near to each other are not known. */
const LETTERS = 2;

/** A kind that the same API nearly has, or that a nearly equal group has. */
function misspeltCustomKind(apiVersion: string, kind: string, schemas: Schemas): string | undefined {
  const served = servedBy(schemas);
  const neighbours = served.filter((candidate) => candidate.apiVersion === apiVersion).map(({ kind: name }) => name);
  const similar = nearest(kind, neighbours, LETTERS);
  if (similar !== undefined) return similar;
  const namesakes = served.filter((candidate) => candidate.kind === kind);
  const group = nearest(
    groupOf(apiVersion),
    namesakes.map((candidate) => groupOf(candidate.apiVersion)).filter((name) => name !== groupOf(apiVersion)),
    LETTERS,
  );
  const meant = namesakes.find((candidate) => group !== undefined && groupOf(candidate.apiVersion) === group);
  return meant === undefined ? undefined : `${kind} in ${meant.apiVersion}`;
}

/** The bundled release of a project may serve another version than the cluster's older or newer one. */
function otherVersion(apiVersion: string, kind: string, schemas: Schemas): string | undefined {
  const other = servedBy(schemas).find(
    (candidate) => candidate.kind === kind && groupOf(candidate.apiVersion) === groupOf(apiVersion),
  );
  return other === undefined ? undefined : `The bundled release has ${kind} in ${other.apiVersion}.`;
}

function suggestion(apiVersion: string, kind: string, schemas: Schemas): string | undefined {
  const served = servedBy(schemas).filter((candidate) => schemas.isBuiltInGroup(groupOf(candidate.apiVersion)));
  const isSame = (candidate: ServedKind) => candidate.kind === kind;
  const elsewhere = served.find(isSame) ?? servedBy(schemas).find(isSame);
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
