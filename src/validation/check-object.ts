import { checkShape } from './check-shape.ts';
import { canFind } from './field-names.ts';
import { rulesOn } from './rule-index.ts';
import { removalOf } from './rules/api-removed.ts';
import { isUnknownKind } from './rules/api-unknown-kind.ts';
import type { ManifestObject, Problem, RuleContext } from './rules/rule.ts';
import { missingFieldProblem } from './rules/schema-missing-field.ts';
import { wrongTypeProblem } from './rules/schema-type.ts';
import { describe } from './scalars.ts';
import { groupOf, type Schemas } from './schemas.ts';

/** All problems of one object: its two names, its shape in each wanted version, then every rule on objects. */
export function checkObject(object: ManifestObject, context: RuleContext): readonly Problem[] {
  const unnamed = checkNames(object);
  if (unnamed.length > 0) return unnamed;
  const problems = [...shapeProblems(object, context.schemas)];
  const isPossible = canFind(object);
  for (const rule of rulesOn(object, context.off)) {
    if (!isPossible(rule)) continue;
    const found = rule.check(object, context);
    if (found.length > 0) problems.push(...found);
  }
  return problems;
}

/** True for a custom resource that no schema is known of: it counts as skipped. */
export function isWithoutSchema(object: ManifestObject, schemas: Schemas): boolean {
  if (checkNames(object).length > 0 || !isUnknownKind(object, schemas)) return false;
  const isBuiltIn = schemas.isBuiltInGroup(groupOf(object.resource.apiVersion));
  return !isBuiltIn && removalOf(object.resource, schemas) === undefined;
}

function checkNames(object: ManifestObject): readonly Problem[] {
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
  const perVersion = schemas.versions.flatMap((version) => {
    const schema = schemas.find(object.resource.apiVersion, object.resource.kind, version);
    if (schema === undefined) return [];
    const secret = object.encrypted || object.resource.kind === 'Secret';
    return [{ version, problems: checkShape(object.value, schema, { ...object, secret }) }];
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
