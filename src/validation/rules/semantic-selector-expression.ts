import { objectRule } from '../kubernetes/define-rule.ts';
import { labelValue, qualifiedName } from '../kubernetes/names.ts';
import {
  entriesIn,
  isFilledInLater,
  type Json,
  listIn,
  placesIn,
  settledText,
  textIn,
  textsIn,
} from '../kubernetes/reading.ts';
import { labelSelectorsOf } from '../kubernetes/selectors.ts';
import { groupOf } from '../schemas.ts';

export const invalidSelector = objectRule({
  id: 'semantic/selector-expression',
  title: 'A label selector with a key, value or list of values that cannot be',
  severity: 'error',
  check(object, report, { schemas }) {
    if (!schemas.isBuiltInGroup(groupOf(object.resource.apiVersion))) return;
    for (const selector of labelSelectorsOf(object)) {
      for (const [key, value] of entriesIn(selector.value, 'matchLabels')) {
        const keyProblem = isFilledInLater(key) ? undefined : qualifiedName(key);
        if (keyProblem !== undefined) report([...selector.path, 'matchLabels', key], keyProblem, { at: 'key' });
        const text = settledText(value);
        const problem = text === undefined ? undefined : labelValue(text);
        if (problem !== undefined) report([...selector.path, 'matchLabels', key], problem);
      }
      for (const expression of placesIn(selector, 'matchExpressions')) {
        const problem = problemOf(expression.value);
        if (problem !== undefined) report([...expression.path, 'values'], problem);
        const key = textIn(expression.value, 'key');
        const keyProblem = key === undefined ? undefined : qualifiedName(key);
        if (keyProblem !== undefined) report([...expression.path, 'key'], keyProblem);
        for (const { text, path } of textsIn(expression, 'values')) {
          const wrong = labelValue(text);
          if (wrong !== undefined) report(path, wrong);
        }
      }
    }
  },
});

function problemOf(value: Json): string | undefined {
  const operator = textIn(value, 'operator');
  const isEmpty = listIn(value, 'values').length === 0;
  if ((operator === 'In' || operator === 'NotIn') && isEmpty)
    return `must not be empty where the operator is ${operator}`;
  if ((operator === 'Exists' || operator === 'DoesNotExist') && !isEmpty)
    return `must be empty where the operator is ${operator}`;
  return undefined;
}
