/**
 * apiVersions that look like Kubernetes objects and that no cluster serves: configuration of tools, read from files.
 * A group stands for all its versions; `group/Kind` and `v1/Kind` for one kind only.
 */
const TOOL_GROUPS: ReadonlySet<string> = new Set([
  'kustomize.config.k8s.io', // https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
  'builtin', // kustomize's own transformers and generators
  'config.kubernetes.io', // https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
  'skaffold', // https://skaffold.dev/docs/references/yaml/
  'clusterctl.cluster.x-k8s.io', // https://cluster-api.sigs.k8s.io/clusterctl/provider-contract
  'kind.x-k8s.io', // https://kind.sigs.k8s.io/docs/user/configuration/
  'k3d.io', // https://k3d.io/stable/usage/configfile/
  'ctlptl.dev', // https://github.com/tilt-dev/ctlptl
  'eksctl.io', // https://schema.eksctl.io
  'kops.k8s.io', // https://kops.sigs.k8s.io/manifests_and_customizing_via_api/
  'kubeadm.k8s.io', // https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/
  'kubelet.config.k8s.io', // https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
  'kubeproxy.config.k8s.io', // https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/
  'kubescheduler.config.k8s.io', // https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/
  'apiserver.config.k8s.io', // https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/
  'apiserver.k8s.io',
  'audit.k8s.io', // https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
  'pod-security.admission.config.k8s.io', // https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
  'client.authentication.k8s.io', // https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
  'kubectl.config.k8s.io', // https://kubernetes.io/docs/reference/kubectl/kuberc/
  'controller-runtime.sigs.k8s.io', // configuration files of operators
  'krew.googlecontainertools.github.com', // https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/
  'backstage.io', // https://backstage.io/docs/features/software-catalog/descriptor-format/
  'kpt.dev', // https://kpt.dev/reference/schema/kptfile/
  'fn.kpt.dev',
  'kuttl.dev', // https://kuttl.dev/docs/testing/reference.html
  'chainsaw.kyverno.io', // https://kyverno.github.io/chainsaw/
  'cli.kyverno.io', // https://kyverno.io/docs/kyverno-cli/
  'tanka.dev', // https://tanka.dev/jsonnet/overview
  'qbec.io', // https://qbec.io/reference/qbec-yaml/
  'kbld.k14s.io', // https://carvel.dev/kbld/docs/latest/config/
  'vendir.k14s.io', // https://carvel.dev/vendir/docs/latest/vendir-spec/
  'kapp.k14s.io', // https://carvel.dev/kapp/docs/latest/config/
  'imgpkg.carvel.dev',
  'scorecard.operatorframework.io', // https://sdk.operatorframework.io/docs/testing-operators/scorecard/
  'score.dev', // https://docs.score.dev
]);

const TOOL_KINDS: ReadonlySet<string> = new Set([
  '/Config', // kubeconfig: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
]);

/** True for a file that a tool reads and no cluster is ever given. */
export function isToolKind(apiVersion: string, kind: string): boolean {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return TOOL_GROUPS.has(group) || TOOL_KINDS.has(`${group}/${kind}`);
}
