import { podRule } from '../kubernetes/define-rule.ts';
import { ALWAYS_RUNNING } from '../kubernetes/pods.ts';
import { isSet, numberIn } from '../kubernetes/reading.ts';

export const activeDeadline = podRule({
  id: 'semantic/active-deadline',
  title: 'A deadline on a pod that is to run on, or one that is over at once',
  severity: 'error',
  needs: ['activeDeadlineSeconds'],
  check({ value, path, kind }, report) {
    if (!isSet(value, 'activeDeadlineSeconds')) return;
    const place = [...path, 'activeDeadlineSeconds'];
    const seconds = numberIn(value, 'activeDeadlineSeconds');
    if (ALWAYS_RUNNING.has(kind)) report(place, `cannot be set in a ${kind}`, { at: 'key' });
    else if (seconds !== undefined && (seconds < 1 || seconds > 2 ** 31 - 1))
      report(place, `must be at least 1, not ${seconds}`);
  },
});
