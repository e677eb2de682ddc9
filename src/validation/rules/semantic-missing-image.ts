import { containerRule } from '../kubernetes/define-rule.ts';

export const missingImage = containerRule({
  id: 'semantic/missing-image',
  title: 'A container without an image',
  severity: 'error',
  wholeOnly: true,
  check(container, report) {
    const { image } = container.value;
    if (image === undefined || image === null) report(container.path, 'lacks an image', { at: 'key' });
    else if (image === '') report([...container.path, 'image'], 'must not be empty');
  },
});
