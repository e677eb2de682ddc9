import { containerRule } from '../kubernetes/define-rule.ts';
import { isSet, type Json, numberIn, objectIn } from '../kubernetes/reading.ts';

/** What a container says goes before what its pod says. */
export const mayRunAsRoot = containerRule({
  id: 'practice/root',
  title: 'A container that is root, or that nothing keeps from it',
  severity: 'warning',
  optIn: true,
  wholeOnly: true,
  check({ value, path, pod }, report) {
    const own = objectIn(value, 'securityContext');
    const shared = objectIn(pod.value, 'securityContext');
    const user = inEffect(own, shared, 'runAsUser');
    if (user !== undefined && numberIn(user, 'runAsUser') === 0) {
      const at = user === own ? path : pod.path;
      report([...at, 'securityContext', 'runAsUser'], 'is 0, which is root');
      return;
    }
    const isKept = user !== undefined || inEffect(own, shared, 'runAsNonRoot')?.runAsNonRoot === true;
    if (!isKept) report(path, 'may run as root', { at: 'key', hint: 'Set securityContext.runAsNonRoot to true.' });
  },
});

function inEffect(own: Json | undefined, shared: Json | undefined, name: string): Json | undefined {
  if (isSet(own, name)) return own;
  return isSet(shared, name) ? shared : undefined;
}
