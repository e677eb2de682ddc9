import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { entriesIn, fieldsOf, placesIn, textIn } from '../kubernetes/reading.ts';
import { anyResourceProblem, containerResourceProblem } from '../kubernetes/resources.ts';
import { specOf } from '../kubernetes/specs.ts';

const TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];
const FIELDS = ['default', 'defaultRequest', 'max', 'maxLimitRequestRatio', 'min'];

export const limitRangeType = placeRule(specOf, {
  id: 'semantic/limit-range-type',
  title: 'Limits on something that has none, or twice on the same',
  severity: 'error',
  kinds: ['/LimitRange'],
  check(spec, report) {
    const seen = new Set<string>();
    for (const { value, path } of placesIn(spec, 'limits')) {
      const type = textIn(value, 'type');
      if (type === undefined) continue;
      if (!TYPES.includes(type) && !type.includes('/'))
        report([...path, 'type'], `must be one of ${TYPES.join(', ')}, not ${quote(type)}`);
      if (seen.has(type)) report([...path, 'type'], `is ${quote(type)} for the second time`);
      seen.add(type);
      if (type === 'Pod')
        for (const field of fieldsOf(value, ['default', 'defaultRequest']))
          report([...path, field], 'may not be set for the type Pod', { at: 'key' });
      const check = type === 'Pod' || type === 'Container' ? containerResourceProblem : anyResourceProblem;
      for (const field of FIELDS) {
        for (const [name] of entriesIn(value, field)) {
          const problem = check(name);
          if (problem !== undefined) report([...path, field, name], problem, { at: 'key' });
        }
      }
    }
  },
});
