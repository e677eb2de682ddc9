import { objectRule } from '../kubernetes/define-rule.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';

export const serverField = objectRule({
  id: 'object/server-field',
  title: 'A resource version, which only a stored object has',
  severity: 'warning',
  needs: ['resourceVersion'],
  check(object, report) {
    const version = textIn(objectIn(object.value, 'metadata'), 'resourceVersion');
    if (version === undefined || version === '' || version === '0') return;
    report([...object.path, 'metadata', 'resourceVersion'], 'fails as soon as the object has changed once', {
      at: 'key',
      hint: 'Take away what the server adds: resourceVersion, uid, creationTimestamp, generation, managedFields.',
    });
  },
});
