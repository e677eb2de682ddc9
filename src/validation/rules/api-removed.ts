import type { ResourceId } from '../../manifests/resource.ts';
import { groupOf, type Schemas } from '../schemas.ts';
import type { ManifestObject, ObjectRule, Problem, RuleContext } from './rule.ts';

export const removedApi: ObjectRule = {
  id: 'api/removed',
  title: 'An API that the chosen Kubernetes version does not serve',
  severity: 'error',
  check: checkRemoved,
};

/** What the bundled versions are too young to tell (https://kubernetes.io/docs/reference/using-api/deprecation-guide/). */
const REMOVED_EARLIER: readonly (readonly [string, string, readonly string[]])[] = [
  ['1.16', 'extensions/v1beta1', ['DaemonSet', 'Deployment', 'NetworkPolicy', 'PodSecurityPolicy', 'ReplicaSet']],
  ['1.16', 'apps/v1beta1', ['ControllerRevision', 'Deployment', 'StatefulSet']],
  ['1.16', 'apps/v1beta2', ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']],
  ['1.22', 'admissionregistration.k8s.io/v1beta1', ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']],
  ['1.22', 'apiextensions.k8s.io/v1beta1', ['CustomResourceDefinition']],
  ['1.22', 'apiregistration.k8s.io/v1beta1', ['APIService']],
  ['1.22', 'authentication.k8s.io/v1beta1', ['TokenReview']],
  [
    '1.22',
    'authorization.k8s.io/v1beta1',
    ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  ],
  ['1.22', 'certificates.k8s.io/v1beta1', ['CertificateSigningRequest']],
  ['1.22', 'coordination.k8s.io/v1beta1', ['Lease']],
  ['1.22', 'extensions/v1beta1', ['Ingress']],
  ['1.22', 'networking.k8s.io/v1beta1', ['Ingress', 'IngressClass']],
  ['1.22', 'rbac.authorization.k8s.io/v1alpha1', ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']],
  ['1.22', 'rbac.authorization.k8s.io/v1beta1', ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']],
  ['1.22', 'scheduling.k8s.io/v1beta1', ['PriorityClass']],
  ['1.22', 'storage.k8s.io/v1beta1', ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment']],
  ['1.25', 'autoscaling/v2beta1', ['HorizontalPodAutoscaler']],
  ['1.25', 'batch/v1beta1', ['CronJob']],
  ['1.25', 'discovery.k8s.io/v1beta1', ['EndpointSlice']],
  ['1.25', 'events.k8s.io/v1beta1', ['Event']],
  ['1.25', 'node.k8s.io/v1beta1', ['RuntimeClass']],
  ['1.25', 'policy/v1beta1', ['PodDisruptionBudget', 'PodSecurityPolicy']],
];

/** `was removed in Kubernetes 1.22`, `comes with Kubernetes 1.34`; undefined for a kind that was never Kubernetes' own. */
export function removalOf({ apiVersion, kind }: ResourceId, schemas: Schemas): string | undefined {
  const served = schemas.servedIn(apiVersion, kind);
  const last = served.at(-1);
  if (last === undefined) {
    const row = REMOVED_EARLIER.find(([, version, kinds]) => version === apiVersion && kinds.includes(kind));
    return row === undefined ? undefined : `was removed in Kubernetes ${row[0]}`;
  }
  const after = schemas.known[schemas.known.indexOf(last) + 1];
  const missing = schemas.versions.filter((version) => !served.includes(version));
  if (missing.length === 0) return undefined;
  const isTooNew = missing.some((version) => schemas.known.indexOf(version) < schemas.known.indexOf(served[0] ?? ''));
  if (isTooNew) return `comes with Kubernetes ${served[0]}, and ${missing[0]} does not have it yet`;
  return after === undefined ? undefined : `was removed in Kubernetes ${after}`;
}

function checkRemoved(object: ManifestObject, { schemas }: RuleContext): readonly Problem[] {
  const { apiVersion, kind } = object.resource;
  if (schemas.versions.every((version) => schemas.find(apiVersion, kind, version) !== undefined)) return [];
  const removal = removalOf(object.resource, schemas);
  if (removal === undefined) return [];
  const instead = replacement(object.resource, schemas);
  const hint = instead === undefined ? 'Nothing of the same name replaces it.' : `Use ${instead}.`;
  const message = `${kind} of ${apiVersion} ${removal}.`;
  return [{ rule: removedApi, path: [...object.path, 'apiVersion'], at: 'value', message, hint }];
}

/** Another apiVersion of Kubernetes' own for the kind, in all wanted versions; in the same group where there is one. */
function replacement({ apiVersion, kind }: ResourceId, schemas: Schemas): string | undefined {
  const [first = '', ...others] = schemas.versions;
  const candidates = schemas
    .kinds(first)
    .filter((served) => served.kind === kind && served.apiVersion !== apiVersion)
    .filter((served) => schemas.isBuiltInGroup(groupOf(served.apiVersion)))
    .filter((served) => others.every((version) => schemas.find(served.apiVersion, kind, version) !== undefined))
    .map((served) => served.apiVersion);
  const group = groupOf(apiVersion);
  const inGroup = candidates.filter((candidate) => groupOf(candidate) === group);
  return (inGroup.length > 0 ? inGroup : candidates).toSorted((a, b) => rank(b) - rank(a))[0];
}

/** Stable before beta before alpha, then the higher number (https://kubernetes.io/docs/reference/using-api/#api-versioning). */
function rank(apiVersion: string): number {
  const [, major, stage, minor] = /v(\d+)(?:(alpha|beta)(\d+))?$/.exec(apiVersion) ?? [];
  const level = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return level * 1e6 + Number(major ?? 0) * 1e3 + Number(minor ?? 0);
}
