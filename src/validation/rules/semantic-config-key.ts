import { objectRule } from '../kubernetes/define-rule.ts';
import { configKey } from '../kubernetes/names.ts';
import { isFilledInLater, objectIn } from '../kubernetes/reading.ts';

export const invalidConfigKey = objectRule({
  id: 'semantic/config-key',
  title: 'A key of a ConfigMap or Secret that cannot be the name of a file',
  severity: 'error',
  kinds: ['/ConfigMap', '/Secret'],
  check({ value, path, resource }, report) {
    for (const field of ['binaryData', 'data', 'stringData']) {
      const keys = Object.keys(objectIn(value, field) ?? {});
      const wrong = keys.flatMap((key) => {
        const problem = isFilledInLater(key) ? undefined : configKey(key);
        return problem === undefined ? [] : [{ key, problem }];
      });
      if (resource.kind !== 'Secret') {
        for (const { key, problem } of wrong) report([...path, field, key], problem, { at: 'key' });
      } else if (wrong.length > 0) report([...path, field], UNNAMED, { at: 'key', hint: HINT });
    }
  },
});

/** What is no key of a Secret may be a value in the wrong place, and is not told. */
const UNNAMED = 'has a key that is not made of letters, digits, -, _ and ., or that is too long';
const HINT = 'The key is not shown, as it may be a value: a line without = in a file of an environment becomes one.';
