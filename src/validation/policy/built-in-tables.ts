type Json = Readonly<Record<string, unknown>>;

/** A path, and what the server puts there where nothing is; a function is given the object that the field belongs to. */
export type DefaultRow = readonly [string, unknown];

/** The tag decides (https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting). */
function pullPolicy({ image }: Json): string {
  const name = typeof image === 'string' ? image : '';
  const hasTag = /:[^/]+$/.test(name) && !name.endsWith(':latest');
  return hasTag ? 'IfNotPresent' : 'Always';
}

const PROBE: readonly DefaultRow[] = [
  ['timeoutSeconds', 1],
  ['periodSeconds', 10],
  ['successThreshold', 1],
  ['failureThreshold', 3],
  ['?httpGet.path', '/'],
  ['?httpGet.scheme', 'HTTP'],
];

const CONTAINER: readonly DefaultRow[] = [
  ['imagePullPolicy', pullPolicy],
  ['terminationMessagePath', '/dev/termination-log'],
  ['terminationMessagePolicy', 'File'],
  ['resources', {}],
  ['ports.*.protocol', 'TCP'],
  ['env.*.?valueFrom.?fieldRef.apiVersion', 'v1'],
  ...below('?livenessProbe', PROBE),
  ...below('?readinessProbe', PROBE),
  ...below('?startupProbe', PROBE),
];

/** https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go */
const POD_LEVEL: readonly DefaultRow[] = [
  ['restartPolicy', 'Always'],
  ['dnsPolicy', 'ClusterFirst'],
  ['schedulerName', 'default-scheduler'],
  ['terminationGracePeriodSeconds', 30],
  ['securityContext', {}],
  ...below('containers.*', CONTAINER),
  ...below('initContainers.*', CONTAINER),
  ['volumes.*.?configMap.defaultMode', 420],
  ['volumes.*.?secret.defaultMode', 420],
  ['volumes.*.?projected.defaultMode', 420],
  ['volumes.*.?hostPath.type', ''],
];

const JOB: readonly DefaultRow[] = [
  ['backoffLimit', 6],
  ['completionMode', 'NonIndexed'],
  ['suspend', false],
  ['parallelism', 1],
  ['completions', ({ parallelism }: Json) => (parallelism === 1 ? 1 : undefined)],
  ...below('?template.?spec', POD_LEVEL),
];

/** Defaults by kind, for the kinds that policies are mostly about. */
export const TABLES: Readonly<Record<string, readonly DefaultRow[]>> = {
  '/Pod': [
    ...below('?spec', POD_LEVEL),
    ['?spec.enableServiceLinks', true],
    ['?spec.containers.*.resources.requests', ({ limits }: Json) => limits],
    ['?spec.initContainers.*.resources.requests', ({ limits }: Json) => limits],
  ],
  '/ReplicationController': below('?spec', [['replicas', 1], ...below('?template.?spec', POD_LEVEL)]),
  'apps/ReplicaSet': below('?spec', [['replicas', 1], ...below('?template.?spec', POD_LEVEL)]),
  'apps/Deployment': below('?spec', [
    ['replicas', 1],
    ['revisionHistoryLimit', 10],
    ['progressDeadlineSeconds', 600],
    ['strategy.type', 'RollingUpdate'],
    [
      'strategy.rollingUpdate',
      ({ type }: Json) => (type === 'RollingUpdate' ? { maxSurge: '25%', maxUnavailable: '25%' } : undefined),
    ],
    ...below('?template.?spec', POD_LEVEL),
  ]),
  'apps/StatefulSet': below('?spec', [
    ['replicas', 1],
    ['revisionHistoryLimit', 10],
    ['podManagementPolicy', 'OrderedReady'],
    ['updateStrategy.type', 'RollingUpdate'],
    ['updateStrategy.rollingUpdate', ({ type }: Json) => (type === 'RollingUpdate' ? { partition: 0 } : undefined)],
    ['volumeClaimTemplates.*.?spec.volumeMode', 'Filesystem'],
    ['persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Retain', whenScaled: 'Retain' }],
    ...below('?template.?spec', POD_LEVEL),
  ]),
  'apps/DaemonSet': below('?spec', [
    ['revisionHistoryLimit', 10],
    ['updateStrategy.type', 'RollingUpdate'],
    [
      'updateStrategy.rollingUpdate',
      ({ type }: Json) => (type === 'RollingUpdate' ? { maxSurge: 0, maxUnavailable: 1 } : undefined),
    ],
    ...below('?template.?spec', POD_LEVEL),
  ]),
  'batch/Job': below('?spec', JOB),
  'batch/CronJob': below('?spec', [
    ['concurrencyPolicy', 'Allow'],
    ['suspend', false],
    ['successfulJobsHistoryLimit', 3],
    ['failedJobsHistoryLimit', 1],
    ...below('?jobTemplate.?spec.?template.?spec', POD_LEVEL),
  ]),
  '/Service': below('?spec', [
    ['type', 'ClusterIP'],
    ['sessionAffinity', 'None'],
    ['internalTrafficPolicy', ({ type }: Json) => (type === 'ExternalName' ? undefined : 'Cluster')],
    [
      'externalTrafficPolicy',
      ({ type }: Json) => (type === 'NodePort' || type === 'LoadBalancer' ? 'Cluster' : undefined),
    ],
    ['allocateLoadBalancerNodePorts', ({ type }: Json) => (type === 'LoadBalancer' ? true : undefined)],
    ['ports.*.protocol', 'TCP'],
    ['ports.*.targetPort', ({ port }: Json) => port],
  ]),
  '/PersistentVolume': below('?spec', [
    ['volumeMode', 'Filesystem'],
    ['persistentVolumeReclaimPolicy', 'Retain'],
  ]),
  '/PersistentVolumeClaim': below('?spec', [['volumeMode', 'Filesystem']]),
  'autoscaling/HorizontalPodAutoscaler': below('?spec', [['minReplicas', 1]]),
};

function below(path: string, rows: readonly DefaultRow[]): readonly DefaultRow[] {
  return rows.map(([inner, content]) => [`${path}.${inner}`, content]);
}
