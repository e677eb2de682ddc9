import { objectRule } from '../kubernetes/define-rule.ts';
import { qualifiedName } from '../kubernetes/names.ts';
import { placeIn, textsIn } from '../kubernetes/reading.ts';

export const invalidFinalizer = objectRule({
  id: 'object/finalizer',
  title: 'A finalizer that the server does not accept',
  severity: 'error',
  needs: ['finalizers'],
  check({ value, path }, report) {
    for (const { text, path: place } of textsIn(placeIn({ value, path }, 'metadata'), 'finalizers')) {
      const problem = qualifiedName(text);
      if (problem !== undefined) report(place, problem);
    }
  },
});
