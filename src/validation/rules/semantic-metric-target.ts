import { objectRule } from '../kubernetes/define-rule.ts';
import { METRIC_FIELDS, metricsOf } from '../kubernetes/metrics.ts';
import { quantityOf } from '../kubernetes/quantities.ts';
import { fieldsOf, placeIn } from '../kubernetes/reading.ts';

/** The fields that a target may have, by source; one of them is needed. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  containerResource: ['averageUtilization', 'averageValue'],
  external: ['averageValue', 'value'],
  object: ['averageValue', 'value'],
  pods: ['averageValue'],
  resource: ['averageUtilization', 'averageValue'],
};

export const metricTarget = objectRule({
  id: 'semantic/metric-target',
  title: 'A metric without a target value, with two, or with one that is not above zero',
  severity: 'error',
  wholeOnly: true,
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check(object, report) {
    for (const metric of metricsOf(object)) {
      for (const source of Object.values(METRIC_FIELDS)) {
        const target = placeIn(placeIn(metric, source), 'target');
        const wanted = TARGETS[source] ?? [];
        if (target === undefined) continue;
        const found = fieldsOf(target.value, wanted);
        if (found.length === 0) report(target.path, `lacks ${wanted.join(' or ')}`, { at: 'key' });
        if (found.length > 1 && source !== 'object')
          report(target.path, `must have one of ${wanted.join(' and ')}, not both`, { at: 'key' });
        for (const field of ['averageUtilization', 'averageValue', 'value']) {
          const amount = quantityOf(target.value[field]);
          if (amount !== undefined && amount <= 0) report([...target.path, field], 'must be above 0');
        }
      }
    }
  },
});
