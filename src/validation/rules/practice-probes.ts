import { podRule } from '../kubernetes/define-rule.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { isSet } from '../kubernetes/reading.ts';

/** Of what is meant to stay: Jobs and single Pods come to an end. */
export const missingProbes = podRule({
  id: 'practice/probes',
  title: 'A container without a readiness or a liveness probe',
  severity: 'warning',
  optIn: true,
  wholeOnly: true,
  kinds: ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'],
  check(pod, report) {
    for (const { value, path, list } of containersOf(pod.object)) {
      if (list !== 'containers') continue;
      const missing = ['readinessProbe', 'livenessProbe'].filter((name) => !isSet(value, name));
      if (missing.length > 0) report(path, `has no ${missing.join(' and no ')}`, { at: 'key' });
    }
  },
});
