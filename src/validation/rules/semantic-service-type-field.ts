import { placeRule } from '../kubernetes/define-rule.ts';
import { isSet, listIn, textIn } from '../kubernetes/reading.ts';
import { serviceTypeOf } from '../kubernetes/services.ts';
import { specOf } from '../kubernetes/specs.ts';

const OF_LOAD_BALANCERS = ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'loadBalancerSourceRanges'];

export const serviceTypeField = placeRule(specOf, {
  id: 'semantic/service-type-field',
  title: 'A setting of a Service of another type',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/Service'],
  check({ value, path }, report) {
    const type = serviceTypeOf(value);
    if (type === undefined) return;
    for (const field of OF_LOAD_BALANCERS) {
      const isThere =
        isSet(value, field) && !(field === 'loadBalancerSourceRanges' && listIn(value, field).length === 0);
      if (isThere && type !== 'LoadBalancer') report([...path, field], 'needs type: LoadBalancer', { at: 'key' });
    }
    const isReachable = type === 'LoadBalancer' || type === 'NodePort' || listIn(value, 'externalIPs').length > 0;
    const policy = textIn(value, 'externalTrafficPolicy');
    if (policy !== undefined && policy !== '' && !isReachable)
      report([...path, 'externalTrafficPolicy'], 'needs type: LoadBalancer or NodePort', { at: 'key' });
    const needsCheck = type === 'LoadBalancer' && policy === 'Local';
    if (isSet(value, 'healthCheckNodePort') && value.healthCheckNodePort !== 0 && !needsCheck)
      report([...path, 'healthCheckNodePort'], 'needs type: LoadBalancer and externalTrafficPolicy: Local', {
        at: 'key',
      });
  },
});
