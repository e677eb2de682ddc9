import { containerRule } from '../kubernetes/define-rule.ts';
import { textIn } from '../kubernetes/reading.ts';

export const floatingImage = containerRule({
  id: 'practice/image-tag',
  title: 'An image without a tag, or with the tag latest',
  severity: 'warning',
  optIn: true,
  wholeOnly: true,
  check({ value, path }, report) {
    const image = textIn(value, 'image');
    if (image === undefined || image === '' || image.includes('@')) return;
    const tag = /:([^/:]+)$/.exec(image)?.[1];
    const hint = 'Name the version that is meant.';
    if (tag === undefined) report([...path, 'image'], 'has no tag, which means latest', { hint });
    else if (tag === 'latest')
      report([...path, 'image'], 'has the tag latest, which means another image any day', { hint });
  },
});
