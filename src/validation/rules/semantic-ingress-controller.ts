import { placeRule } from '../kubernetes/define-rule.ts';
import { domainPath } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidIngressController = placeRule(specOf, {
  id: 'semantic/ingress-controller',
  title: 'An IngressClass of a controller without a domain',
  severity: 'error',
  kinds: ['networking.k8s.io/IngressClass'],
  check({ value, path }, report) {
    const controller = textIn(value, 'controller');
    if (controller === undefined) return;
    const problem = controller.length > 250 ? 'must have at most 250 characters' : domainPath(controller);
    if (problem !== undefined) report([...path, 'controller'], problem, { hint: 'Such as k8s.io/ingress-nginx.' });
  },
});
