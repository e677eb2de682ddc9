import { objectRule } from '../kubernetes/define-rule.ts';
import { type Json, listIn, placeIn, placesIn } from '../kubernetes/reading.ts';
import { rootOf } from '../kubernetes/specs.ts';

export const rbacRule = objectRule({
  id: 'semantic/rbac-rule',
  title: 'A rule of a role that allows nothing, or resources and URLs at once',
  severity: 'error',
  wholeOnly: true,
  kinds: ['rbac.authorization.k8s.io/ClusterRole', 'rbac.authorization.k8s.io/Role'],
  check(object, report) {
    const root = rootOf(object);
    for (const { value, path } of placesIn(root, 'rules')) {
      if (Array.isArray(value.verbs) && value.verbs.length === 0)
        report([...path, 'verbs'], 'must have at least one verb', { at: 'key' });
      const problem = resourceProblem(value, object.resource.kind === 'Role');
      if (problem !== undefined) report(path, problem, { at: 'key' });
    }
    const aggregation = placeIn(root, 'aggregationRule');
    if (aggregation !== undefined && listIn(aggregation.value, 'clusterRoleSelectors').length === 0)
      report(aggregation.path, 'lacks clusterRoleSelectors', { at: 'key' });
  },
});

function resourceProblem(rule: Json, isNamespaced: boolean): string | undefined {
  const has = (field: string) => listIn(rule, field).length > 0 || typeof rule[field] === 'string';
  if (has('nonResourceURLs')) {
    if (isNamespaced) return 'cannot have nonResourceURLs, which a ClusterRole may have';
    return has('apiGroups') || has('resources') || has('resourceNames')
      ? 'cannot have nonResourceURLs and resources both'
      : undefined;
  }
  const missing = ['apiGroups', 'resources'].filter((field) => !has(field));
  return missing.length === 0 ? undefined : `lacks ${missing.join(' and ')}`;
}
