import { compareMinors, deprecationOf } from '../deprecations.ts';
import type { ManifestObject, ObjectRule, Problem, RuleContext } from './rule.ts';

export const deprecatedApi: ObjectRule = {
  id: 'api/deprecated',
  title: 'An API that the chosen Kubernetes version serves, and that is to go',
  severity: 'warning',
  check: checkDeprecated,
};

/** Once some chosen version has it no longer, `api/removed` says so. */
function checkDeprecated(object: ManifestObject, { schemas }: RuleContext): readonly Problem[] {
  const { apiVersion, kind } = object.resource;
  const found = deprecationOf(apiVersion, kind);
  if (found === undefined) return [];
  const isDeprecated = schemas.versions.some((version) => compareMinors(version, found.since) >= 0);
  const isServed = schemas.versions.every((version) => schemas.find(apiVersion, kind, version) !== undefined);
  if (!isDeprecated || !isServed) return [];
  const end = found.until === undefined ? '' : `, and Kubernetes ${found.until} is to stop serving it`;
  const message = `${kind} of ${apiVersion} is deprecated since Kubernetes ${found.since}${end}.`;
  const path = [...object.path, 'apiVersion'];
  return [{ rule: deprecatedApi, path, at: 'value', message, hint: `Use ${found.instead}.` }];
}
