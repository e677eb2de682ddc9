import { objectRule } from '../kubernetes/define-rule.ts';
import { labelsOf } from '../kubernetes/labels.ts';
import { qualifiedName } from '../kubernetes/names.ts';
import { isFilledInLater } from '../kubernetes/reading.ts';

export const invalidLabelKey = objectRule({
  id: 'object/label-key',
  title: 'A label with a key that the server does not accept',
  severity: 'error',
  needs: ['labels'],
  check(object, report) {
    for (const { value, path } of labelsOf(object)) {
      for (const key of Object.keys(value)) {
        const problem = isFilledInLater(key) ? undefined : qualifiedName(key);
        if (problem !== undefined) report([...path, key], problem, { at: 'key' });
      }
    }
  },
});
