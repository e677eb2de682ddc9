import { objectRule, type Report } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { containersOf, podOf } from '../kubernetes/pods.ts';
import { isSet, listIn, type Place, placeIn, placesIn, textIn } from '../kubernetes/reading.ts';
import { JOBS, jobSpecOf } from '../kubernetes/specs.ts';

export const podFailurePolicy = objectRule({
  id: 'semantic/pod-failure-policy',
  title: 'A rule on failed pods that cannot be followed',
  severity: 'error',
  wholeOnly: true,
  kinds: JOBS,
  check(object, report) {
    const spec = jobSpecOf(object);
    const policy = placeIn(spec, 'podFailurePolicy');
    if (spec === undefined || policy === undefined) return;
    const restart = textIn(podOf(object)?.value, 'restartPolicy');
    if (restart === 'OnFailure') report(policy.path, 'needs restartPolicy: Never in the pod', { at: 'key' });
    const names = new Set(containersOf(object).map(({ value }) => value.name));
    for (const rule of placesIn(policy, 'rules')) {
      const codes = placeIn(rule, 'onExitCodes');
      const conditions = listIn(rule.value, 'onPodConditions');
      if ((codes === undefined) === (conditions.length === 0))
        report(rule.path, 'must have one of onExitCodes and onPodConditions', { at: 'key' });
      if (rule.value.action === 'FailIndex' && !isSet(spec.value, 'backoffLimitPerIndex'))
        report([...rule.path, 'action'], 'is FailIndex, which needs backoffLimitPerIndex');
      if (codes !== undefined) checkCodes(codes, names, report);
    }
  },
});

function checkCodes(codes: Place, names: ReadonlySet<unknown>, report: Report): void {
  const values = listIn(codes.value, 'values').map(Number);
  const place = [...codes.path, 'values'];
  if (values.length === 0) report(place, 'must have at least one exit code', { at: 'key' });
  if (codes.value.operator === 'In' && values.includes(0))
    report(place, 'cannot hold 0, which is no failure', { at: 'key' });
  if (values.some((value, index) => index > 0 && value <= (values[index - 1] ?? value)))
    report(place, 'must be in order, each once', { at: 'key' });
  const name = textIn(codes.value, 'containerName');
  if (name !== undefined && !names.has(name))
    report([...codes.path, 'containerName'], `is ${quote(name)}, which is no container of the pod`);
}
