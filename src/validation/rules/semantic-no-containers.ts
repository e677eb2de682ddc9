import { podRule } from '../kubernetes/define-rule.ts';

export const noContainers = podRule({
  id: 'semantic/no-containers',
  title: 'A pod without a container',
  severity: 'error',
  wholeOnly: true,
  check({ value, path }, report) {
    const containers = value.containers;
    if (Array.isArray(containers) && containers.length === 0)
      report([...path, 'containers'], 'must have at least one container', { at: 'key' });
  },
});
