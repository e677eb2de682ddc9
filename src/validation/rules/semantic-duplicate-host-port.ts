import { podRule } from '../kubernetes/define-rule.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { numberIn, textIn } from '../kubernetes/reading.ts';

export const duplicateHostPort = podRule({
  id: 'semantic/duplicate-host-port',
  title: 'Two ports of a pod that take the same port of the node',
  severity: 'error',
  needs: ['hostPort'],
  check(pod, report) {
    const seen = new Set<string>();
    for (const container of containersOf(pod.object)) {
      if (container.list !== 'containers') continue;
      for (const { value, path } of container.ports) {
        const port = numberIn(value, 'hostPort');
        if (port === undefined || port === 0) continue;
        const key = `${textIn(value, 'protocol') ?? 'TCP'} ${textIn(value, 'hostIP') ?? ''} ${port}`;
        if (seen.has(key)) report([...path, 'hostPort'], `is ${port}, which another port of the pod already takes`);
        seen.add(key);
      }
    }
  },
});
