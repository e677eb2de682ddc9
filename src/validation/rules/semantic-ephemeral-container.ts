import { podRule } from '../kubernetes/define-rule.ts';
import { listIn } from '../kubernetes/reading.ts';

export const ephemeralContainer = podRule({
  id: 'semantic/ephemeral-container',
  title: 'An ephemeral container in a manifest',
  severity: 'error',
  needs: ['ephemeralContainers'],
  check(pod, report) {
    if (listIn(pod.value, 'ephemeralContainers').length > 0)
      report([...pod.path, 'ephemeralContainers'], 'cannot be part of a manifest', {
        at: 'key',
        hint: 'kubectl debug adds them to a pod that runs.',
      });
  },
});
