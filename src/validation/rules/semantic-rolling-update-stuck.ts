import { objectRule } from '../kubernetes/define-rule.ts';
import { isZero } from '../kubernetes/shares.ts';
import { rollingUpdateOf } from './semantic-rolling-update.ts';

export const stuckRollingUpdate = objectRule({
  id: 'semantic/rolling-update-stuck',
  title: 'A rolling update that may neither add nor remove a pod',
  severity: 'error',
  wholeOnly: true,
  kinds: ['apps/DaemonSet', 'apps/Deployment'],
  check(object, report) {
    const update = rollingUpdateOf(object);
    if (update === undefined || !isZero(update.value.maxUnavailable)) return;
    const surge = update.value.maxSurge ?? (object.resource.kind === 'DaemonSet' ? 0 : undefined);
    if (isZero(surge))
      report([...update.path, 'maxUnavailable'], 'must not be 0 where maxSurge is 0: no pod could be replaced');
  },
});
