import { objectRule } from '../kubernetes/define-rule.ts';
import { qualifiedName, quote } from '../kubernetes/names.ts';
import { placeIn, placesIn, textIn } from '../kubernetes/reading.ts';
import { JOBS, jobSpecOf } from '../kubernetes/specs.ts';

const STATUSES = ['False', 'True', 'Unknown'];

export const podCondition = objectRule({
  id: 'semantic/pod-condition',
  title: 'A rule on failed pods for a condition that no pod has',
  severity: 'error',
  kinds: JOBS,
  check(object, report) {
    const rules = placesIn(placeIn(jobSpecOf(object), 'podFailurePolicy'), 'rules');
    for (const { value, path } of rules.flatMap((rule) => placesIn(rule, 'onPodConditions'))) {
      const [type, status] = [textIn(value, 'type'), textIn(value, 'status')];
      const problem = type === undefined ? undefined : type === '' ? 'must not be empty' : qualifiedName(type);
      if (problem !== undefined) report([...path, 'type'], problem);
      if (status !== undefined && status !== '' && !STATUSES.includes(status))
        report([...path, 'status'], `must be one of ${STATUSES.join(', ')}, not ${quote(status)}`);
    }
  },
});
