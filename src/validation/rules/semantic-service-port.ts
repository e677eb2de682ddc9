import { placeRule } from '../kubernetes/define-rule.ts';
import { dnsLabel, qualifiedName } from '../kubernetes/names.ts';
import { portNameProblem, portNumberProblem } from '../kubernetes/ports.ts';
import { placesIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidServicePort = placeRule(specOf, {
  id: 'semantic/service-port',
  title: 'A port of a Service with a number or name that no port has',
  severity: 'error',
  kinds: ['/Service'],
  check(spec, report) {
    for (const { value, path } of placesIn(spec, 'ports')) {
      const number = portNumberProblem(value.port);
      if (number !== undefined) report([...path, 'port'], number);
      const target =
        value.targetPort === 0 || value.targetPort === ''
          ? undefined
          : (portNumberProblem(value.targetPort) ?? portNameProblem(value.targetPort));
      const hint =
        typeof value.targetPort === 'string' && /^\d+$/.test(value.targetPort) ? 'Take the quotes off.' : undefined;
      if (target !== undefined) report([...path, 'targetPort'], target, { hint });
      const name = textIn(value, 'name');
      const nameProblem = name === undefined || name === '' ? undefined : dnsLabel(name);
      if (nameProblem !== undefined) report([...path, 'name'], nameProblem);
      const protocol = textIn(value, 'appProtocol');
      const wrong = protocol === undefined ? undefined : qualifiedName(protocol);
      if (wrong !== undefined) report([...path, 'appProtocol'], wrong);
    }
  },
});
