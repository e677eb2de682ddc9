import { placeRule } from '../kubernetes/define-rule.ts';
import { isSet, listIn, placesIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const unnamedServicePort = placeRule(specOf, {
  id: 'semantic/unnamed-service-port',
  title: 'A Service of several ports, one of them without a name',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/Service'],
  check(spec, report) {
    if (listIn(spec.value, 'ports').length < 2) return;
    for (const { value, path } of placesIn(spec, 'ports'))
      if (!isSet(value, 'name') || value.name === '')
        report(path, 'lacks a name, which each of several ports needs', { at: 'key' });
  },
});
