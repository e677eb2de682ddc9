import { placeRule } from '../kubernetes/define-rule.ts';
import { qualifiedName } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const loadBalancerClass = placeRule(specOf, {
  id: 'semantic/load-balancer-class',
  title: 'A load balancer of a class that cannot exist under this name',
  severity: 'error',
  kinds: ['/Service'],
  check({ value, path }, report) {
    const name = textIn(value, 'loadBalancerClass');
    const problem = name === undefined ? undefined : qualifiedName(name);
    if (problem !== undefined) report([...path, 'loadBalancerClass'], problem);
  },
});
