import { podRule } from '../kubernetes/define-rule.ts';
import { dnsLabel } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';

export const invalidVolumeName = podRule({
  id: 'semantic/volume-name',
  title: 'A volume with a name that is no DNS label',
  severity: 'error',
  needs: ['volumes'],
  check(pod, report) {
    for (const { value, path } of pod.volumes) {
      const name = textIn(value, 'name');
      const problem = name === undefined ? undefined : name === '' ? 'must not be empty' : dnsLabel(name);
      if (problem !== undefined) report([...path, 'name'], problem);
    }
  },
});
