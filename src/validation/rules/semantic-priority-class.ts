import { objectRule } from '../kubernetes/define-rule.ts';
import { numberIn, textIn } from '../kubernetes/reading.ts';

/** Above are the classes of Kubernetes itself. */
const HIGHEST = 1_000_000_000;
const OF_THE_SYSTEM = ['system-cluster-critical', 'system-node-critical'];

export const priorityClass = objectRule({
  id: 'semantic/priority-class',
  title: 'A priority as high or a name as those of Kubernetes itself',
  severity: 'error',
  kinds: ['scheduling.k8s.io/PriorityClass'],
  check({ value, path, resource }, report) {
    const name = resource.name ?? '';
    if (OF_THE_SYSTEM.includes(name)) return;
    const priority = numberIn(value, 'value');
    if (priority !== undefined && priority > HIGHEST)
      report([...path, 'value'], `must be at most ${HIGHEST}, not ${priority}`);
    if (textIn({ name }, 'name')?.startsWith('system-') === true)
      report([...path, 'metadata', 'name'], 'must not begin with system-, which Kubernetes keeps for itself');
  },
});
