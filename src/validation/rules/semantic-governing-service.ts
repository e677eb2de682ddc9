import { placeRule } from '../kubernetes/define-rule.ts';
import { dnsLabel } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const governingServiceName = placeRule(specOf, {
  id: 'semantic/governing-service',
  title: 'A StatefulSet of a Service that cannot exist under this name',
  severity: 'error',
  kinds: ['apps/StatefulSet'],
  check({ value, path }, report) {
    const name = textIn(value, 'serviceName');
    const problem = name === undefined || name === '' ? undefined : dnsLabel(name);
    if (problem !== undefined) report([...path, 'serviceName'], problem);
  },
});
