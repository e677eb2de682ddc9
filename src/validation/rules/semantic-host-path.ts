import { podRule } from '../kubernetes/define-rule.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';

export const invalidHostPath = podRule({
  id: 'semantic/host-path',
  title: 'A path of the node with .. in it',
  severity: 'error',
  needs: ['hostPath'],
  check(pod, report) {
    for (const { value, path } of pod.volumes) {
      const hostPath = textIn(objectIn(value, 'hostPath'), 'path');
      if (hostPath?.split('/').includes('..') === true) report([...path, 'hostPath', 'path'], 'must not contain ..');
    }
  },
});
