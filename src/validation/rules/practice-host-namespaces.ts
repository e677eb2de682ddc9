import { podRule } from '../kubernetes/define-rule.ts';

export const hostNamespaces = podRule({
  id: 'practice/host-namespaces',
  title: 'A pod that shares a namespace of its node',
  severity: 'warning',
  optIn: true,
  check({ value, path }, report) {
    for (const name of ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => value[field] === true)) {
      report([...path, name], 'opens a namespace of the node to the pod');
    }
  },
});
