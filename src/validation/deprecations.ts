/**
 * What upstream has announced and a schema does not tell. A row: since which Kubernetes minor it is deprecated, the minor
 * that stops serving it as far as that is fixed, the apiVersion, its kinds, and what to use instead.
 *
 * From the lifecycle marks of the Kubernetes API types (`zz_generated.prerelease-lifecycle.go` in
 * https://github.com/kubernetes/api) and https://kubernetes.io/docs/reference/using-api/deprecation-guide/.
 */
export interface Deprecation {
  readonly since: string;
  readonly until?: string;
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  readonly instead: string;
}

type Row = readonly [string, string | undefined, string, readonly string[], string];

const MUTATING = ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'];
const VALIDATING = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'];
const FLOW = ['FlowSchema', 'PriorityLevelConfiguration'];
const DEVICES = ['DeviceClass', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceSlice'];

const ROWS: readonly Row[] = [
  ['1.19', undefined, 'v1', ['ComponentStatus'], 'the health endpoints of the API server'],
  ['1.21', '1.25', 'batch/v1beta1', ['CronJob'], 'batch/v1'],
  ['1.21', '1.25', 'discovery.k8s.io/v1beta1', ['EndpointSlice'], 'discovery.k8s.io/v1'],
  ['1.22', '1.25', 'events.k8s.io/v1beta1', ['Event'], 'events.k8s.io/v1'],
  ['1.22', '1.25', 'node.k8s.io/v1beta1', ['RuntimeClass'], 'node.k8s.io/v1'],
  ['1.21', '1.25', 'policy/v1beta1', ['PodDisruptionBudget'], 'policy/v1'],
  ['1.21', '1.25', 'policy/v1beta1', ['PodSecurityPolicy'], 'Pod Security Admission'],
  ['1.23', '1.26', 'autoscaling/v2beta2', ['HorizontalPodAutoscaler'], 'autoscaling/v2'],
  ['1.23', '1.26', 'flowcontrol.apiserver.k8s.io/v1beta1', FLOW, 'flowcontrol.apiserver.k8s.io/v1'],
  ['1.24', '1.27', 'storage.k8s.io/v1beta1', ['CSIStorageCapacity'], 'storage.k8s.io/v1'],
  ['1.26', '1.29', 'flowcontrol.apiserver.k8s.io/v1beta2', FLOW, 'flowcontrol.apiserver.k8s.io/v1'],
  ['1.29', '1.32', 'flowcontrol.apiserver.k8s.io/v1beta3', FLOW, 'flowcontrol.apiserver.k8s.io/v1'],
  ['1.29', '1.32', 'admissionregistration.k8s.io/v1alpha1', VALIDATING, 'admissionregistration.k8s.io/v1'],
  ['1.31', '1.34', 'admissionregistration.k8s.io/v1beta1', VALIDATING, 'admissionregistration.k8s.io/v1'],
  ['1.32', '1.35', 'storage.k8s.io/v1alpha1', ['VolumeAttributesClass'], 'storage.k8s.io/v1'],
  ['1.33', undefined, 'v1', ['Endpoints'], 'EndpointSlice of discovery.k8s.io/v1'],
  ['1.34', '1.37', 'certificates.k8s.io/v1alpha1', ['ClusterTrustBundle'], 'certificates.k8s.io/v1beta1'],
  ['1.34', '1.37', 'networking.k8s.io/v1beta1', ['IPAddress', 'ServiceCIDR'], 'networking.k8s.io/v1'],
  ['1.34', '1.37', 'storage.k8s.io/v1beta1', ['VolumeAttributesClass'], 'storage.k8s.io/v1'],
  ['1.35', '1.38', 'admissionregistration.k8s.io/v1alpha1', MUTATING, 'admissionregistration.k8s.io/v1beta1'],
  ['1.35', '1.38', 'coordination.k8s.io/v1alpha2', ['LeaseCandidate'], 'coordination.k8s.io/v1beta1'],
  ['1.35', '1.38', 'resource.k8s.io/v1beta1', DEVICES, 'resource.k8s.io/v1'],
  ['1.36', '1.39', 'coordination.k8s.io/v1beta1', ['LeaseCandidate'], 'coordination.k8s.io/v1'],
  ['1.36', '1.39', 'resource.k8s.io/v1alpha3', ['DeviceTaintRule'], 'resource.k8s.io/v1beta2'],
  ['1.36', '1.39', 'resource.k8s.io/v1beta2', DEVICES, 'resource.k8s.io/v1'],
];

const BY_KIND: ReadonlyMap<string, Deprecation> = new Map(
  ROWS.toReversed().flatMap(([since, until, apiVersion, kinds, instead]) => {
    const found = { since, ...(until === undefined ? {} : { until }), apiVersion, kinds, instead };
    return kinds.map((kind) => [`${apiVersion}/${kind}`, found] as const);
  }),
);

/** What is known of the kind, if it is deprecated at all. */
export function deprecationOf(apiVersion: string, kind: string): Deprecation | undefined {
  return BY_KIND.get(`${apiVersion}/${kind}`);
}

/** Minors in order: 1.9 before 1.10. */
export function compareMinors(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
