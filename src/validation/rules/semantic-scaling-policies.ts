import { placeRule } from '../kubernetes/define-rule.ts';
import { placeIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const scalingPolicies = placeRule((object) => placeIn(specOf(object), 'behavior'), {
  id: 'semantic/scaling-policies',
  title: 'A way of scaling without a policy',
  severity: 'error',
  wholeOnly: true,
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check(behavior, report) {
    for (const direction of ['scaleDown', 'scaleUp']) {
      const policies = placeIn(behavior, direction)?.value.policies;
      if (Array.isArray(policies) && policies.length === 0)
        report([...behavior.path, direction, 'policies'], 'must have at least one policy', {
          at: 'key',
          hint: 'Leave the list out for the defaults; selectPolicy: Disabled turns the direction off.',
        });
    }
  },
});
