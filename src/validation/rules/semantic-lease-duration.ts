import { placeRule } from '../kubernetes/define-rule.ts';
import { numberIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const leaseDuration = placeRule(specOf, {
  id: 'semantic/lease-duration',
  title: 'A lease that ends at once',
  severity: 'error',
  kinds: ['coordination.k8s.io/Lease'],
  check({ value, path }, report) {
    const seconds = numberIn(value, 'leaseDurationSeconds');
    if (seconds !== undefined && seconds <= 0)
      report([...path, 'leaseDurationSeconds'], `must be at least 1, not ${seconds}`);
    const transitions = numberIn(value, 'leaseTransitions');
    if (transitions !== undefined && transitions < 0)
      report([...path, 'leaseTransitions'], `must not be negative, as ${transitions} is`);
  },
});
