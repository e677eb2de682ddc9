import { objectRule } from '../kubernetes/define-rule.ts';
import { checkExpressions } from '../kubernetes/match-expressions.ts';
import { labelValue, problemOf, qualifiedName } from '../kubernetes/names.ts';
import { isFilledInLater, objectIn } from '../kubernetes/reading.ts';
import { labelSelectorsOf } from '../kubernetes/selectors.ts';
import { groupOf } from '../schemas.ts';

export const invalidSelector = objectRule({
  id: 'semantic/selector-expression',
  title: 'A label selector with a key, value or list of values that cannot be',
  severity: 'error',
  needs: ['matchLabels', 'matchExpressions'],
  check(object, report, { schemas }) {
    if (!schemas.isBuiltInGroup(groupOf(object.resource.apiVersion))) return;
    for (const selector of labelSelectorsOf(object)) {
      const labels = objectIn(selector.value, 'matchLabels');
      for (const key in labels) {
        const keyProblem = isFilledInLater(key) ? undefined : qualifiedName(key);
        if (keyProblem !== undefined) report([...selector.path, 'matchLabels', key], keyProblem, { at: 'key' });
        const problem = problemOf(labels[key], labelValue);
        if (problem !== undefined) report([...selector.path, 'matchLabels', key], problem);
      }
      checkExpressions(selector, report);
    }
  },
});
