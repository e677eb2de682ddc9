import { containerRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { listIn, textIn } from '../kubernetes/reading.ts';

export const duplicateMountPath = containerRule({
  id: 'semantic/duplicate-mount-path',
  title: 'Two mounts of a container at the same path',
  severity: 'error',
  needs: ['volumeMounts'],
  check(container, report) {
    if (listIn(container.value, 'volumeMounts').length < 2) return;
    const seen = new Set<string>();
    for (const { value, path } of container.mounts) {
      const mountPath = textIn(value, 'mountPath');
      if (mountPath === undefined) continue;
      if (seen.has(mountPath))
        report([...path, 'mountPath'], `is ${quote(mountPath)}, where another volume is mounted already`);
      seen.add(mountPath);
    }
  },
});
