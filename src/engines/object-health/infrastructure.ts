import { type Json, list, record, text } from '../api/json.ts';
import { conditionsOf } from '../kubernetes-api/objects.ts';
import type { ObjectHealth } from './object-health.ts';
import { degraded, healthy, lost, progressing, words } from './verdicts.ts';

/** With `WaitForFirstConsumer`, which only its storage class tells, a claim is Pending until a pod uses it. */
export function volumeClaimHealth(object: Json): ObjectHealth {
  const phase = text(record(object.status).phase);
  if (phase === 'Bound') return healthy();
  if (phase === 'Lost') return lost('Lost: the volume of the claim is gone');
  return progressing('the claim is not bound to a volume yet; some storage classes wait for a pod that uses it');
}

/** https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer */
export function serviceHealth(object: Json): ObjectHealth {
  if (record(object.spec).type !== 'LoadBalancer' || hasAddress(object)) return healthy();
  return progressing('the load balancer has no address yet');
}

/** Some controllers never write an address: then the Ingress has to be left out of what is waited for. */
export function ingressHealth(object: Json): ObjectHealth {
  return hasAddress(object) ? healthy() : progressing('its controller has written no address yet');
}

function hasAddress(object: Json): boolean {
  return list(record(record(object.status).loadBalancer).ingress).length > 0;
}

export function namespaceHealth(object: Json): ObjectHealth {
  return record(object.status).phase === 'Terminating' ? progressing('it is being deleted') : healthy();
}

export function definitionHealth(object: Json): ObjectHealth {
  const conditions = conditionsOf(object);
  const refused = conditions.find(({ type, status }) => type === 'NamesAccepted' && status === 'False');
  if (refused !== undefined) return degraded(words(refused));
  const isEstablished = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
  return isEstablished ? healthy() : progressing('the API server does not serve the new kind yet');
}

export function apiServiceHealth(object: Json): ObjectHealth {
  const available = conditionsOf(object).find(({ type }) => type === 'Available');
  if (available?.status === 'True') return healthy();
  return progressing(available === undefined ? 'the API server has not asked it yet' : words(available));
}
