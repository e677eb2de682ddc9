import { containerRule } from '../kubernetes/define-rule.ts';
import { isSet, listIn } from '../kubernetes/reading.ts';
import { isObject } from '../scalars.ts';

export const envValueTwice = containerRule({
  id: 'semantic/env-value',
  title: 'An environment variable with both value and valueFrom',
  severity: 'error',
  needs: ['valueFrom'],
  check({ value, path }, report) {
    for (const [index, variable] of listIn(value, 'env').entries()) {
      if (
        isObject(variable) &&
        isSet(variable, 'valueFrom') &&
        variable.value !== undefined &&
        variable.value !== null &&
        variable.value !== ''
      )
        report([...path, 'env', index, 'valueFrom'], 'must not stand beside value', {
          at: 'key',
          hint: 'Keep one of the two.',
        });
    }
  },
});
