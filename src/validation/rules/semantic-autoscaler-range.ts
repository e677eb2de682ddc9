import { placeRule } from '../kubernetes/define-rule.ts';
import { type Json, listIn, numberIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';
import { isAtLeast } from '../kubernetes/versions.ts';
import { isObject } from '../scalars.ts';

export const autoscalerRange = placeRule(specOf, {
  id: 'semantic/autoscaler-range',
  title: 'An autoscaler whose least is more than its most',
  severity: 'error',
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check({ value, path }, report, context) {
    const [least, most] = [numberIn(value, 'minReplicas') ?? 1, numberIn(value, 'maxReplicas')];
    if (least === 0 && scalesOnOthers(value)) {
      const hint = 'Below Kubernetes 1.37 this takes the feature gate HPAScaleToZero.';
      if (!isAtLeast(context, 37))
        report([...path, 'minReplicas'], 'is 0, which the server may refuse', { severity: 'warning', hint });
    } else if (least < 1) report([...path, 'minReplicas'], `must be at least 1, not ${least}`);
    if (most !== undefined && most < 1) report([...path, 'maxReplicas'], `must be at least 1, not ${most}`);
    else if (most !== undefined && most < least)
      report([...path, 'maxReplicas'], `must be at least minReplicas, ${least}, not ${most}`);
    const share = numberIn(value, 'targetCPUUtilizationPercentage');
    if (share !== undefined && share < 1)
      report([...path, 'targetCPUUtilizationPercentage'], `must be at least 1, not ${share}`);
  },
});

/** Metrics that do not come from the pods themselves let an autoscaler go to zero (https://kep.k8s.io/2021). */
function scalesOnOthers(spec: Json): boolean {
  const types = listIn(spec, 'metrics').map((metric) => (isObject(metric) ? metric.type : undefined));
  return types.includes('External') || types.includes('Object');
}
