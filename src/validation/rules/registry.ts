import { deprecatedApi } from './api-deprecated.ts';
import { removedApi } from './api-removed.ts';
import { unknownKind } from './api-unknown-kind.ts';
import { duplicateEntry } from './duplicate-entry.ts';
import { duplicateObject } from './duplicate-object.ts';
import { invalidAnnotationKey } from './object-annotation-key.ts';
import { annotationsTooLarge } from './object-annotations-size.ts';
import { namespaceOnClusterScope } from './object-cluster-scope.ts';
import { invalidFinalizer } from './object-finalizer.ts';
import { invalidLabelKey } from './object-label-key.ts';
import { invalidLabelValue } from './object-label-value.ts';
import { missingName } from './object-missing-name.ts';
import { invalidName } from './object-name.ts';
import { invalidNamespace } from './object-namespace.ts';
import { serverField } from './object-server-field.ts';
import { admission } from './policy-admission.ts';
import { crdRule } from './policy-crd-rule.ts';
import { notEvaluated } from './policy-not-evaluated.ts';
import { hostNamespaces } from './practice-host-namespaces.ts';
import { floatingImage } from './practice-image-tag.ts';
import { privileged } from './practice-privileged.ts';
import { missingProbes } from './practice-probes.ts';
import { missingResources } from './practice-resources.ts';
import { mayRunAsRoot } from './practice-root.ts';
import { argocdPath } from './reference-argocd-path.ts';
import { argocdProject } from './reference-argocd-project.ts';
import { argocdValuesFile } from './reference-argocd-values-file.ts';
import { missingBackend } from './reference-backend.ts';
import { configKey } from './reference-config-key.ts';
import { fluxDependency } from './reference-flux-dependency.ts';
import { fluxPath } from './reference-flux-path.ts';
import { fluxSource } from './reference-flux-source.ts';
import { fluxValues } from './reference-flux-values.ts';
import { kustomizeReference } from './reference-kustomize.ts';
import { podObject } from './reference-pod-object.ts';
import { podSelector } from './reference-pod-selector.ts';
import { missingScaleTarget } from './reference-scale-target.ts';
import { missingTargetPort } from './reference-target-port.ts';
import { renderFailed } from './render-failed.ts';
import { renderRefused } from './render-refused.ts';
import { renderVariable } from './render-variable.ts';
import type { ObjectRule, Rule, SetRule, UnitRule } from './rule.ts';
import { loosenedCrd } from './schema-crd-loosened.ts';
import { notInEnum } from './schema-enum.ts';
import { duplicateItem } from './schema-list-map-duplicate.ts';
import { missingField } from './schema-missing-field.ts';
import { wrongType } from './schema-type.ts';
import { unknownField } from './schema-unknown-field.ts';
import { plainSecret } from './secret-plain.ts';
import { sopsMac } from './secret-sops-mac.ts';
import { accountNamespace } from './semantic-account-namespace.ts';
import { activeDeadline } from './semantic-active-deadline.ts';
import { invalidAffinity } from './semantic-affinity.ts';
import { apiService } from './semantic-api-service.ts';
import { autoscalerRange } from './semantic-autoscaler-range.ts';
import { claimAccess } from './semantic-claim-access.ts';
import { claimRetention } from './semantic-claim-retention.ts';
import { claimSize } from './semantic-claim-size.ts';
import { claimSource } from './semantic-claim-source.ts';
import { invalidClusterIp } from './semantic-cluster-ip.ts';
import { invalidConfigKey } from './semantic-config-key.ts';
import { configKeyTwice } from './semantic-config-key-twice.ts';
import { configReference } from './semantic-config-reference.ts';
import { configTooLarge } from './semantic-config-size.ts';
import { invalidContainerName } from './semantic-container-name.ts';
import { containerRestartPolicy } from './semantic-container-restart-policy.ts';
import { crdApproval } from './semantic-crd-approval.ts';
import { crdColumn } from './semantic-crd-column.ts';
import { crdName } from './semantic-crd-name.ts';
import { crdNames } from './semantic-crd-names.ts';
import { crdSchema } from './semantic-crd-schema.ts';
import { crdType } from './semantic-crd-type.ts';
import { crdVersions } from './semantic-crd-versions.ts';
import { invalidSchedule } from './semantic-cron-schedule.ts';
import { csiDriver } from './semantic-csi-driver.ts';
import { disruptionBudget } from './semantic-disruption-budget.ts';
import { dnsConfig } from './semantic-dns-config.ts';
import { invalidDnsSearch } from './semantic-dns-search.ts';
import { downwardFile } from './semantic-downward-file.ts';
import { duplicateContainer } from './semantic-duplicate-container.ts';
import { duplicateHostPort } from './semantic-duplicate-host-port.ts';
import { duplicateMountPath } from './semantic-duplicate-mount-path.ts';
import { duplicatePortName } from './semantic-duplicate-port-name.ts';
import { duplicateServicePort } from './semantic-duplicate-service-port.ts';
import { duplicateVolume } from './semantic-duplicate-volume.ts';
import { invalidEmptyDir } from './semantic-empty-dir.ts';
import { emptySelector } from './semantic-empty-selector.ts';
import { endpointAddress } from './semantic-endpoint-address.ts';
import { endpointPort } from './semantic-endpoint-port.ts';
import { invalidEnvName } from './semantic-env-name.ts';
import { envSource } from './semantic-env-source.ts';
import { envValueTwice } from './semantic-env-value.ts';
import { ephemeralContainer } from './semantic-ephemeral-container.ts';
import { ephemeralVolume } from './semantic-ephemeral-volume.ts';
import { invalidExternalName } from './semantic-external-name.ts';
import { unsupportedFieldPath } from './semantic-field-path.ts';
import { invalidFileMode } from './semantic-file-mode.ts';
import { governingServiceName } from './semantic-governing-service.ts';
import { oneHandler } from './semantic-handler.ts';
import { handlerPort } from './semantic-handler-port.ts';
import { unknownHandlerPort } from './semantic-handler-port-name.ts';
import { invalidHostAlias } from './semantic-host-alias.ts';
import { hostNamespace } from './semantic-host-namespace.ts';
import { invalidHostPath } from './semantic-host-path.ts';
import { hostPortMismatch } from './semantic-host-port-mismatch.ts';
import { hugePages } from './semantic-huge-pages.ts';
import { imageWhitespace } from './semantic-image-whitespace.ts';
import { invalidIngressBackend } from './semantic-ingress-backend.ts';
import { ingressClass } from './semantic-ingress-class.ts';
import { invalidIngressController } from './semantic-ingress-controller.ts';
import { invalidIngressHost } from './semantic-ingress-host.ts';
import { invalidIngressPath } from './semantic-ingress-path.ts';
import { ingressResource } from './semantic-ingress-resource.ts';
import { ingressWithoutPaths } from './semantic-ingress-without-paths.ts';
import { ingressWithoutRules } from './semantic-ingress-without-rules.ts';
import { initContainerProbe } from './semantic-init-container-probe.ts';
import { invalidIpBlock } from './semantic-ip-block.ts';
import { ipFamily } from './semantic-ip-family.ts';
import { jobCompletion } from './semantic-job-completion.ts';
import { jobSelector } from './semantic-job-selector.ts';
import { leaseDuration } from './semantic-lease-duration.ts';
import { limitRangeOrder } from './semantic-limit-range.ts';
import { limitRangeType } from './semantic-limit-range-type.ts';
import { limitRatio } from './semantic-limit-ratio.ts';
import { loadBalancerClass } from './semantic-load-balancer-class.ts';
import { invalidMetricName } from './semantic-metric-name.ts';
import { metricObject } from './semantic-metric-object.ts';
import { metricSource } from './semantic-metric-source.ts';
import { metricTarget } from './semantic-metric-target.ts';
import { missingImage } from './semantic-missing-image.ts';
import { missingSpec } from './semantic-missing-spec.ts';
import { missingVolume } from './semantic-missing-volume.ts';
import { emptyMountPath } from './semantic-mount-path.ts';
import { mountPropagation } from './semantic-mount-propagation.ts';
import { negativeCount } from './semantic-negative-count.ts';
import { networkPeer } from './semantic-network-peer.ts';
import { invalidNetworkPort } from './semantic-network-port.ts';
import { relativeNfsPath } from './semantic-nfs-path.ts';
import { noContainers } from './semantic-no-containers.ts';
import { invalidNodeExpression } from './semantic-node-expression.ts';
import { wrongNodePort } from './semantic-node-port.ts';
import { persistentVolume } from './semantic-persistent-volume.ts';
import { podCondition } from './semantic-pod-condition.ts';
import { podFailurePolicy } from './semantic-pod-failure-policy.ts';
import { podNameField } from './semantic-pod-name-field.ts';
import { podOs } from './semantic-pod-os.ts';
import { policyTypes } from './semantic-policy-types.ts';
import { invalidPortName } from './semantic-port-name.ts';
import { invalidPortNumber } from './semantic-port-number.ts';
import { priorityClass } from './semantic-priority-class.ts';
import { privilegeEscalation } from './semantic-privilege-escalation.ts';
import { probeThreshold } from './semantic-probe-threshold.ts';
import { progressDeadline } from './semantic-progress-deadline.ts';
import { projectedSource } from './semantic-projected-source.ts';
import { quotaResource } from './semantic-quota-resource.ts';
import { quotaScope } from './semantic-quota-scope.ts';
import { rbacRule } from './semantic-rbac-rule.ts';
import { rbacSubject } from './semantic-rbac-subject.ts';
import { requestsOverLimits } from './semantic-requests-over-limits.ts';
import { invalidAmount } from './semantic-resource-amount.ts';
import { resourceClaim } from './semantic-resource-claim.ts';
import { unknownResource } from './semantic-resource-name.ts';
import { wrongRestartPolicy } from './semantic-restart-policy.ts';
import { roleRef } from './semantic-role-ref.ts';
import { rollingUpdateShare } from './semantic-rolling-update.ts';
import { stuckRollingUpdate } from './semantic-rolling-update-stuck.ts';
import { runtimeHandler } from './semantic-runtime-handler.ts';
import { scaleTarget } from './semantic-scale-target.ts';
import { scalingBehavior } from './semantic-scaling-behavior.ts';
import { scalingPolicies } from './semantic-scaling-policies.ts';
import { secretJson } from './semantic-secret-json.ts';
import { secretType } from './semantic-secret-type.ts';
import { securityProfile } from './semantic-security-profile.ts';
import { invalidSelector } from './semantic-selector-expression.ts';
import { selectorMismatch } from './semantic-selector-mismatch.ts';
import { invalidServicePort } from './semantic-service-port.ts';
import { invalidServiceSelector } from './semantic-service-selector.ts';
import { serviceTypeField } from './semantic-service-type-field.ts';
import { serviceWithoutPorts } from './semantic-service-without-ports.ts';
import { sessionAffinity } from './semantic-session-affinity.ts';
import { sleepTooLong } from './semantic-sleep.ts';
import { invalidSourceRange } from './semantic-source-range.ts';
import { invalidStorageClass } from './semantic-storage-class.ts';
import { wrongStrategy } from './semantic-strategy.ts';
import { invalidSubPath } from './semantic-sub-path.ts';
import { invalidSysctl } from './semantic-sysctl.ts';
import { unknownTimeZone } from './semantic-time-zone.ts';
import { invalidToleration } from './semantic-toleration.ts';
import { topologySpread } from './semantic-topology-spread.ts';
import { trafficDistribution } from './semantic-traffic-distribution.ts';
import { unnamedServicePort } from './semantic-unnamed-service-port.ts';
import { invalidUserId } from './semantic-user-id.ts';
import { volumeDevice } from './semantic-volume-device.ts';
import { invalidVolumeFile } from './semantic-volume-file.ts';
import { invalidVolumeName } from './semantic-volume-name.ts';
import { volumeNode } from './semantic-volume-node.ts';
import { volumeReference } from './semantic-volume-reference.ts';
import { volumeSource } from './semantic-volume-source.ts';
import { webhookClient } from './semantic-webhook-client.ts';
import { webhookName } from './semantic-webhook-name.ts';
import { webhookRule } from './semantic-webhook-rule.ts';
import { webhookSetting } from './semantic-webhook-setting.ts';
import { webhookVersion } from './semantic-webhook-version.ts';
import { unusedSuppression } from './suppress-unused.ts';
import { ambiguousLiteral } from './yaml-ambiguous-literal.ts';
import { duplicateKey } from './yaml-duplicate-key.ts';
import { encoding } from './yaml-encoding.ts';
import { limit } from './yaml-limit.ts';
import { syntax } from './yaml-syntax.ts';
/** Every rule, in the order of the docs. A rule is one file here, one line in this list, and one page in `docs/rules/`. */
export const RULES: readonly (Rule | ObjectRule | SetRule)[] = [
  syntax,
  duplicateKey,
  ambiguousLiteral,
  encoding,
  limit,
  unknownField,
  missingField,
  wrongType,
  notInEnum,
  duplicateItem,
  loosenedCrd,
  unknownKind,
  removedApi,
  deprecatedApi,
  invalidAnnotationKey,
  annotationsTooLarge,
  namespaceOnClusterScope,
  invalidFinalizer,
  invalidLabelKey,
  invalidLabelValue,
  missingName,
  invalidName,
  invalidNamespace,
  serverField,
  accountNamespace,
  activeDeadline,
  invalidAffinity,
  apiService,
  autoscalerRange,
  claimAccess,
  claimRetention,
  claimSize,
  claimSource,
  invalidClusterIp,
  invalidConfigKey,
  configKeyTwice,
  configReference,
  configTooLarge,
  invalidContainerName,
  containerRestartPolicy,
  crdApproval,
  crdColumn,
  crdName,
  crdNames,
  crdSchema,
  crdType,
  crdVersions,
  invalidSchedule,
  csiDriver,
  disruptionBudget,
  dnsConfig,
  invalidDnsSearch,
  downwardFile,
  duplicateContainer,
  duplicateHostPort,
  duplicateMountPath,
  duplicatePortName,
  duplicateServicePort,
  duplicateVolume,
  invalidEmptyDir,
  emptySelector,
  endpointAddress,
  endpointPort,
  invalidEnvName,
  envSource,
  envValueTwice,
  ephemeralContainer,
  ephemeralVolume,
  invalidExternalName,
  unsupportedFieldPath,
  invalidFileMode,
  governingServiceName,
  oneHandler,
  handlerPort,
  unknownHandlerPort,
  invalidHostAlias,
  hostNamespace,
  invalidHostPath,
  hostPortMismatch,
  hugePages,
  imageWhitespace,
  invalidIngressBackend,
  ingressClass,
  invalidIngressController,
  invalidIngressHost,
  invalidIngressPath,
  ingressResource,
  ingressWithoutPaths,
  ingressWithoutRules,
  initContainerProbe,
  invalidIpBlock,
  ipFamily,
  jobCompletion,
  jobSelector,
  leaseDuration,
  limitRangeOrder,
  limitRangeType,
  limitRatio,
  loadBalancerClass,
  invalidMetricName,
  metricObject,
  metricSource,
  metricTarget,
  missingImage,
  missingSpec,
  missingVolume,
  emptyMountPath,
  mountPropagation,
  negativeCount,
  networkPeer,
  invalidNetworkPort,
  relativeNfsPath,
  noContainers,
  invalidNodeExpression,
  wrongNodePort,
  persistentVolume,
  podCondition,
  podFailurePolicy,
  podNameField,
  podOs,
  policyTypes,
  invalidPortName,
  invalidPortNumber,
  priorityClass,
  privilegeEscalation,
  probeThreshold,
  progressDeadline,
  projectedSource,
  quotaResource,
  quotaScope,
  rbacRule,
  rbacSubject,
  requestsOverLimits,
  invalidAmount,
  resourceClaim,
  unknownResource,
  wrongRestartPolicy,
  roleRef,
  rollingUpdateShare,
  stuckRollingUpdate,
  runtimeHandler,
  scaleTarget,
  scalingBehavior,
  scalingPolicies,
  secretJson,
  secretType,
  securityProfile,
  invalidSelector,
  selectorMismatch,
  invalidServicePort,
  invalidServiceSelector,
  serviceTypeField,
  serviceWithoutPorts,
  sessionAffinity,
  sleepTooLong,
  invalidSourceRange,
  invalidStorageClass,
  wrongStrategy,
  invalidSubPath,
  invalidSysctl,
  unknownTimeZone,
  invalidToleration,
  topologySpread,
  trafficDistribution,
  unnamedServicePort,
  invalidUserId,
  volumeDevice,
  invalidVolumeFile,
  invalidVolumeName,
  volumeNode,
  volumeReference,
  volumeSource,
  webhookClient,
  webhookName,
  webhookRule,
  webhookSetting,
  webhookVersion,
  kustomizeReference,
  argocdPath,
  argocdValuesFile,
  argocdProject,
  fluxPath,
  fluxSource,
  fluxDependency,
  fluxValues,
  podSelector,
  missingTargetPort,
  missingBackend,
  missingScaleTarget,
  podObject,
  configKey,
  renderFailed,
  renderVariable,
  renderRefused,
  duplicateObject,
  duplicateEntry,
  plainSecret,
  sopsMac,
  crdRule,
  admission,
  notEvaluated,
  missingProbes,
  missingResources,
  floatingImage,
  hostNamespaces,
  privileged,
  mayRunAsRoot,
  unusedSuppression,
];

/** Those that look at whole objects, one after the other. */
export const OBJECT_RULES: readonly ObjectRule[] = RULES.filter((rule): rule is ObjectRule => 'check' in rule);

/** Those that look at all files together. */
export const SET_RULES: readonly SetRule[] = RULES.filter((rule): rule is SetRule => 'checkSet' in rule);

/** Those that look at what one unit is rendered to. */
export const UNIT_RULES: readonly UnitRule[] = RULES.filter((rule): rule is UnitRule => 'checkUnit' in rule);
