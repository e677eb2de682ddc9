import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsLabel, problemOf } from '../kubernetes/names.ts';
import { objectIn } from '../kubernetes/reading.ts';

export const invalidNamespace = objectRule({
  id: 'object/namespace',
  title: 'A namespace that cannot exist under this name',
  severity: 'error',
  needs: ['namespace'],
  check(object, report) {
    if (object.kustomized === true) return;
    const namespace = objectIn(object.value, 'metadata')?.namespace;
    const problem = namespace === '' ? undefined : problemOf(namespace, dnsLabel);
    if (problem !== undefined) report([...object.path, 'metadata', 'namespace'], problem);
  },
});
