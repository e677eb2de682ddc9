import { containerRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { listIn, textIn } from '../kubernetes/reading.ts';

export const duplicatePortName = containerRule({
  id: 'semantic/duplicate-port-name',
  title: 'Two ports of a container with the same name',
  severity: 'error',
  needs: ['ports'],
  check(container, report) {
    if (listIn(container.value, 'ports').length < 2) return;
    const seen = new Set<string>();
    for (const port of container.ports) {
      const name = textIn(port.value, 'name');
      if (name === undefined || name === '') continue;
      if (seen.has(name)) report([...port.path, 'name'], `is ${quote(name)}, as another port of the container has it`);
      seen.add(name);
    }
  },
});
