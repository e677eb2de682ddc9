import type { ResourceType } from '../kubernetes-api/cluster.ts';

type Row = readonly [kind: string, group: string, version: string, plural: string, short: string, namespaced?: false];

/**
 * The kinds that are part of Kubernetes and can be waited for, in the version that every server since 1.23 serves, so that
 * nothing has to be asked before they are read. https://kubernetes.io/docs/reference/kubectl/#resource-types
 */
const ROWS: readonly Row[] = [
  ['Deployment', 'apps', 'v1', 'deployments', 'deploy'],
  ['StatefulSet', 'apps', 'v1', 'statefulsets', 'sts'],
  ['DaemonSet', 'apps', 'v1', 'daemonsets', 'ds'],
  ['ReplicaSet', 'apps', 'v1', 'replicasets', 'rs'],
  ['Job', 'batch', 'v1', 'jobs', 'job'],
  ['CronJob', 'batch', 'v1', 'cronjobs', 'cj'],
  ['Pod', '', 'v1', 'pods', 'po'],
  ['Service', '', 'v1', 'services', 'svc'],
  ['PersistentVolumeClaim', '', 'v1', 'persistentvolumeclaims', 'pvc'],
  ['ConfigMap', '', 'v1', 'configmaps', 'cm'],
  ['Secret', '', 'v1', 'secrets', 'secret'],
  ['ServiceAccount', '', 'v1', 'serviceaccounts', 'sa'],
  ['PersistentVolume', '', 'v1', 'persistentvolumes', 'pv', false],
  ['ReplicationController', '', 'v1', 'replicationcontrollers', 'rc'],
  ['Namespace', '', 'v1', 'namespaces', 'ns', false],
  ['Ingress', 'networking.k8s.io', 'v1', 'ingresses', 'ing'],
  ['NetworkPolicy', 'networking.k8s.io', 'v1', 'networkpolicies', 'netpol'],
  ['HorizontalPodAutoscaler', 'autoscaling', 'v2', 'horizontalpodautoscalers', 'hpa'],
  ['PodDisruptionBudget', 'policy', 'v1', 'poddisruptionbudgets', 'pdb'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io', 'v1', 'customresourcedefinitions', 'crd', false],
  ['APIService', 'apiregistration.k8s.io', 'v1', 'apiservices', 'apiservice', false],
];

export interface KnownKind extends ResourceType {
  readonly short: string;
}

export const KNOWN_KINDS: readonly KnownKind[] = ROWS.map(([kind, group, version, plural, short, namespaced]) => ({
  kind,
  group,
  version,
  plural,
  short,
  namespaced: namespaced !== false,
}));

/** What runs pods, and so can be found by a selector. */
export const WORKLOADS: readonly KnownKind[] = KNOWN_KINDS.filter(({ kind }) =>
  ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'].includes(kind),
);

/** By kind, plural or short name, as kubectl takes them; `group` undefined: any. */
export function knownKind(word: string, group: string | undefined): KnownKind | undefined {
  const wanted = word.toLowerCase();
  return KNOWN_KINDS.find(
    (known) =>
      (group === undefined || known.group === group) &&
      (known.kind.toLowerCase() === wanted || known.plural === wanted || known.short === wanted),
  );
}
