import { checkShape } from './check-shape.ts';
import { possibleRules } from './field-names.ts';
import { rulesOn } from './rule-index.ts';
import { removalOf } from './rules/api-removed.ts';
import { isUnknownKind } from './rules/api-unknown-kind.ts';
import type { ManifestObject, ObjectRule, Problem, RuleContext } from './rules/rule.ts';
import { missingFieldProblem } from './rules/schema-missing-field.ts';
import { wrongTypeProblem } from './rules/schema-type.ts';
import { describe } from './scalars.ts';
import { groupOf, type Schemas } from './schemas.ts';
import { easedByPatches } from './widened-enums.ts';

/** All problems of one object: its two names, its shape in each wanted version, then every rule on objects. */
export function checkObject(object: ManifestObject, context: RuleContext): readonly Problem[] {
  const unnamed = checkNames(object);
  if (unnamed.length > 0) return unnamed;
  const problems = [...shapeProblems(object, context.schemas)];
  for (const rule of objectRules(object, context)) {
    const found = rule.check(object, context);
    if (found.length > 0) problems.push(...found);
  }
  return problems;
}

/** The rules that may find something in the object, in the order of the registry. */
export function objectRules(object: ManifestObject, { off }: RuleContext): readonly ObjectRule[] {
  return possibleRules(rulesOn(object, off), object);
}

/** True for a custom resource that no schema is known of: it counts as skipped. */
export function isWithoutSchema(object: ManifestObject, schemas: Schemas): boolean {
  if (checkNames(object).length > 0 || !isUnknownKind(object, schemas)) return false;
  const isBuiltIn = schemas.isBuiltInGroup(groupOf(object.resource.apiVersion));
  return !isBuiltIn && removalOf(object.resource, schemas) === undefined;
}

const NONE: readonly Problem[] = [];

function checkNames(object: ManifestObject): readonly Problem[] {
  const { apiVersion, kind } = object.resource;
  if (apiVersion !== '' && kind !== '') return NONE;
  return ['apiVersion', 'kind'].flatMap((name) => {
    const value = Object.hasOwn(object.value, name) ? object.value[name] : undefined;
    if (typeof value === 'string' && value !== '') return [];
    if (value === undefined || value === null || value === '') {
      return [missingFieldProblem(object.path, name, Object.hasOwn(object.value, name))];
    }
    return [wrongTypeProblem([...object.path, name], `must be a string, not ${describe(value)}`, value)];
  });
}

/** The same problem in all versions is one; else it names the versions that have it. */
function shapeProblems(object: ManifestObject, schemas: Schemas): readonly Problem[] {
  const [only] = schemas.versions;
  if (only !== undefined && schemas.versions.length === 1) return shapeProblemsIn(only, object, schemas) ?? NONE;
  const perVersion = schemas.versions.flatMap((version) => {
    const problems = shapeProblemsIn(version, object, schemas);
    return problems === undefined ? [] : [{ version, problems }];
  });
  if (perVersion.length <= 1) return perVersion[0]?.problems ?? [];
  const versionsOf = new Map<string, { problem: Problem; versions: string[] }>();
  for (const { version, problems } of perVersion) {
    for (const problem of problems) {
      const key = JSON.stringify([problem.rule.id, problem.path, problem.message]);
      const known = versionsOf.get(key) ?? { problem, versions: [] };
      known.versions.push(version);
      versionsOf.set(key, known);
    }
  }
  return [...versionsOf.values()].map(({ problem, versions }) =>
    versions.length === perVersion.length
      ? problem
      : { ...problem, message: problem.message.replace(/\.$/, ` (Kubernetes ${versions.join(', ')}).`) },
  );
}

/** Undefined where the version does not know the kind. */
function shapeProblemsIn(version: string, object: ManifestObject, schemas: Schemas): readonly Problem[] | undefined {
  const { resource, path, complete, encrypted } = object;
  const schema = schemas.find(resource.apiVersion, resource.kind, version);
  if (schema === undefined) return undefined;
  const secret = encrypted || resource.kind === 'Secret';
  const problems = checkShape(object.value, schema, { path, complete, encrypted, secret });
  return problems.length === 0 ? problems : problems.map((problem) => easedByPatches(problem, object, schemas));
}
