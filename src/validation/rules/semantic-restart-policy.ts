import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { ALWAYS_RUNNING } from '../kubernetes/pods.ts';
import { textIn } from '../kubernetes/reading.ts';

const JOBS: ReadonlySet<string> = new Set(['CronJob', 'Job']);
const KNOWN: ReadonlySet<string> = new Set(['Always', 'Never', 'OnFailure']);

export const wrongRestartPolicy = podRule({
  id: 'semantic/restart-policy',
  title: 'A restart policy that the kind of workload cannot have',
  severity: 'error',
  wholeOnly: true,
  check({ value, path, kind }, report) {
    const policy =
      value.restartPolicy === undefined || value.restartPolicy === null ? '' : textIn(value, 'restartPolicy');
    if (policy === undefined) return;
    if (JOBS.has(kind) && policy === '')
      report(path, 'lacks restartPolicy: in a Job it must be OnFailure or Never', { at: 'key' });
    else if (JOBS.has(kind) && policy === 'Always')
      report([...path, 'restartPolicy'], 'must be OnFailure or Never in a Job, not "Always"');
    else if (ALWAYS_RUNNING.has(kind) && policy !== 'Always' && KNOWN.has(policy))
      report([...path, 'restartPolicy'], `must be Always in a ${kind}, not ${quote(policy)}`);
  },
});
