import { containerRule } from '../kubernetes/define-rule.ts';
import { objectIn } from '../kubernetes/reading.ts';

export const mountPropagation = containerRule({
  id: 'semantic/mount-propagation',
  title: 'A mount that the container has not the right to pass on',
  severity: 'error',
  needs: ['mountPropagation', 'recursiveReadOnly'],
  wholeOnly: true,
  check(container, report) {
    const isPrivileged = objectIn(container.value, 'securityContext')?.privileged === true;
    for (const { value, path } of container.mounts) {
      if (value.mountPropagation === 'Bidirectional' && !isPrivileged)
        report([...path, 'mountPropagation'], 'may be Bidirectional only in a container with privileged: true');
      if (isRecursive(value.recursiveReadOnly) && value.readOnly !== true)
        report([...path, 'recursiveReadOnly'], 'needs readOnly: true beside it', { at: 'key' });
    }
  },
});

function isRecursive(value: unknown): boolean {
  return value === 'Enabled' || value === 'IfPossible';
}
