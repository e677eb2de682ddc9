import { objectRule } from '../kubernetes/define-rule.ts';
import { annotationsOf } from '../kubernetes/labels.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/ */
const MOST_BYTES = 256 << 10;

export const annotationsTooLarge = objectRule({
  id: 'object/annotations-size',
  title: 'Annotations of more than 256 KiB',
  severity: 'error',
  needs: ['annotations'],
  check(object, report) {
    for (const { value, path } of annotationsOf(object)) {
      const texts = Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [key, text] : [key]));
      if (texts.reduce((sum, text) => sum + text.length, 0) * 3 <= MOST_BYTES) continue;
      const bytes = new TextEncoder().encode(texts.join('')).length;
      if (bytes > MOST_BYTES)
        report(path, `have ${bytes} bytes together, and at most ${MOST_BYTES} are allowed`, {
          at: 'key',
          hint: 'Keep large texts in a ConfigMap.',
        });
    }
  },
});
