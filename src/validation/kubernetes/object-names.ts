import type { ManifestObject, RuleContext } from '../rules/rule.ts';
import { asPrefixOf, dnsLabel, dnsLabelWithLetterFirst, dnsSubdomain, type NameCheck, pathSegment } from './names.ts';
import { groupKindOf } from './pods.ts';
import { isAtLeast } from './versions.ts';

const BY_KIND: ReadonlyMap<string, NameCheck> = new Map([
  ['/Namespace', dnsLabel],
  ['apps/StatefulSet', dnsLabel],
  ['node.k8s.io/RuntimeClass', dnsSubdomain],
  ['rbac.authorization.k8s.io/ClusterRole', pathSegment],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', pathSegment],
  ['rbac.authorization.k8s.io/Role', pathSegment],
  ['rbac.authorization.k8s.io/RoleBinding', pathSegment],
  ['certificates.k8s.io/CertificateSigningRequest', pathSegment],
  ['policy/PodDisruptionBudget', pathSegment],
]);

/**
 * How the server checks the name of such an object; most kinds, custom ones among them, take a DNS name. Aggregated APIs
 * of OpenShift have names of their own making.
 */
export function nameCheckOf(object: ManifestObject, context: RuleContext): NameCheck {
  const groupKind = groupKindOf(object);
  if (groupKind === '/Service') return isAtLeast(context, 36) ? dnsLabel : dnsLabelWithLetterFirst;
  return BY_KIND.get(groupKind) ?? (groupKind.includes('.openshift.io/') ? pathSegment : dnsSubdomain);
}

export function prefixCheckOf(object: ManifestObject, context: RuleContext): NameCheck {
  const check = nameCheckOf(object, context);
  return check === pathSegment ? check : asPrefixOf(check);
}
