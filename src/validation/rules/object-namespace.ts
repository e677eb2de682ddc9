import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsLabel } from '../kubernetes/names.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';

export const invalidNamespace = objectRule({
  id: 'object/namespace',
  title: 'A namespace that cannot exist under this name',
  severity: 'error',
  needs: ['namespace'],
  check(object, report) {
    if (object.kustomized === true) return;
    const namespace = textIn(objectIn(object.value, 'metadata'), 'namespace');
    const problem = namespace === undefined || namespace === '' ? undefined : dnsLabel(namespace);
    if (problem !== undefined) report([...object.path, 'metadata', 'namespace'], problem);
  },
});
