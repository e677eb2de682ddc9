import { objectRule } from '../kubernetes/define-rule.ts';
import { isSet } from '../kubernetes/reading.ts';
import { JOBS, jobSpecOf } from '../kubernetes/specs.ts';

export const jobSelector = objectRule({
  id: 'semantic/job-selector',
  title: 'A Job with a selector of its own',
  severity: 'error',
  kinds: JOBS,
  check(object, report) {
    const spec = jobSpecOf(object);
    if (spec === undefined) return;
    const isCronJob = object.resource.kind === 'CronJob';
    if (isCronJob && spec.value.manualSelector === true)
      report([...spec.path, 'manualSelector'], 'cannot be true in a CronJob');
    if (isSet(spec.value, 'selector') && (isCronJob || spec.value.manualSelector !== true))
      report([...spec.path, 'selector'], 'is made by the server', { at: 'key', hint: 'Take it away.' });
  },
});
