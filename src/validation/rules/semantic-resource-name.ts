import { containerRule } from '../kubernetes/define-rule.ts';
import { entriesIn, objectIn } from '../kubernetes/reading.ts';
import { containerResourceProblem } from '../kubernetes/resources.ts';

export const unknownResource = containerRule({
  id: 'semantic/resource-name',
  title: 'A request or limit of something that a container cannot have',
  severity: 'error',
  needs: ['limits', 'requests'],
  check({ value, path }, report) {
    const resources = objectIn(value, 'resources');
    for (const field of ['limits', 'requests']) {
      for (const [name] of entriesIn(resources, field)) {
        const problem = containerResourceProblem(name);
        if (problem !== undefined) report([...path, 'resources', field, name], problem, { at: 'key' });
      }
    }
  },
});
