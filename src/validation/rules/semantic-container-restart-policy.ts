import { containerRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { isAtLeast } from '../kubernetes/versions.ts';

/** Until 1.33 the server refuses these; 1.34 drops them in silence; 1.35 follows them (https://kep.k8s.io/5307). */
export const containerRestartPolicy = containerRule({
  id: 'semantic/container-restart-policy',
  title: 'A restart policy that a container of its own cannot have',
  severity: 'warning',
  check({ value, path, list }, report, context) {
    const policy = textIn(value, 'restartPolicy');
    if (policy === undefined || isAtLeast(context, 35)) return;
    const more = isAtLeast(context, 34) ? {} : ({ severity: 'error' } as const);
    const place = [...path, 'restartPolicy'];
    if (list === 'containers') report(place, 'may be set on init containers only', { at: 'key', ...more });
    else if (list === 'initContainers' && policy !== 'Always')
      report(place, `must be Always, not ${quote(policy)}`, more);
  },
});
