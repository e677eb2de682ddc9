import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';

export const relativeNfsPath = podRule({
  id: 'semantic/nfs-path',
  title: 'An NFS share at a relative path',
  severity: 'error',
  needs: ['nfs'],
  check(pod, report) {
    for (const { value, path } of pod.volumes) {
      const share = textIn(objectIn(value, 'nfs'), 'path');
      if (share !== undefined && share !== '' && !share.startsWith('/'))
        report([...path, 'nfs', 'path'], `must begin with /, unlike ${quote(share)}`);
    }
  },
});
