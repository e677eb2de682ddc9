import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { listIn, numberIn, placesIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const duplicateServicePort = placeRule(specOf, {
  id: 'semantic/duplicate-service-port',
  title: 'Two ports of a Service with the same number, name or port of the node',
  severity: 'error',
  kinds: ['/Service'],
  check(spec, report) {
    if (listIn(spec.value, 'ports').length < 2) return;
    const seen = new Set<string>();
    for (const { value, path } of placesIn(spec, 'ports')) {
      const protocol = textIn(value, 'protocol') ?? 'TCP';
      for (const field of ['port', 'nodePort']) {
        const number = numberIn(value, field);
        if (number === undefined || number === 0) continue;
        const key = `${field} ${protocol} ${number}`;
        if (seen.has(key)) report([...path, field], `is ${number}, as another ${protocol} port of the Service has it`);
        seen.add(key);
      }
      const name = textIn(value, 'name');
      if (name === undefined || name === '') continue;
      if (seen.has(`name ${name}`))
        report([...path, 'name'], `is ${quote(name)}, as another port of the Service has it`);
      seen.add(`name ${name}`);
    }
  },
});
