import { isInjected, type PodTemplate, podsOfService, podTemplates, portNames } from '../deployed/pods.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { placeIn, placesIn, textIn } from '../kubernetes/reading.ts';
import { nearest } from '../nearest.ts';
import type { Deployed, ManifestObject, UnitProblem, UnitRule } from './rule.ts';

export const missingTargetPort: UnitRule = {
  id: 'reference/target-port',
  title: 'A port of a Service that the pods behind it do not have',
  severity: 'warning',
  checkUnit(deployed) {
    const services = deployed.objects.filter((object) => groupKindOf(object) === '/Service');
    if (services.length === 0) return [];
    const pods = podTemplates(deployed.objects);
    return services.flatMap((service) => checkService(service, podsOfService(service, pods), deployed));
  },
};

function checkService(
  object: ManifestObject,
  pods: readonly PodTemplate[],
  { isKnown }: Deployed,
): readonly UnitProblem[] {
  if (pods.length === 0 || pods.some(isInjected)) return [];
  const names = pods.flatMap(portNames);
  if (!names.every(isKnown)) return [];
  return placesIn(placeIn({ value: object.value, path: object.path }, 'spec'), 'ports').flatMap(({ value, path }) => {
    const target = textIn(value, 'targetPort');
    if (target === undefined || /^\d+$/.test(target) || names.includes(target) || !isKnown(target)) return [];
    const similar = nearest(target, names);
    const [pod] = pods;
    const message = `No container of ${pod?.object.resource.kind} ${pod?.object.resource.name} has a port of the name ${target}.`;
    const hint = similar === undefined ? {} : { hint: `Did you mean ${similar}?` };
    return [{ rule: missingTargetPort, object, path: [...path, 'targetPort'], at: 'value', message, ...hint }];
  });
}
