import { objectRule } from '../kubernetes/define-rule.ts';
import { ingressBackendsOf } from '../kubernetes/ingresses.ts';
import { dnsLabel, dnsLabelWithLetterFirst } from '../kubernetes/names.ts';
import { portNameProblem, portNumberProblem } from '../kubernetes/ports.ts';
import { isSet, type Json, objectIn, placeIn, textIn } from '../kubernetes/reading.ts';
import { isAtLeast } from '../kubernetes/versions.ts';

export const invalidIngressBackend = objectRule({
  id: 'semantic/ingress-backend',
  title: 'A backend of an Ingress that is none, or two',
  severity: 'error',
  wholeOnly: true,
  kinds: ['networking.k8s.io/Ingress'],
  check(object, report, context) {
    const nameCheck = isAtLeast(context, 36) ? dnsLabel : dnsLabelWithLetterFirst;
    for (const backend of ingressBackendsOf(object)) {
      const service = placeIn(backend, 'service');
      const hasResource = isSet(backend.value, 'resource');
      if ((service === undefined) !== hasResource || (service === undefined && !hasResource)) {
        if (!isOldForm(backend.value)) report(backend.path, 'must have one of service and resource', { at: 'key' });
        continue;
      }
      if (service === undefined) continue;
      const name = textIn(service.value, 'name');
      const problem = name === undefined ? undefined : name === '' ? 'must not be empty' : nameCheck(name);
      if (problem !== undefined) report([...service.path, 'name'], problem);
      const portProblem = backendPortProblem(objectIn(service.value, 'port'));
      if (portProblem !== undefined)
        report([...service.path, 'port'], portProblem, { at: isSet(service.value, 'port') ? 'value' : 'key' });
    }
  },
});

/** serviceName and servicePort of networking.k8s.io/v1beta1: unknown fields by now. */
function isOldForm(backend: Json): boolean {
  return isSet(backend, 'serviceName') || isSet(backend, 'servicePort');
}

function backendPortProblem(port: Json | undefined): string | undefined {
  const hasName = isSet(port, 'name') && port?.name !== '';
  const hasNumber = isSet(port, 'number') && port?.number !== 0;
  if (hasName && hasNumber) return 'must have one of name and number, not both';
  if (!hasName && !hasNumber) return 'must have a name or a number';
  return hasName ? portNameProblem(port?.name) : portNumberProblem(port?.number);
}
