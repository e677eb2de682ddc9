import { type Json, record, text } from '../api/json.ts';

/** The API groups that are part of Kubernetes itself; all others are of custom resources. */
const BUILT_IN: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

const TELLING: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
  '/Pod',
  '/ReplicationController',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
]);

/**
 * Whether an object that was applied can tell that the change is live. The others have no health (a ConfigMap, a Role), may
 * never get what they wait for though all is well (the address of an Ingress, the volume of a claim that nothing uses, the
 * metrics of an autoscaler), or should not be read for so little (a Secret).
 */
export function isWorthWaitingFor({ apiVersion, kind, spec }: Json): boolean {
  const [group = '', version] = (text(apiVersion) ?? '').split('/');
  const own = version === undefined ? '' : group;
  if (!BUILT_IN.has(own)) return own !== 'kustomize.config.k8s.io';
  if (own === '' && kind === 'Service') return record(spec).type === 'LoadBalancer';
  return TELLING.has(`${own}/${String(kind)}`);
}
