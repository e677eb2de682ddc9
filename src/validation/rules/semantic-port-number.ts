import { containerRule } from '../kubernetes/define-rule.ts';
import { portNumberProblem } from '../kubernetes/ports.ts';
import { listIn } from '../kubernetes/reading.ts';
import { isObject } from '../scalars.ts';

export const invalidPortNumber = containerRule({
  id: 'semantic/port-number',
  title: 'A container port with a number that no port has',
  severity: 'error',
  needs: ['ports'],
  check({ value, path }, report) {
    for (const [index, port] of listIn(value, 'ports').entries()) {
      if (!isObject(port)) continue;
      const problem = portNumberProblem(port.containerPort);
      if (problem !== undefined) report([...path, 'ports', index, 'containerPort'], problem);
      const hostProblem = port.hostPort === 0 ? undefined : portNumberProblem(port.hostPort);
      if (hostProblem !== undefined) report([...path, 'ports', index, 'hostPort'], hostProblem);
    }
  },
});
