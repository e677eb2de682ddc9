import { containerRule } from '../kubernetes/define-rule.ts';
import { textIn } from '../kubernetes/reading.ts';

export const imageWhitespace = containerRule({
  id: 'semantic/image-whitespace',
  title: 'An image with a space before or after it',
  severity: 'error',
  check(container, report) {
    const image = textIn(container.value, 'image');
    if (image === undefined || image === image.trim()) return;
    const { path, pod } = container;
    // OpenShift's image triggers fill in an image that is one space in a template.
    if (pod.isTemplate && image.trim() === '') return;
    report([...path, 'image'], 'must not begin or end with a space', pod.isTemplate ? { severity: 'warning' } : {});
  },
});
