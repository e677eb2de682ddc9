import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { type Json, placesIn, textIn } from '../kubernetes/reading.ts';
import { rootOf } from '../kubernetes/specs.ts';

const GROUP = 'rbac.authorization.k8s.io';

export const rbacSubject = objectRule({
  id: 'semantic/rbac-subject',
  title: 'A subject of a binding that cannot be',
  severity: 'error',
  kinds: [`${GROUP}/ClusterRoleBinding`, `${GROUP}/RoleBinding`],
  check(object, report) {
    for (const { value, path } of placesIn(rootOf(object), 'subjects')) {
      const kind = textIn(value, 'kind');
      const isAccount = kind === 'ServiceAccount';
      const group = groupProblem(value, isAccount);
      if (group !== undefined) report([...path, 'apiGroup'], group);
      const name = textIn(value, 'name');
      const problem =
        name === '' ? 'must not be empty' : isAccount && name !== undefined ? dnsSubdomain(name) : undefined;
      if (problem !== undefined) report([...path, 'name'], problem);
    }
  },
});

function groupProblem(subject: Json, isAccount: boolean): string | undefined {
  const group = textIn(subject, 'apiGroup');
  if (group === undefined || group === '') return undefined;
  if (isAccount) return `must be empty for a ServiceAccount, not ${quote(group)}`;
  const isKnown = subject.kind === 'User' || subject.kind === 'Group';
  return isKnown && group !== GROUP ? `must be ${GROUP}, not ${quote(group)}` : undefined;
}
