import { containerRule } from '../kubernetes/define-rule.ts';

export const missingImage = containerRule({
  id: 'semantic/missing-image',
  title: 'A container without an image',
  severity: 'error',
  wholeOnly: true,
  check({ value, path }, report) {
    const { image } = value;
    if (image === undefined || image === null) report(path, 'lacks an image', { at: 'key' });
    else if (image === '') report([...path, 'image'], 'must not be empty');
  },
});
