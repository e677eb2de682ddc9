import { placeRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain } from '../kubernetes/names.ts';
import { isSet, textIn } from '../kubernetes/reading.ts';
import { serviceTypeOf } from '../kubernetes/services.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidExternalName = placeRule(specOf, {
  id: 'semantic/external-name',
  title: 'A Service of the type ExternalName without a DNS name, or with an address',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/Service'],
  check({ value, path }, report) {
    if (serviceTypeOf(value) !== 'ExternalName') return;
    if (!isSet(value, 'externalName') || value.externalName === '') report(path, 'lacks externalName', { at: 'key' });
    const name = textIn(value, 'externalName');
    const problem = name === undefined || name === '' ? undefined : dnsSubdomain(name.replace(/\.$/, ''));
    if (problem !== undefined) report([...path, 'externalName'], problem);
    for (const field of ['clusterIP', 'ipFamilies', 'ipFamilyPolicy']) {
      if (isSet(value, field) && value[field] !== '')
        report([...path, field], 'may not be set in a Service of the type ExternalName', { at: 'key' });
    }
  },
});
