import { containerRule } from '../kubernetes/define-rule.ts';
import { dnsLabel } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';

export const invalidContainerName = containerRule({
  id: 'semantic/container-name',
  title: 'A container with a name that is no DNS label',
  severity: 'error',
  check({ value, path }, report) {
    const name = textIn(value, 'name');
    const problem = name === undefined ? undefined : name === '' ? 'must not be empty' : dnsLabel(name);
    if (problem !== undefined) report([...path, 'name'], problem);
  },
});
