import { containerRule } from '../kubernetes/define-rule.ts';
import { objectIn } from '../kubernetes/reading.ts';

export const privileged = containerRule({
  id: 'practice/privileged',
  title: 'A privileged container',
  severity: 'warning',
  optIn: true,
  check({ value, path }, report) {
    if (objectIn(value, 'securityContext')?.privileged !== true) return;
    report([...path, 'securityContext', 'privileged'], 'gives the container all that the node may do');
  },
});
