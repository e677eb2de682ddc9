import type { PackSource } from '../../src/validation/pack.ts';

/** A Go module that holds CustomResourceDefinitions, and where in it. */
export interface CrdSource extends PackSource {
  /** Globs below the module's root. */
  readonly files: readonly string[];
}

/** A Go module of types only, from which `go-types/` generates the CRDs. */
export interface TypesSource extends PackSource {
  /** API group of what is generated. */
  readonly group: string;
}

/** The sources in the order in which they are asked: of two that have the same kind, the first counts. */
export const CRD_SOURCES: readonly CrdSource[] = [
  apache('argo-cd', 'github.com/argoproj/argo-cd/v3', 'v3.6.1', 'manifests/crds/*.yaml'),
  apache('argo-rollouts', 'github.com/argoproj/argo-rollouts', 'v1.10.2', 'manifests/crds/*.yaml'),
  apache('source-controller', 'github.com/fluxcd/source-controller', 'v1.10.1', 'config/crd/bases/*.yaml'),
  apache('kustomize-controller', 'github.com/fluxcd/kustomize-controller', 'v1.10.1', 'config/crd/bases/*.yaml'),
  apache('cert-manager', 'github.com/cert-manager/cert-manager', 'v1.21.2', 'deploy/crds/*.yaml'),
  apache('trust-manager', 'github.com/cert-manager/trust-manager', 'v0.25.0', 'deploy/crds/*.yaml'),
  apache('external-secrets', 'github.com/external-secrets/external-secrets', 'v1.3.2', 'config/crds/bases/*.yaml'),
  apache('sealed-secrets', 'github.com/bitnami-labs/sealed-secrets', 'v0.40.0', 'helm/sealed-secrets/crds/*.yaml'),
  apache('gateway-api', 'sigs.k8s.io/gateway-api', 'v1.7.0', 'config/crd/experimental/*.yaml'),
  apache('istio', 'istio.io/api', 'v1.31.4', 'kubernetes/customresourcedefinitions.gen.yaml'),
  {
    name: 'traefik',
    module: 'github.com/traefik/traefik/v3',
    version: 'v3.7.13',
    licence: 'MIT',
    files: ['docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml'],
  },
  apache(
    'envoy-gateway',
    'github.com/envoyproxy/gateway',
    'v1.9.1',
    'charts/gateway-helm/charts/crds/crds/generated/*.yaml',
  ),
  apache('contour', 'github.com/projectcontour/contour', 'v1.33.8', 'examples/contour/01-crds.yaml'),
  apache('kyverno', 'github.com/kyverno/kyverno', 'v1.19.1', 'config/crds/**/*.yaml'),
  apache('gatekeeper', 'github.com/open-policy-agent/gatekeeper/v3', 'v3.23.1', 'charts/gatekeeper/crds/*.yaml'),
  apache('keda', 'github.com/kedacore/keda/v2', 'v2.21.0', 'config/crd/bases/*.yaml'),
  apache(
    'cluster-api',
    'sigs.k8s.io/cluster-api',
    'v1.14.2',
    'core/config/crd/bases/*.yaml',
    'controlplane/kubeadm/config/crd/bases/*.yaml',
    'bootstrap/kubeadm/config/crd/bases/*.yaml',
    'cmd/clusterctl/config/crd/bases/*.yaml',
  ),
  apache('knative-serving', 'knative.dev/serving', 'v0.51.0', 'config/core/300-resources/*.yaml'),
  apache(
    'velero',
    'github.com/vmware-tanzu/velero',
    'v1.18.3',
    'config/crd/v1/bases/*.yaml',
    'config/crd/v2alpha1/bases/*.yaml',
  ),
  apache('metallb', 'go.universe.tf/metallb', 'v0.16.2', 'config/crd/bases/*.yaml'),
  apache('cilium', 'github.com/cilium/cilium', 'v1.20.2', 'pkg/k8s/apis/cilium.io/client/crds/*/*.yaml'),
  apache('karpenter', 'sigs.k8s.io/karpenter', 'v1.15.0', 'pkg/apis/crds/*.yaml'),
  apache('karpenter-aws', 'github.com/aws/karpenter-provider-aws', 'v1.15.1', 'pkg/apis/crds/karpenter.k8s.aws_*.yaml'),
  apache(
    'openshift',
    'github.com/openshift/api',
    'v0.0.0-20251021211107-8c9accafe91d',
    'payload-manifests/crds/*.crd.yaml',
    '!(example)/v*/zz_generated.crd-manifests/*.crd.yaml',
  ),
  apache('external-dns', 'sigs.k8s.io/external-dns', 'v0.23.0', 'config/crd/standard/*.yaml'),
  apache(
    'vertical-pod-autoscaler',
    'k8s.io/autoscaler/vertical-pod-autoscaler',
    'v1.8.1',
    'deploy/vpa-v1-crd-gen.yaml',
  ),
  apache(
    'external-snapshotter',
    'github.com/kubernetes-csi/external-snapshotter/client/v8',
    'v8.7.0',
    'config/crd/*.yaml',
  ),
  {
    name: 'tailscale',
    module: 'tailscale.com',
    version: 'v1.104.5',
    licence: 'BSD-3-Clause',
    files: ['cmd/k8s-operator/deploy/crds/*.yaml'],
  },
];

/** Modules without CRDs of their own. The versions are those of `go-types/go.mod`. */
export const TYPES_SOURCES: readonly TypesSource[] = [
  types('helm-controller', 'github.com/fluxcd/helm-controller/api', 'v1.7.1', 'helm.toolkit.fluxcd.io'),
  types(
    'image-reflector-controller',
    'github.com/fluxcd/image-reflector-controller/api',
    'v1.3.0',
    'image.toolkit.fluxcd.io',
  ),
  types(
    'image-automation-controller',
    'github.com/fluxcd/image-automation-controller/api',
    'v1.3.0',
    'image.toolkit.fluxcd.io',
  ),
  types(
    'notification-controller',
    'github.com/fluxcd/notification-controller/api',
    'v1.10.0',
    'notification.toolkit.fluxcd.io',
  ),
  types(
    'prometheus-operator',
    'github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring',
    'v0.95.1',
    'monitoring.coreos.com',
  ),
];

function apache(name: string, module: string, version: string, ...files: readonly string[]): CrdSource {
  return { name, module, version, licence: 'Apache-2.0', files };
}

function types(name: string, module: string, version: string, group: string): TypesSource {
  return { name, module, version, licence: 'Apache-2.0', group };
}
