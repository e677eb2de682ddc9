import { objectRule } from '../kubernetes/define-rule.ts';
import { pathSegment, quote } from '../kubernetes/names.ts';
import { placeIn, textIn } from '../kubernetes/reading.ts';
import { rootOf } from '../kubernetes/specs.ts';

const GROUP = 'rbac.authorization.k8s.io';

export const roleRef = objectRule({
  id: 'semantic/role-ref',
  title: 'A binding to something that is no role',
  severity: 'error',
  kinds: [`${GROUP}/ClusterRoleBinding`, `${GROUP}/RoleBinding`],
  check(object, report) {
    const reference = placeIn(rootOf(object), 'roleRef');
    if (reference === undefined) return;
    const { value, path } = reference;
    const [kind, name, group] = [textIn(value, 'kind'), textIn(value, 'name'), textIn(value, 'apiGroup')];
    if (object.resource.kind === 'ClusterRoleBinding' && kind === 'Role')
      report([...path, 'kind'], 'must be ClusterRole in a ClusterRoleBinding', { hint: 'A RoleBinding binds a Role.' });
    const problem = name === undefined ? undefined : name === '' ? 'must not be empty' : pathSegment(name);
    if (problem !== undefined) report([...path, 'name'], problem);
    if (group !== undefined && group !== '' && group !== GROUP)
      report([...path, 'apiGroup'], `must be ${GROUP}, not ${quote(group)}`);
  },
});
