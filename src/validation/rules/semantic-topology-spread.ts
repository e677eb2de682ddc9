import { podRule } from '../kubernetes/define-rule.ts';
import { isSet, type Json, numberIn, placesIn, textIn } from '../kubernetes/reading.ts';

export const topologySpread = podRule({
  id: 'semantic/topology-spread',
  title: 'A topology spread constraint with numbers that cannot be, or that stands twice',
  severity: 'error',
  needs: ['topologySpreadConstraints'],
  check(pod, report) {
    const seen = new Set<string>();
    for (const { value, path } of placesIn(pod, 'topologySpreadConstraints')) {
      for (const [field, problem] of problemsOf(value)) report([...path, field], problem);
      const key = JSON.stringify([textIn(value, 'topologyKey'), textIn(value, 'whenUnsatisfiable')]);
      if (seen.has(key)) report(path, 'repeats an earlier one with the same topologyKey and whenUnsatisfiable');
      seen.add(key);
    }
  },
});

function problemsOf(value: Json): readonly (readonly [string, string])[] {
  const [skew, domains] = [numberIn(value, 'maxSkew'), numberIn(value, 'minDomains')];
  const isSoft = textIn(value, 'whenUnsatisfiable') === 'ScheduleAnyway';
  return [
    ...(skew !== undefined && skew < 1 ? [['maxSkew', `must be at least 1, not ${skew}`] as const] : []),
    ...(textIn(value, 'topologyKey') === '' ? [['topologyKey', 'must not be empty'] as const] : []),
    ...(domains !== undefined && domains < 1 ? [['minDomains', `must be at least 1, not ${domains}`] as const] : []),
    ...(domains !== undefined && isSoft
      ? [['minDomains', 'may be set only with whenUnsatisfiable: DoNotSchedule'] as const]
      : []),
    ...(isSet(value, 'matchLabelKeys') && !isSet(value, 'labelSelector')
      ? [['matchLabelKeys', 'needs a labelSelector beside it'] as const]
      : []),
  ];
}
