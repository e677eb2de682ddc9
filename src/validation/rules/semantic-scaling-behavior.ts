import { placeRule } from '../kubernetes/define-rule.ts';
import { numberIn, placeIn, placesIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const scalingBehavior = placeRule((object) => placeIn(specOf(object), 'behavior'), {
  id: 'semantic/scaling-behavior',
  title: 'Scaling by an amount or within a time that cannot be',
  severity: 'error',
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check(behavior, report) {
    for (const direction of ['scaleDown', 'scaleUp']) {
      const rules = placeIn(behavior, direction);
      if (rules === undefined) continue;
      const window = numberIn(rules.value, 'stabilizationWindowSeconds');
      if (window !== undefined && (window < 0 || window > 3600))
        report([...rules.path, 'stabilizationWindowSeconds'], `must be 0 to 3600, not ${window}`);
      for (const { value, path } of placesIn(rules, 'policies')) {
        const [amount, seconds] = [numberIn(value, 'value'), numberIn(value, 'periodSeconds')];
        if (amount !== undefined && amount <= 0) report([...path, 'value'], `must be above 0, not ${amount}`);
        if (seconds !== undefined && (seconds <= 0 || seconds > 1800))
          report([...path, 'periodSeconds'], `must be 1 to 1800, not ${seconds}`);
      }
    }
  },
});
