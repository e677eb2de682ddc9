import { objectRule } from '../kubernetes/define-rule.ts';
import { METRIC_FIELDS, metricsOf } from '../kubernetes/metrics.ts';
import { quote } from '../kubernetes/names.ts';
import { fieldsOf, isSet, textIn } from '../kubernetes/reading.ts';
import { nearest } from '../nearest.ts';

export const metricSource = objectRule({
  id: 'semantic/metric-source',
  title: 'A metric without the source that its type wants, or with another',
  severity: 'error',
  wholeOnly: true,
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check(object, report) {
    for (const { value, path } of metricsOf(object)) {
      const type = textIn(value, 'type');
      if (type === undefined) continue;
      const field = Object.hasOwn(METRIC_FIELDS, type) ? METRIC_FIELDS[type] : undefined;
      if (field === undefined) {
        const similar = nearest(type, Object.keys(METRIC_FIELDS));
        const hint = similar === undefined ? undefined : `Did you mean ${similar}?`;
        report([...path, 'type'], `must be one of ${Object.keys(METRIC_FIELDS).join(', ')}, not ${quote(type)}`, {
          hint,
        });
        continue;
      }
      if (!isSet(value, field)) report(path, `lacks ${field}, which the type ${type} needs`, { at: 'key' });
      for (const other of fieldsOf(value, Object.values(METRIC_FIELDS)))
        if (other !== field) report([...path, other], `has no place in a metric of the type ${type}`, { at: 'key' });
    }
  },
});
