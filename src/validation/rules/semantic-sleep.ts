import { containerRule } from '../kubernetes/define-rule.ts';
import { numberIn, placeIn } from '../kubernetes/reading.ts';

export const sleepTooLong = containerRule({
  id: 'semantic/sleep',
  title: 'A hook that sleeps longer than the pod may take to end',
  severity: 'error',
  needs: ['sleep'],
  wholeOnly: true,
  check(container, report) {
    const most = numberIn(container.pod.value, 'terminationGracePeriodSeconds') ?? 30;
    for (const hook of container.hooks) {
      const sleep = placeIn(hook, 'sleep');
      const seconds = numberIn(sleep?.value, 'seconds');
      if (sleep === undefined || seconds === undefined || (seconds >= 0 && seconds <= most)) continue;
      report([...sleep.path, 'seconds'], `must be 0 to ${most}, the terminationGracePeriodSeconds of the pod`);
    }
  },
});
