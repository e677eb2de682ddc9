import { objectRule } from '../kubernetes/define-rule.ts';
import { annotationsOf } from '../kubernetes/labels.ts';
import { qualifiedName } from '../kubernetes/names.ts';
import { isFilledInLater } from '../kubernetes/reading.ts';

export const invalidAnnotationKey = objectRule({
  id: 'object/annotation-key',
  title: 'An annotation with a key that the server does not accept',
  severity: 'error',
  needs: ['annotations'],
  check(object, report) {
    for (const { value, path } of annotationsOf(object)) {
      for (const key of Object.keys(value)) {
        const problem = isFilledInLater(key) ? undefined : qualifiedName(key.toLowerCase());
        if (problem !== undefined) report([...path, key], problem, { at: 'key' });
      }
    }
  },
});
