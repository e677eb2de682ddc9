import { placeRule } from '../kubernetes/define-rule.ts';
import { isSet } from '../kubernetes/reading.ts';
import { isOver100, shareProblem } from '../kubernetes/shares.ts';
import { specOf } from '../kubernetes/specs.ts';

export const disruptionBudget = placeRule(specOf, {
  id: 'semantic/disruption-budget',
  title: 'A PodDisruptionBudget with both bounds, or with one that cannot be',
  severity: 'error',
  kinds: ['policy/PodDisruptionBudget'],
  check({ value, path }, report) {
    if (isSet(value, 'minAvailable') && isSet(value, 'maxUnavailable'))
      report([...path, 'maxUnavailable'], 'must not stand beside minAvailable', {
        at: 'key',
        hint: 'Keep one of the two.',
      });
    for (const field of ['minAvailable', 'maxUnavailable']) {
      const problem = shareProblem(value[field]) ?? (isOver100(value[field]) ? 'must be at most 100%' : undefined);
      if (problem !== undefined) report([...path, field], problem);
    }
  },
});
