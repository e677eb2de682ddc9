import { containerRule } from '../kubernetes/define-rule.ts';
import { isSet, numberIn } from '../kubernetes/reading.ts';

const COUNTS = ['failureThreshold', 'initialDelaySeconds', 'periodSeconds', 'successThreshold', 'timeoutSeconds'];

export const probeThreshold = containerRule({
  id: 'semantic/probe-threshold',
  title: 'A probe with a number that cannot be',
  severity: 'error',
  needs: ['livenessProbe', 'readinessProbe', 'startupProbe'],
  check(container, report) {
    for (const { value, path } of container.probes) {
      for (const field of COUNTS) {
        const count = numberIn(value, field);
        if (count !== undefined && count < 0) report([...path, field], `must not be negative, as ${count} is`);
      }
      const isReadiness = path.at(-1) === 'readinessProbe';
      const successes = numberIn(value, 'successThreshold');
      if (!isReadiness && successes !== undefined && successes > 1)
        report([...path, 'successThreshold'], `must be 1 in a ${String(path.at(-1))}, not ${successes}`);
      const grace = numberIn(value, 'terminationGracePeriodSeconds');
      if (isReadiness && isSet(value, 'terminationGracePeriodSeconds'))
        report([...path, 'terminationGracePeriodSeconds'], 'has no place in a readinessProbe', { at: 'key' });
      else if (grace !== undefined && grace <= 0)
        report([...path, 'terminationGracePeriodSeconds'], `must be at least 1, not ${grace}`);
    }
  },
});
