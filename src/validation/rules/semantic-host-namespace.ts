import { podRule } from '../kubernetes/define-rule.ts';

export const hostNamespace = podRule({
  id: 'semantic/host-namespace',
  title: 'A pod that shares with its node what it keeps to itself as well',
  severity: 'error',
  needs: ['shareProcessNamespace', 'hostUsers'],
  wholeOnly: true,
  check({ value, path }, report) {
    if (value.shareProcessNamespace === true && value.hostPID === true)
      report([...path, 'shareProcessNamespace'], 'cannot be true where hostPID is true');
    if (value.hostUsers !== false) return;
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC'])
      if (value[field] === true) report([...path, field], 'cannot be true where hostUsers is false');
  },
});
