import { objectRule } from '../kubernetes/define-rule.ts';
import { METRIC_FIELDS, metricsOf } from '../kubernetes/metrics.ts';
import { type NameCheck, pathSegment } from '../kubernetes/names.ts';
import { placeIn, textIn } from '../kubernetes/reading.ts';
import { containerResourceProblem } from '../kubernetes/resources.ts';

export const invalidMetricName = objectRule({
  id: 'semantic/metric-name',
  title: 'A metric without a name, or with one that cannot be asked for',
  severity: 'error',
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check(object, report) {
    for (const metric of metricsOf(object)) {
      for (const source of Object.values(METRIC_FIELDS)) {
        const place = placeIn(metric, source);
        const named =
          placeIn(place, 'metric') ?? (source === 'containerResource' || source === 'resource' ? place : undefined);
        const name = textIn(named?.value, 'name');
        const problem = name === undefined ? undefined : name === '' ? 'must not be empty' : checkOf(source)(name);
        if (named !== undefined && problem !== undefined) report([...named.path, 'name'], problem);
      }
    }
  },
});

function checkOf(source: string): NameCheck {
  if (source === 'resource') return () => undefined;
  return source === 'containerResource' ? containerResourceProblem : pathSegment;
}
