import { placeRule } from '../kubernetes/define-rule.ts';
import { listIn } from '../kubernetes/reading.ts';
import { isHeadless, serviceTypeOf } from '../kubernetes/services.ts';
import { specOf } from '../kubernetes/specs.ts';

export const serviceWithoutPorts = placeRule(specOf, {
  id: 'semantic/service-without-ports',
  title: 'A Service without a port',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/Service'],
  check({ value, path }, report) {
    if (typeof value.ports === 'string' || listIn(value, 'ports').length > 0 || isHeadless(value)) return;
    const type = serviceTypeOf(value);
    if (type !== undefined && type !== 'ExternalName')
      report(path, 'lacks ports', {
        at: 'key',
        hint: 'Only headless Services and those of the type ExternalName go without.',
      });
  },
});
