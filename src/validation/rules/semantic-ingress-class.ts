import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { objectIn, placesIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

const ANNOTATION = 'kubernetes.io/ingress.class';

export const ingressClass = objectRule({
  id: 'semantic/ingress-class',
  title: 'An Ingress of two classes, or of a class or certificate that cannot be',
  severity: 'error',
  kinds: ['networking.k8s.io/Ingress'],
  check(object, report) {
    const spec = specOf(object);
    const name = textIn(spec?.value, 'ingressClassName');
    const annotation = textIn(objectIn(objectIn(object.value, 'metadata'), 'annotations'), ANNOTATION);
    if (spec === undefined) return;
    const problem = name === undefined ? undefined : dnsSubdomain(name);
    if (problem !== undefined) report([...spec.path, 'ingressClassName'], problem);
    else if (name !== undefined && annotation !== undefined && name !== annotation)
      report([...spec.path, 'ingressClassName'], `must be the annotation ${ANNOTATION}, ${quote(annotation)}`, {
        hint: 'Take the annotation away.',
      });
    for (const tls of placesIn(spec, 'tls')) {
      const secret = textIn(tls.value, 'secretName');
      const wrong = secret === undefined || secret === '' ? undefined : dnsSubdomain(secret);
      if (wrong !== undefined) report([...tls.path, 'secretName'], wrong);
    }
  },
});
