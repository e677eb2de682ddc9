import { objectRule } from '../kubernetes/define-rule.ts';
import { isSet, placesIn } from '../kubernetes/reading.ts';
import { rootOf } from '../kubernetes/specs.ts';

export const accountNamespace = objectRule({
  id: 'semantic/account-namespace',
  title: 'A ClusterRoleBinding of a service account without its namespace',
  severity: 'error',
  wholeOnly: true,
  kinds: ['rbac.authorization.k8s.io/ClusterRoleBinding'],
  check(object, report) {
    // https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/namespace/ fills it in.
    if (object.kustomized === true) return;
    for (const { value, path } of placesIn(rootOf(object), 'subjects')) {
      if (value.kind === 'ServiceAccount' && (!isSet(value, 'namespace') || value.namespace === ''))
        report(path, 'lacks namespace, which a ServiceAccount in a ClusterRoleBinding needs', { at: 'key' });
    }
  },
});
