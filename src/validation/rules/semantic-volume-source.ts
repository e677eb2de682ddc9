import { podRule } from '../kubernetes/define-rule.ts';
import { fieldsOf } from '../kubernetes/reading.ts';
import { VOLUME_SOURCES } from '../kubernetes/volumes.ts';

export const volumeSource = podRule({
  id: 'semantic/volume-source',
  title: 'A volume of two kinds at once',
  severity: 'error',
  needs: ['volumes'],
  check(pod, report) {
    for (const { value, path } of pod.volumes) {
      const [first, second] = fieldsOf(value, VOLUME_SOURCES);
      if (first !== undefined && second !== undefined)
        report([...path, second], `must not stand beside ${first}: a volume has one source`, { at: 'key' });
    }
  },
});
