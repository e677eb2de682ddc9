import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { textIn } from '../kubernetes/reading.ts';

export const duplicateContainer = podRule({
  id: 'semantic/duplicate-container',
  title: 'Two containers of a pod with the same name',
  severity: 'error',
  check(pod, report) {
    const containers = containersOf(pod.object);
    if (containers.length < 2) return;
    const seen = new Map<string, string>();
    for (const { value, path, list } of containers) {
      const name = textIn(value, 'name');
      if (name === undefined || name === '') continue;
      const first = seen.get(name);
      if (first === undefined) seen.set(name, list);
      else
        report([...path, 'name'], `is ${quote(name)}, as another of the ${first} has it`, {
          hint: 'Rename one of the two.',
        });
    }
  },
});
