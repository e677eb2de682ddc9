import type { Path } from '../../manifests/locate.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { labelsOf } from '../kubernetes/labels.ts';
import { labelValue, problemOf } from '../kubernetes/names.ts';
import type { Place } from '../kubernetes/reading.ts';

export const invalidLabelValue = objectRule({
  id: 'object/label-value',
  title: 'A label with a value that the server does not accept',
  severity: 'error',
  needs: ['labels'],
  check(object, report) {
    const places = labelsOf(object);
    for (let index = 0; index < places.length; index++) {
      const labels = places[index] as Place;
      for (const key in labels.value) {
        const problem = problemOf(labels.value[key], labelValue);
        if (problem === undefined) continue;
        const hint = 'Annotations take any text, and this may be one.';
        const { path } = labels;
        report([...path, key], problem, { hint, ...(isOfLaterJob(path) ? { severity: 'warning' } : {}) });
      }
    }
  },
});

/** The server looks at these no earlier than when the CronJob makes a Job, which then fails. */
function isOfLaterJob(path: Path): boolean {
  return path.at(-3) === 'jobTemplate';
}
