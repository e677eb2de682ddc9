import { placeRule } from '../kubernetes/define-rule.ts';
import { labelValue, problemOf, qualifiedName } from '../kubernetes/names.ts';
import { isFilledInLater, objectIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidServiceSelector = placeRule(specOf, {
  id: 'semantic/service-selector',
  title: 'A selector of labels that no pod can have',
  severity: 'error',
  kinds: ['/ReplicationController', '/Service'],
  check(spec, report) {
    const labels = objectIn(spec.value, 'selector');
    for (const key in labels) {
      const keyProblem = isFilledInLater(key) ? undefined : qualifiedName(key);
      if (keyProblem !== undefined) report([...spec.path, 'selector', key], keyProblem, { at: 'key' });
      const problem = problemOf(labels[key], labelValue);
      if (problem !== undefined) report([...spec.path, 'selector', key], problem);
    }
  },
});
