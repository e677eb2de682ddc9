import { nodeTermsOf } from '../kubernetes/affinity.ts';
import { podRule } from '../kubernetes/define-rule.ts';
import { checkExpressions } from '../kubernetes/match-expressions.ts';
import { isSet } from '../kubernetes/reading.ts';

export const invalidNodeExpression = podRule({
  id: 'semantic/node-expression',
  title: 'A condition on nodes with values that do not fit its operator',
  severity: 'error',
  needs: ['affinity'],
  check(pod, report) {
    if (!isSet(pod.value, 'affinity')) return;
    for (const term of nodeTermsOf(pod)) checkExpressions(term, report);
  },
});
