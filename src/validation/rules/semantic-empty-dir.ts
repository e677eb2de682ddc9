import { podRule } from '../kubernetes/define-rule.ts';
import { quantityOf } from '../kubernetes/quantities.ts';
import { objectIn } from '../kubernetes/reading.ts';

export const invalidEmptyDir = podRule({
  id: 'semantic/empty-dir',
  title: 'An emptyDir of less than no size',
  severity: 'error',
  needs: ['sizeLimit'],
  check(pod, report) {
    for (const { value, path } of pod.volumes) {
      const size = quantityOf(objectIn(value, 'emptyDir')?.sizeLimit);
      if (size !== undefined && size < 0) report([...path, 'emptyDir', 'sizeLimit'], 'must not be negative');
    }
  },
});
