import { type Backend, backendsOf } from '../deployed/backends.ts';
import { isNamespace, mayHoldMore, namesOf } from '../deployed/members.ts';
import { isWorkload } from '../deployed/pods.ts';
import { slipOf } from '../deployed/similar.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { listIn, objectIn, settledText } from '../kubernetes/reading.ts';
import { nearest } from '../nearest.ts';
import { isObject } from '../scalars.ts';
import type { Deployed, ManifestObject, UnitProblem, UnitRule } from './rule.ts';

export const missingBackend: UnitRule = {
  id: 'reference/backend',
  title: 'A Service or a port of an Ingress or a route that is not deployed with it',
  severity: 'warning',
  checkUnit: (deployed) =>
    deployed.objects.flatMap((object) =>
      backendsOf(object).flatMap((backend) => checkBackend(object, backend, deployed)),
    ),
};

function checkBackend(object: ManifestObject, backend: Backend, deployed: Deployed): readonly UnitProblem[] {
  const { name, namespace, place } = backend;
  const services = deployed.objects.filter(
    (other) => groupKindOf(other) === '/Service' && isNamespace(other.resource.namespace, namespace),
  );
  const service = services.find(({ resource }) => resource.name === name);
  if (service !== undefined) return checkPort(object, backend, service, deployed);
  if (!deployed.isKnown(name) || deployed.world.has('/Service', namespace, name)) return [];
  const similar = slipOf(name, namesOf(services));
  if (similar === undefined && (services.length === 0 || !isDeployedHere(name, deployed))) return [];
  const message = `The Service ${name} is not in what is deployed with this object.`;
  const hint = similar === undefined ? {} : { hint: `Did you mean ${similar}?` };
  return [{ rule: missingBackend, object, path: [...place.path, 'name'], at: 'value', message, ...hint }];
}

/** What runs under the name is here, and nothing that could make the Service. */
function isDeployedHere(name: string, deployed: Deployed): boolean {
  return !mayHoldMore(deployed) && deployed.objects.some((other) => isWorkload(other) && other.resource.name === name);
}

/** A Service that stands for a name outside the cluster needs no ports. */
function checkPort(
  object: ManifestObject,
  { port, name }: Backend,
  service: ManifestObject,
  { isKnown }: Deployed,
): readonly UnitProblem[] {
  const spec = objectIn(service.value, 'spec');
  const ports = listIn(spec, 'ports').filter(isObject);
  if (port === undefined || ports.length === 0 || spec?.type === 'ExternalName') return [];
  const known = ports.map((entry) => (typeof port.value === 'number' ? entry.port : entry.name));
  const isSettled = (value: unknown) =>
    typeof value !== 'string' || (settledText(value) !== undefined && isKnown(value));
  if (known.includes(port.value) || ![...known, port.value].every(isSettled)) return [];
  const texts = known.filter((value) => value !== undefined).map(String);
  const similar = typeof port.value === 'number' ? undefined : nearest(port.value, texts);
  const hint = hintOf(similar, texts);
  const message = `The Service ${name} has no port ${port.value}.`;
  return [{ rule: missingBackend, object, path: port.path, at: 'value', message, ...hint }];
}

function hintOf(similar: string | undefined, texts: readonly string[]): { readonly hint?: string } {
  if (similar !== undefined) return { hint: `Did you mean ${similar}?` };
  return texts.length === 0 ? {} : { hint: `It has ${texts.join(', ')}.` };
}
