import { containerRule } from '../kubernetes/define-rule.ts';
import { isLocalPath } from '../kubernetes/volumes.ts';

export const invalidSubPath = containerRule({
  id: 'semantic/sub-path',
  title: 'A path inside a volume that leads out of it',
  severity: 'error',
  needs: ['subPath', 'subPathExpr'],
  check(container, report) {
    for (const { value, path } of container.mounts) {
      for (const field of ['subPath', 'subPathExpr']) {
        const text = value[field];
        if (typeof text === 'string' && !isLocalPath(text))
          report([...path, field], 'must be a path inside the volume: relative, and without ..');
      }
      if (value.subPath && value.subPathExpr)
        report([...path, 'subPathExpr'], 'must not stand beside subPath', { at: 'key' });
    }
  },
});
