import { placeRule } from '../kubernetes/define-rule.ts';
import { labelValue, qualifiedName } from '../kubernetes/names.ts';
import { entriesIn, isFilledInLater, settledText } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidServiceSelector = placeRule(specOf, {
  id: 'semantic/service-selector',
  title: 'A selector of labels that no pod can have',
  severity: 'error',
  kinds: ['/ReplicationController', '/Service'],
  check({ value, path }, report) {
    for (const [key, label] of entriesIn(value, 'selector')) {
      const keyProblem = isFilledInLater(key) ? undefined : qualifiedName(key);
      if (keyProblem !== undefined) report([...path, 'selector', key], keyProblem, { at: 'key' });
      const text = settledText(label);
      const problem = text === undefined ? undefined : labelValue(text);
      if (problem !== undefined) report([...path, 'selector', key], problem);
    }
  },
});
