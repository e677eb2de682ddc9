import { placeRule } from '../kubernetes/define-rule.ts';
import { isSet, listIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const ingressWithoutRules = placeRule(specOf, {
  id: 'semantic/ingress-without-rules',
  title: 'An Ingress that leads nowhere',
  severity: 'error',
  wholeOnly: true,
  kinds: ['networking.k8s.io/Ingress'],
  check({ value, path }, report) {
    if (typeof value.rules === 'string' || listIn(value, 'rules').length > 0 || isSet(value, 'defaultBackend')) return;
    report(path, 'lacks rules or defaultBackend', { at: 'key' });
  },
});
