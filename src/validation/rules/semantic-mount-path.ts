import { containerRule } from '../kubernetes/define-rule.ts';
import { textIn } from '../kubernetes/reading.ts';

export const emptyMountPath = containerRule({
  id: 'semantic/mount-path',
  title: 'A volume that is mounted nowhere',
  severity: 'error',
  needs: ['volumeMounts'],
  check(container, report) {
    for (const { value, path } of container.mounts) {
      if (textIn(value, 'mountPath') === '') report([...path, 'mountPath'], 'must not be empty');
    }
  },
});
