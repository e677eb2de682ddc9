import { objectRule } from '../kubernetes/define-rule.ts';
import { ingressBackendsOf } from '../kubernetes/ingresses.ts';
import { dnsSubdomain, type NameCheck, pathSegment } from '../kubernetes/names.ts';
import { placeIn, textIn } from '../kubernetes/reading.ts';

const FIELDS: readonly (readonly [string, NameCheck])[] = [
  ['apiGroup', dnsSubdomain],
  ['kind', pathSegment],
  ['name', pathSegment],
];

export const ingressResource = objectRule({
  id: 'semantic/ingress-resource',
  title: 'A backend of an Ingress that cannot exist under this name',
  severity: 'error',
  kinds: ['networking.k8s.io/Ingress'],
  check(object, report) {
    for (const backend of ingressBackendsOf(object)) {
      const resource = placeIn(backend, 'resource');
      for (const [field, check] of FIELDS) {
        const text = textIn(resource?.value, field);
        const problem = text === undefined ? undefined : text === '' ? 'must not be empty' : check(text);
        if (resource !== undefined && problem !== undefined) report([...resource.path, field], problem);
      }
    }
  },
});
