import { placeRule } from '../kubernetes/define-rule.ts';
import { numberIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const progressDeadline = placeRule(specOf, {
  id: 'semantic/progress-deadline',
  title: 'A rollout that fails before its pods can be ready',
  severity: 'error',
  wholeOnly: true,
  kinds: ['apps/Deployment'],
  check({ value, path }, report) {
    const deadline = numberIn(value, 'progressDeadlineSeconds') ?? 600;
    const ready = numberIn(value, 'minReadySeconds') ?? 0;
    if (deadline > ready || deadline < 0 || ready < 0) return;
    const field = value.progressDeadlineSeconds === undefined ? 'minReadySeconds' : 'progressDeadlineSeconds';
    report(
      [...path, field],
      `leaves no time: progressDeadlineSeconds, ${deadline}, must be more than minReadySeconds, ${ready}`,
    );
  },
});
