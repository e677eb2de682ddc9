import { objectRule } from '../kubernetes/define-rule.ts';
import { metricsOf } from '../kubernetes/metrics.ts';
import { dnsLabel, pathSegment } from '../kubernetes/names.ts';
import { placeIn, textIn } from '../kubernetes/reading.ts';

export const metricObject = objectRule({
  id: 'semantic/metric-object',
  title: 'A metric of an object or a container that cannot exist under this name',
  severity: 'error',
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check(object, report) {
    for (const metric of metricsOf(object)) {
      const described = placeIn(placeIn(metric, 'object'), 'describedObject');
      for (const field of ['kind', 'name']) {
        const text = textIn(described?.value, field);
        const problem = text === undefined ? undefined : text === '' ? 'must not be empty' : pathSegment(text);
        if (described !== undefined && problem !== undefined) report([...described.path, field], problem);
      }
      const resource = placeIn(metric, 'containerResource');
      const container = textIn(resource?.value, 'container');
      const problem =
        container === undefined ? undefined : container === '' ? 'must not be empty' : dnsLabel(container);
      if (resource !== undefined && problem !== undefined) report([...resource.path, 'container'], problem);
    }
  },
});
