import { placeRule } from '../kubernetes/define-rule.ts';
import { listIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const policyTypes = placeRule(specOf, {
  id: 'semantic/policy-types',
  title: 'A NetworkPolicy of more types than there are',
  severity: 'error',
  kinds: ['networking.k8s.io/NetworkPolicy'],
  check({ value, path }, report) {
    if (listIn(value, 'policyTypes').length > 2)
      report([...path, 'policyTypes'], 'may be at most Ingress and Egress', { at: 'key' });
  },
});
