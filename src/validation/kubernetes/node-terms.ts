import type { Report } from './define-rule.ts';
import { labelValue, qualifiedName } from './names.ts';
import { type Json, listIn, type Place, placesIn, textIn, textsIn } from './reading.ts';

/** Reports what is wrong with a node selector term (https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/). */
export function checkNodeTerm(term: Place, report: Report): void {
  for (const expression of placesIn(term, 'matchExpressions')) {
    const problem = valuesProblem(expression.value);
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

function valuesProblem(expression: Json): string | undefined {
  const operator = textIn(expression, 'operator');
  const count = listIn(expression, 'values').length;
  if ((operator === 'In' || operator === 'NotIn') && count === 0)
    return `must not be empty where the operator is ${operator}`;
  if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0)
    return `must be empty where the operator is ${operator}`;
  const isComparison = operator === 'Gt' || operator === 'Lt';
  return isComparison && count !== 1 ? `must be one integer where the operator is ${operator}` : undefined;
}
