import { groupKindOf } from '../kubernetes/pods.ts';
import type { Deployed, ManifestObject } from '../rules/rule.ts';
import { groupOf } from '../schemas.ts';

/** An object without a namespace gets one from whoever applies it: it may be any. */
export function isSameNamespace(a: ManifestObject, b: ManifestObject): boolean {
  return isNamespace(a.resource.namespace, b.resource.namespace);
}

export function isNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** Objects of a kind, `group/Kind`, that share the namespace of another. */
export function kindBeside(
  { objects }: Deployed,
  groupKind: string,
  beside: ManifestObject,
): readonly ManifestObject[] {
  return objects.filter((object) => groupKindOf(object) === groupKind && isSameNamespace(object, beside));
}

export function namesOf(objects: readonly ManifestObject[]): readonly string[] {
  return objects.flatMap(({ resource: { name } }) => (name === undefined ? [] : [name]));
}

/** Groups whose objects only say how things behave: none of them brings a pod, a Service or an account into being. */
const QUIET_GROUPS: ReadonlySet<string> = new Set([
  'bitnami.com',
  'cert-manager.io',
  'cilium.io',
  'config.openshift.io',
  'constraints.gatekeeper.sh',
  'crd.projectcalico.org',
  'external-secrets.io',
  'image.toolkit.fluxcd.io',
  'keda.sh',
  'kyverno.io',
  'networking.istio.io',
  'notification.toolkit.fluxcd.io',
  'route.openshift.io',
  'security.istio.io',
  'security.openshift.io',
  'source.toolkit.fluxcd.io',
  'telemetry.istio.io',
  'templates.gatekeeper.sh',
  'traefik.containo.us',
  'traefik.io',
]);
const QUIET_KINDS: ReadonlySet<string> = new Set([
  'apps.openshift.io/DeploymentConfig',
  'argoproj.io/AnalysisTemplate',
  'argoproj.io/AppProject',
  'argoproj.io/Rollout',
  'monitoring.coreos.com/PodMonitor',
  'monitoring.coreos.com/Probe',
  'monitoring.coreos.com/PrometheusRule',
  'monitoring.coreos.com/ServiceMonitor',
]);

/** True where an operator may make pods, Services or accounts of an object of the unit: then nothing is surely missing. */
export function mayHoldMore({ objects }: Deployed): boolean {
  return objects.some((object) => {
    const group = groupOf(object.resource.apiVersion);
    const isBuiltIn = !group.includes('.') || group.endsWith('.k8s.io');
    return !isBuiltIn && !QUIET_GROUPS.has(group) && !QUIET_KINDS.has(groupKindOf(object));
  });
}
