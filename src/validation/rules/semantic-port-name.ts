import { containerRule } from '../kubernetes/define-rule.ts';
import { portNameProblem } from '../kubernetes/ports.ts';
import { listIn } from '../kubernetes/reading.ts';
import { isObject } from '../scalars.ts';

export const invalidPortName = containerRule({
  id: 'semantic/port-name',
  title: 'A container port with a name that is too long or no port name',
  severity: 'error',
  needs: ['ports'],
  check({ value, path }, report) {
    for (const [index, port] of listIn(value, 'ports').entries()) {
      if (!isObject(port) || port.name === '') continue;
      const problem = portNameProblem(port.name);
      if (problem !== undefined) report([...path, 'ports', index, 'name'], problem);
    }
  },
});
