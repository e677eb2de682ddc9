import { podRule } from '../kubernetes/define-rule.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { numberIn } from '../kubernetes/reading.ts';

export const hostPortMismatch = podRule({
  id: 'semantic/host-port-mismatch',
  title: 'A port of a pod in the network of its node that wants another port there',
  severity: 'error',
  needs: ['hostPort'],
  check(pod, report) {
    if (pod.value.hostNetwork !== true) return;
    for (const container of containersOf(pod.object)) {
      if (container.list !== 'containers') continue;
      for (const { value, path } of container.ports) {
        const [inside, outside] = [numberIn(value, 'containerPort'), numberIn(value, 'hostPort') ?? 0];
        if (inside === undefined || outside === 0 || inside === outside) continue;
        report([...path, 'hostPort'], `must be the containerPort, ${inside}, because the pod has hostNetwork: true`);
      }
    }
  },
});
