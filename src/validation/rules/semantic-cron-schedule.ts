import { cronProblem } from '../kubernetes/cron.ts';
import { placeRule } from '../kubernetes/define-rule.ts';
import { textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidSchedule = placeRule(specOf, {
  id: 'semantic/cron-schedule',
  title: 'A schedule that is no cron schedule',
  severity: 'error',
  kinds: ['batch/CronJob'],
  check(spec, report) {
    const schedule = textIn(spec.value, 'schedule');
    const problem = schedule === undefined ? undefined : cronProblem(schedule);
    if (problem === undefined) return;
    const hint = problem.includes('time zone')
      ? 'Write it in timeZone.'
      : 'The five fields are minute, hour, day, month, weekday.';
    report([...spec.path, 'schedule'], problem, { hint });
  },
});
