import { containerRule } from '../kubernetes/define-rule.ts';
import { PROBES } from '../kubernetes/pods.ts';
import { fieldsOf } from '../kubernetes/reading.ts';

export const initContainerProbe = containerRule({
  id: 'semantic/init-container-probe',
  title: 'A probe or hook on an init container, which ends before it could matter',
  severity: 'error',
  needs: ['initContainers'],
  wholeOnly: true,
  check({ value, path, list }, report) {
    if (list !== 'initContainers' || value.restartPolicy === 'Always') return;
    for (const field of fieldsOf(value, [...PROBES, 'lifecycle']))
      report([...path, field], 'may be set on an init container only with restartPolicy: Always', {
        at: 'key',
        hint: 'Init containers with restartPolicy: Always run on as sidecars.',
      });
  },
});
