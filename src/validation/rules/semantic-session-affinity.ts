import { placeRule } from '../kubernetes/define-rule.ts';
import { isSet, numberIn, objectIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

/** One day. */
const MOST_SECONDS = 86400;

export const sessionAffinity = placeRule(specOf, {
  id: 'semantic/session-affinity',
  title: 'A session affinity for a time that cannot be, or settings of one that is off',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/Service'],
  check({ value, path }, report) {
    const config = objectIn(value, 'sessionAffinityConfig');
    if (config === undefined) return;
    const place = [...path, 'sessionAffinityConfig'];
    if (!isSet(value, 'sessionAffinity') || value.sessionAffinity === 'None') {
      report(place, 'has no effect without sessionAffinity: ClientIP', { at: 'key', severity: 'warning' });
      return;
    }
    const seconds = numberIn(objectIn(config, 'clientIP'), 'timeoutSeconds');
    if (seconds !== undefined && (seconds <= 0 || seconds > MOST_SECONDS))
      report([...place, 'clientIP', 'timeoutSeconds'], `must be 1 to ${MOST_SECONDS}, not ${seconds}`);
  },
});
