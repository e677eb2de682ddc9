import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsLabel } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';

export const runtimeHandler = objectRule({
  id: 'semantic/runtime-handler',
  title: 'A RuntimeClass of a handler with a name that is no DNS label',
  severity: 'error',
  kinds: ['node.k8s.io/RuntimeClass'],
  check({ value, path }, report) {
    const handler = textIn(value, 'handler');
    const problem = handler === undefined ? undefined : dnsLabel(handler);
    if (problem !== undefined) report([...path, 'handler'], problem);
  },
});
