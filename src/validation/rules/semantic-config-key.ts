import { objectRule } from '../kubernetes/define-rule.ts';
import { configKey } from '../kubernetes/names.ts';
import { entriesIn, isFilledInLater } from '../kubernetes/reading.ts';

export const invalidConfigKey = objectRule({
  id: 'semantic/config-key',
  title: 'A key of a ConfigMap or Secret that cannot be the name of a file',
  severity: 'error',
  kinds: ['/ConfigMap', '/Secret'],
  check({ value, path }, report) {
    for (const field of ['binaryData', 'data', 'stringData']) {
      for (const [key] of entriesIn(value, field)) {
        const problem = isFilledInLater(key) ? undefined : configKey(key);
        if (problem !== undefined) report([...path, field, key], problem, { at: 'key' });
      }
    }
  },
});
