import { containerRule } from '../kubernetes/define-rule.ts';
import { entriesIn, objectIn } from '../kubernetes/reading.ts';
import { isHugePages } from '../kubernetes/resources.ts';

export const hugePages = containerRule({
  id: 'semantic/huge-pages',
  title: 'Huge pages without cpu or memory',
  severity: 'error',
  needs: ['limits', 'requests'],
  wholeOnly: true,
  check({ value, path }, report) {
    const resources = objectIn(value, 'resources');
    const names = ['limits', 'requests'].flatMap((field) => entriesIn(resources, field).map(([name]) => name));
    if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
      report([...path, 'resources'], 'must ask for cpu or memory beside huge pages', { at: 'key' });
  },
});
