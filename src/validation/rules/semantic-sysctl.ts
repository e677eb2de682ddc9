import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { placeIn, placesIn, textIn } from '../kubernetes/reading.ts';

const FORM = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9]$/;

export const invalidSysctl = podRule({
  id: 'semantic/sysctl',
  title: 'A kernel parameter that cannot be set, or is set twice',
  severity: 'error',
  needs: ['sysctls'],
  check(pod, report) {
    const seen = new Set<string>();
    for (const { value, path } of placesIn(placeIn(pod, 'securityContext'), 'sysctls')) {
      const name = textIn(value, 'name');
      if (name === undefined) continue;
      const problem = problemOf(name, pod.value, seen);
      if (problem !== undefined) report([...path, 'name'], problem);
      seen.add(name);
    }
  },
});

function problemOf(
  name: string,
  pod: Readonly<Record<string, unknown>>,
  seen: ReadonlySet<string>,
): string | undefined {
  if (name === '') return 'must not be empty';
  if (name.length > 253 || !FORM.test(name)) return `must be a name such as net.core.somaxconn, not ${quote(name)}`;
  if (seen.has(name)) return `is ${quote(name)}, which is set already`;
  if (pod.hostNetwork === true && name.startsWith('net.')) return 'cannot be set in the network of the node';
  const isIpc = /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(name);
  return pod.hostIPC === true && isIpc ? 'cannot be set where hostIPC is true' : undefined;
}
