import { placeRule } from '../kubernetes/define-rule.ts';
import { listIn, objectIn, placeIn } from '../kubernetes/reading.ts';
import { specOf, WORKLOADS } from '../kubernetes/specs.ts';

export const emptySelector = placeRule((object) => placeIn(specOf(object), 'selector'), {
  id: 'semantic/empty-selector',
  title: 'A workload with a selector that picks every pod',
  severity: 'error',
  wholeOnly: true,
  kinds: WORKLOADS,
  check({ value, path }, report) {
    if (Object.keys(objectIn(value, 'matchLabels') ?? {}).length + listIn(value, 'matchExpressions').length === 0)
      report(path, 'must not be empty', { at: 'key', hint: 'Name labels of the template in matchLabels.' });
  },
});
