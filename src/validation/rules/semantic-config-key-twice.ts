import { objectRule } from '../kubernetes/define-rule.ts';
import { entriesIn, objectIn } from '../kubernetes/reading.ts';

export const configKeyTwice = objectRule({
  id: 'semantic/config-key-twice',
  title: 'A key that a ConfigMap has as text and as bytes',
  severity: 'error',
  kinds: ['/ConfigMap'],
  check({ value, path }, report) {
    const data = objectIn(value, 'data');
    for (const [key] of entriesIn(value, 'binaryData'))
      if (data !== undefined && Object.hasOwn(data, key))
        report([...path, 'binaryData', key], 'stands in data as well', { at: 'key' });
  },
});
