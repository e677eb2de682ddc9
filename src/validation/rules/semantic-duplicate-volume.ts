import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';

export const duplicateVolume = podRule({
  id: 'semantic/duplicate-volume',
  title: 'Two volumes of a pod with the same name',
  severity: 'error',
  needs: ['volumes'],
  check(pod, report) {
    const seen = new Set<string>();
    for (const { value, path } of pod.volumes) {
      const name = textIn(value, 'name');
      if (name === undefined || name === '') continue;
      if (seen.has(name)) report([...path, 'name'], `is ${quote(name)}, as another volume of the pod has it`);
      seen.add(name);
    }
  },
});
