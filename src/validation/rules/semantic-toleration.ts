import { podRule } from '../kubernetes/define-rule.ts';
import { labelValue, qualifiedName } from '../kubernetes/names.ts';
import { isSet, type Json, placesIn, textIn } from '../kubernetes/reading.ts';

export const invalidToleration = podRule({
  id: 'semantic/toleration',
  title: 'A toleration that no taint could meet',
  severity: 'error',
  needs: ['tolerations'],
  wholeOnly: true,
  check(pod, report) {
    for (const { value, path } of placesIn(pod, 'tolerations')) {
      for (const [field, problem] of problemsOf(value)) report([...path, field], problem);
    }
  },
});

function problemsOf(value: Json): readonly (readonly [string, string])[] {
  const operator = !isSet(value, 'operator') || value.operator === '' ? 'Equal' : textIn(value, 'operator');
  const [key, effect, text] = [textIn(value, 'key'), textIn(value, 'effect'), textIn(value, 'value')];
  const isForAll = !isSet(value, 'key') || key === '';
  const keyProblem = key === undefined || key === '' ? undefined : qualifiedName(key);
  const valueProblem = operator === 'Equal' && text !== undefined ? labelValue(text) : undefined;
  const hasEffect = !isSet(value, 'effect') || effect !== undefined;
  return [
    ...(keyProblem === undefined ? [] : [['key', keyProblem] as const]),
    ...(valueProblem === undefined ? [] : [['value', valueProblem] as const]),
    ...(isForAll && operator === 'Equal'
      ? [['operator', 'must be Exists in a toleration without a key'] as const]
      : []),
    ...(operator === 'Exists' && text !== undefined && text !== ''
      ? [['value', 'must be empty where the operator is Exists'] as const]
      : []),
    ...(isSet(value, 'tolerationSeconds') && hasEffect && effect !== 'NoExecute'
      ? [['tolerationSeconds', 'may be set only with effect: NoExecute'] as const]
      : []),
  ];
}
