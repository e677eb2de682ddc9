import type { Report } from './define-rule.ts';
import { labelValue, qualifiedName } from './names.ts';
import { type Json, listIn, type Place, placesIn, textIn, textsIn } from './reading.ts';

/**
 * Reports what is wrong with the `matchExpressions` of a label selector, or of a node selector term, which knows two
 * operators more (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements,
 * https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#operators).
 */
export function checkExpressions(selector: Place, report: Report): void {
  for (const expression of placesIn(selector, 'matchExpressions')) {
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

/** `Gt` and `Lt` are of node selectors alone: in a label selector the schema refuses them. */
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
