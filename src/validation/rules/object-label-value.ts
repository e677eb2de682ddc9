import type { Path } from '../../manifests/locate.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { labelsOf } from '../kubernetes/labels.ts';
import { labelValue } from '../kubernetes/names.ts';
import { settledText } from '../kubernetes/reading.ts';

export const invalidLabelValue = objectRule({
  id: 'object/label-value',
  title: 'A label with a value that the server does not accept',
  severity: 'error',
  needs: ['labels'],
  check(object, report) {
    for (const { value, path } of labelsOf(object)) {
      for (const key of Object.keys(value)) {
        const text = settledText(value[key]);
        const problem = text === undefined ? undefined : labelValue(text);
        if (problem === undefined) continue;
        const hint = 'Annotations take any text, and this may be one.';
        report([...path, key], problem, { hint, ...(isOfLaterJob(path) ? { severity: 'warning' } : {}) });
      }
    }
  },
});

/** The server looks at these no earlier than when the CronJob makes a Job, which then fails. */
function isOfLaterJob(path: Path): boolean {
  return path.at(-3) === 'jobTemplate';
}
