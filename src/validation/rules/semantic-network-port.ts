import { objectRule } from '../kubernetes/define-rule.ts';
import { policyPortsOf } from '../kubernetes/network-policies.ts';
import { portNameProblem, portNumberProblem } from '../kubernetes/ports.ts';
import { isSet, numberIn } from '../kubernetes/reading.ts';

export const invalidNetworkPort = objectRule({
  id: 'semantic/network-port',
  title: 'A port or range of ports of a NetworkPolicy that cannot be',
  severity: 'error',
  kinds: ['networking.k8s.io/NetworkPolicy'],
  check(object, report) {
    for (const { value, path } of policyPortsOf(object)) {
      const problem = portNumberProblem(value.port) ?? portNameProblem(value.port);
      if (problem !== undefined) report([...path, 'port'], problem);
      if (!isSet(value, 'endPort')) continue;
      const [first, last] = [numberIn(value, 'port'), numberIn(value, 'endPort')];
      if (first === undefined) report([...path, 'endPort'], 'needs a number as port beside it', { at: 'key' });
      else if (last !== undefined && (last < first || last > 65535))
        report([...path, 'endPort'], `must be ${first} to 65535, not ${last}`);
    }
  },
});
