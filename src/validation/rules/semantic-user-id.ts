import { podRule, type Report } from '../kubernetes/define-rule.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { listIn, numberIn, type Place, placeIn } from '../kubernetes/reading.ts';

const MOST = 2 ** 31 - 1;

export const invalidUserId = podRule({
  id: 'semantic/user-id',
  title: 'A user or group outside 0 to 2147483647',
  severity: 'error',
  needs: ['fsGroup', 'runAsGroup', 'runAsUser', 'supplementalGroups'],
  check(pod, report) {
    const own = placeIn(pod, 'securityContext');
    if (own !== undefined) checkContext(own, report);
    for (const container of containersOf(pod.object)) {
      const context = placeIn(container, 'securityContext');
      if (context !== undefined) checkContext(context, report);
    }
  },
});

function checkContext({ value, path }: Place, report: Report): void {
  for (const field of ['fsGroup', 'runAsGroup', 'runAsUser']) {
    const id = numberIn(value, field);
    if (id !== undefined && !isId(id)) report([...path, field], `must be 0 to ${MOST}, not ${id}`);
  }
  for (const [index, id] of listIn(value, 'supplementalGroups').entries())
    if ((typeof id === 'number' || typeof id === 'bigint') && !isId(Number(id)))
      report([...path, 'supplementalGroups', index], `must be 0 to ${MOST}, not ${id}`);
}

function isId(id: number): boolean {
  return id >= 0 && id <= MOST;
}
