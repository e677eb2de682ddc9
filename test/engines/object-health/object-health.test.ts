import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { type ObjectHealth, objectHealth } from '../../../src/engines/object-health/object-health.ts';

type Case = readonly [what: string, object: Json, health: ObjectHealth['health'], reason?: string];

function object(kind: string, apiVersion: string, spec: Json, status?: Json, metadata: Json = {}): Json {
  return {
    apiVersion,
    kind,
    metadata: { name: 'web', namespace: 'shop', generation: 3, ...metadata },
    spec,
    ...(status === undefined ? {} : { status }),
  };
}

function condition(type: string, status: string, reason = '', message = '', more: Json = {}): Json {
  return { type, status, reason, message, ...more };
}

function deployment(status: Json, spec: Json = {}, metadata: Json = {}): Json {
  return object('Deployment', 'apps/v1', { replicas: 2, ...spec }, { observedGeneration: 3, ...status }, metadata);
}

const FULL = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const DEADLINE = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' };

const DEPLOYMENTS: readonly Case[] = [
  ['complete', deployment(FULL), 'healthy'],
  ['of an older generation', deployment({ ...FULL, observedGeneration: 2 }), 'progressing', 'not seen generation 3'],
  ['never looked at', object('Deployment', 'apps/v1', {}), 'progressing', 'not seen generation 3'],
  [
    'whose counters are those of the old pods, with the updated ones absent for zero',
    deployment({ replicas: 2, readyReplicas: 2, availableReplicas: 2 }),
    'progressing',
    '0 of 2 pods are of the new template',
  ],
  ['with old pods left', deployment({ ...FULL, replicas: 3 }), 'progressing', '1 pods of an older template'],
  ['whose pods are not available', deployment({ ...FULL, availableReplicas: 1 }), 'progressing', '1 of 2 new pods'],
  ['scaled down, not yet', deployment(FULL, { replicas: 1 }), 'progressing', '1 pods too many'],
  ['at zero', deployment({}, { replicas: 0 }), 'healthy', 'scaled to zero: nothing of it runs'],
  [
    'without a number of replicas',
    deployment({ replicas: 1, updatedReplicas: 1, availableReplicas: 1 }, { replicas: undefined }),
    'healthy',
  ],
  ['paused halfway', deployment({ ...FULL, updatedReplicas: 1 }, { paused: true }), 'suspended', 'paused'],
  ['paused and complete', deployment(FULL, { paused: true }), 'healthy'],
  [
    'complete by its counters, and unavailable by its condition',
    deployment({ ...FULL, conditions: [condition('Available', 'False', 'MinimumReplicasUnavailable')] }),
    'progressing',
    'MinimumReplicasUnavailable',
  ],
  [
    'beyond its deadline',
    deployment({ ...FULL, updatedReplicas: 1, conditions: [DEADLINE] }),
    'degraded',
    'ProgressDeadlineExceeded: timed out',
  ],
  [
    'beyond its deadline, and not available',
    deployment({ replicas: 2, conditions: [condition('Available', 'False', 'MinimumReplicasUnavailable'), DEADLINE] }),
    'degraded',
    'ProgressDeadlineExceeded',
  ],
  [
    'with the deadline of an earlier generation',
    deployment({ observedGeneration: 2, conditions: [DEADLINE] }),
    'progressing',
    'not seen generation 3',
  ],
  [
    'whose pods cannot be made',
    deployment({ conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota')] }),
    'degraded',
    'FailedCreate: exceeded quota',
  ],
  ['on its way out', deployment(FULL, {}, { deletionTimestamp: '2026-11-22T10:00:00Z' }), 'progressing', 'deleted'],
];

function statefulSet(status: Json, spec: Json = {}): Json {
  const revisions = { currentRevision: 'web-2', updateRevision: 'web-2' };
  return object('StatefulSet', 'apps/v1', { replicas: 3, ...spec }, { observedGeneration: 3, ...revisions, ...status });
}

const ALL = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
const PARTITION = { updateStrategy: { rollingUpdate: { partition: 2 } } };
const KEPT_BACK = { updateStrategy: { rollingUpdate: { partition: 3 } } };

const STATEFUL_SETS: readonly Case[] = [
  ['complete', statefulSet(ALL), 'healthy'],
  [
    'on a server that does not count what is available',
    statefulSet({ ...ALL, availableReplicas: undefined }),
    'healthy',
  ],
  ['with full counters of the old pods', statefulSet({ ...ALL, updatedReplicas: undefined }), 'progressing', '0 of 3'],
  ['whose revisions differ still', statefulSet({ ...ALL, currentRevision: 'web-1' }), 'progressing', 'only just gone'],
  ['with a pod that is not ready', statefulSet({ ...ALL, readyReplicas: 2 }), 'progressing', '2 of 3 pods are ready'],
  ['with pods too many', statefulSet({ ...ALL, replicas: 4 }), 'progressing', '1 pods too many'],
  [
    'with a partition reached',
    statefulSet({ ...ALL, updatedReplicas: 1, currentRevision: 'web-1' }, PARTITION),
    'healthy',
    'partition 2: 2 of 3 pods keep the older template',
  ],
  [
    'with a partition that keeps all pods back',
    statefulSet({ ...ALL, updatedReplicas: undefined, currentRevision: 'web-1' }, KEPT_BACK),
    'suspended',
    'partition 3: all pods keep the older template until somebody lowers it',
  ],
  [
    'with a partition that keeps nothing back any more',
    statefulSet({ ...ALL, updatedReplicas: 3 }, KEPT_BACK),
    'healthy',
  ],
  ['at zero', statefulSet({}, { replicas: 0 }), 'healthy', 'scaled to zero'],
  ['at zero, with a partition', statefulSet({}, { replicas: 0, ...KEPT_BACK }), 'healthy', 'scaled to zero'],
  ['with a partition not reached', statefulSet({ ...ALL, updatedReplicas: 0 }, PARTITION), 'progressing', '0 of 1'],
  [
    'that must stay ready',
    statefulSet({ ...ALL, availableReplicas: 1 }, { minReadySeconds: 5 }),
    'progressing',
    '1 of 3',
  ],
  [
    'whose pods somebody must delete',
    statefulSet({ ...ALL, updatedReplicas: 1 }, { updateStrategy: { type: 'OnDelete' } }),
    'suspended',
    'OnDelete: 2 pods',
  ],
  [
    'whose pods somebody has deleted',
    statefulSet({ ...ALL, currentRevision: 'web-1' }, { updateStrategy: { type: 'OnDelete' } }),
    'healthy',
  ],
];

function daemonSet(status: Json, spec: Json = {}): Json {
  return object('DaemonSet', 'apps/v1', spec, { observedGeneration: 3, desiredNumberScheduled: 2, ...status });
}

const DAEMON_SETS: readonly Case[] = [
  ['complete', daemonSet({ updatedNumberScheduled: 2, numberAvailable: 2 }), 'healthy'],
  ['with old pods available', daemonSet({ numberAvailable: 2 }), 'progressing', '0 of 2 pods are of the new template'],
  ['with new pods not available', daemonSet({ updatedNumberScheduled: 2 }), 'progressing', '0 of 2 pods are available'],
  [
    'whose pods somebody has deleted',
    daemonSet({ updatedNumberScheduled: 2, numberAvailable: 2 }, { updateStrategy: { type: 'OnDelete' } }),
    'healthy',
  ],
  ['for which there is no node', daemonSet({ desiredNumberScheduled: 0 }), 'healthy', 'there is no node for it'],
  [
    'whose pods somebody must delete',
    daemonSet({ numberAvailable: 2 }, { updateStrategy: { type: 'OnDelete' } }),
    'suspended',
  ],
];

const LEAVING = { deletionTimestamp: '2026-11-22T10:00:00Z' };

function job(conditions: readonly Json[], spec: Json = {}, metadata: Json = {}): Json {
  return object('Job', 'batch/v1', spec, { conditions, failed: 1 }, metadata);
}

const JOBS: readonly Case[] = [
  ['that runs', job([]), 'progressing', '0 of 1 pods have succeeded, 0 run, 1 failed'],
  ['that is about to be done', job([condition('SuccessCriteriaMet', 'True')]), 'progressing'],
  [
    'that runs well',
    object('Job', 'batch/v1', { completions: 2 }, { active: 1, succeeded: 1 }),
    'progressing',
    '1 of 2 pods have succeeded, 1 run',
  ],
  ['that is done', job([condition('SuccessCriteriaMet', 'True'), condition('Complete', 'True')]), 'healthy'],
  ['that is about to have failed', job([condition('FailureTarget', 'True', 'DeadlineExceeded')]), 'degraded'],
  ['that has failed', job([condition('Failed', 'True', 'BackoffLimitExceeded')]), 'degraded', 'BackoffLimitExceeded'],
  ['that has not', job([condition('Failed', 'False')]), 'progressing'],
  ['that is done, and is cleaned up', job([condition('Complete', 'True')], {}, LEAVING), 'healthy'],
  [
    'that is cleaned up before it is done',
    job([condition('Complete', 'False')], {}, LEAVING),
    'progressing',
    'deleted',
  ],
  ['that has failed, and is cleaned up', job([condition('Failed', 'True')], {}, LEAVING), 'progressing', 'deleted'],
  ['that waits to be let loose', job([], { suspend: true }), 'suspended'],
];

function pod(status: Json): Json {
  return object('Pod', 'v1', {}, status);
}

function waiting(reason: string): Json {
  return { phase: 'Pending', containerStatuses: [{ name: 'web', state: { waiting: { reason } } }] };
}

const PODS: readonly Case[] = [
  ['that is ready', pod({ phase: 'Running', conditions: [condition('Ready', 'True')] }), 'healthy'],
  ['that runs', pod({ phase: 'Running', conditions: [condition('Ready', 'False')] }), 'progressing', 'Running'],
  ['that has done its work', pod({ phase: 'Succeeded' }), 'healthy'],
  ['that has failed', pod({ phase: 'Failed', reason: 'Evicted' }), 'degraded', 'Evicted'],
  ['whose image is not there', pod(waiting('ImagePullBackOff')), 'degraded', 'ImagePullBackOff'],
  ['that starts', pod(waiting('ContainerCreating')), 'progressing'],
  [
    'that finds no node',
    pod({ phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'Unschedulable', 'no node')] }),
    'progressing',
  ],
];

const OTHERS: readonly Case[] = [
  ['a CronJob', object('CronJob', 'batch/v1', {}), 'healthy'],
  ['a suspended CronJob', object('CronJob', 'batch/v1', { suspend: true }), 'suspended'],
  ['a claim that is bound', object('PersistentVolumeClaim', 'v1', {}, { phase: 'Bound' }), 'healthy'],
  ['a claim that is not', object('PersistentVolumeClaim', 'v1', {}, { phase: 'Pending' }), 'progressing'],
  ['a claim whose volume is gone', object('PersistentVolumeClaim', 'v1', {}, { phase: 'Lost' }), 'degraded', 'Lost'],
  ['a Service', object('Service', 'v1', {}), 'healthy'],
  ['a load balancer', object('Service', 'v1', { type: 'LoadBalancer' }, { loadBalancer: {} }), 'progressing'],
  [
    'a load balancer with an address',
    object('Service', 'v1', { type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }),
    'healthy',
  ],
  ['an Ingress', object('Ingress', 'networking.k8s.io/v1', {}, { loadBalancer: {} }), 'progressing', 'no address'],
  [
    'an Ingress with an address',
    object('Ingress', 'networking.k8s.io/v1', {}, { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }),
    'healthy',
  ],
  [
    'a definition',
    object(
      'CustomResourceDefinition',
      'apiextensions.k8s.io/v1',
      {},
      { conditions: [condition('NamesAccepted', 'True'), condition('Established', 'True')] },
    ),
    'healthy',
  ],
  [
    'a definition that is not served yet',
    object('CustomResourceDefinition', 'apiextensions.k8s.io/v1', {}),
    'progressing',
  ],
  [
    'a definition with a name that is taken',
    object(
      'CustomResourceDefinition',
      'apiextensions.k8s.io/v1',
      {},
      { conditions: [condition('NamesAccepted', 'False', 'PluralConflict')] },
    ),
    'degraded',
    'PluralConflict',
  ],
  [
    'an API service',
    object('APIService', 'apiregistration.k8s.io/v1', {}, { conditions: [condition('Available', 'True')] }),
    'healthy',
  ],
  [
    'an API service that does not answer',
    object(
      'APIService',
      'apiregistration.k8s.io/v1',
      {},
      { conditions: [condition('Available', 'False', 'MissingEndpoints')] },
    ),
    'progressing',
    'MissingEndpoints',
  ],
  [
    'an autoscaler',
    object('HorizontalPodAutoscaler', 'autoscaling/v2', {}, { conditions: [condition('ScalingActive', 'True')] }),
    'healthy',
  ],
  [
    'an autoscaler without metrics',
    object(
      'HorizontalPodAutoscaler',
      'autoscaling/v2',
      {},
      { conditions: [condition('ScalingActive', 'False', 'FailedGetResourceMetric')] },
    ),
    'progressing',
  ],
  [
    'an autoscaler of what is at zero',
    object(
      'HorizontalPodAutoscaler',
      'autoscaling/v2',
      {},
      { conditions: [condition('ScalingActive', 'False', 'ScalingDisabled')] },
    ),
    'healthy',
  ],
  ['a new autoscaler', object('HorizontalPodAutoscaler', 'autoscaling/v2', {}), 'progressing'],
  [
    'a budget that allows nothing',
    object(
      'PodDisruptionBudget',
      'policy/v1',
      {},
      { observedGeneration: 3, conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')] },
    ),
    'healthy',
  ],
  ['a budget nobody has looked at', object('PodDisruptionBudget', 'policy/v1', {}), 'progressing'],
  [
    'a budget that cannot be reckoned',
    object(
      'PodDisruptionBudget',
      'policy/v1',
      {},
      { observedGeneration: 3, conditions: [condition('DisruptionAllowed', 'False', 'SyncFailed')] },
    ),
    'degraded',
  ],
  [
    'a ReplicaSet',
    object('ReplicaSet', 'apps/v1', { replicas: 1 }, { observedGeneration: 3, replicas: 1, availableReplicas: 1 }),
    'healthy',
  ],
  [
    'a ReplicaSet at zero',
    object('ReplicaSet', 'apps/v1', { replicas: 0 }, { observedGeneration: 3 }),
    'healthy',
    'zero',
  ],
  [
    'a ReplicaSet without pods',
    object('ReplicaSet', 'apps/v1', { replicas: 1 }, { observedGeneration: 3 }),
    'progressing',
    '0 of 1',
  ],
  [
    'a ReplicaSet whose pods are not available',
    object('ReplicaSet', 'apps/v1', { replicas: 1 }, { observedGeneration: 3, replicas: 1 }),
    'progressing',
    '0 of 1 pods are available',
  ],
  ['a namespace', object('Namespace', 'v1', {}, { phase: 'Active' }), 'healthy'],
  ['a namespace that goes', object('Namespace', 'v1', {}, { phase: 'Terminating' }), 'progressing', 'being deleted'],
  ...(['Available', 'Healthy'] as const).map(
    (type): Case => [
      `a kind that sums up in ${type}`,
      object('Thing', 'example.com/v1', {}, { conditions: [condition(type, 'False', 'Later')] }),
      'progressing',
      'Later',
    ],
  ),
  [
    'a definition whose names are fine, and that is not served',
    object(
      'CustomResourceDefinition',
      'apiextensions.k8s.io/v1',
      {},
      { conditions: [condition('NamesAccepted', 'True')] },
    ),
    'progressing',
    'does not serve the new kind yet',
  ],
  [
    'an APIService that does not answer',
    object('APIService', 'apiregistration.k8s.io/v1', {}, { conditions: [condition('Available', 'False', 'Missing')] }),
    'progressing',
    'Missing',
  ],
  [
    'an APIService that was not asked',
    object('APIService', 'apiregistration.k8s.io/v1', {}),
    'progressing',
    'not asked',
  ],
  ...(
    [
      ['Healthy', 'healthy', ''],
      ['Degraded', 'degraded', 'Degraded: aborted'],
      ['Paused', 'suspended', 'Paused: aborted'],
      ['Progressing', 'progressing', 'Progressing: aborted'],
    ] as const
  ).map(
    ([phase, health, reason]): Case => [
      `a Rollout that is ${phase}`,
      object('Rollout', 'argoproj.io/v1alpha1', {}, { observedGeneration: '3', phase, message: 'aborted' }),
      health,
      reason,
    ],
  ),
  ['a Rollout without a phase', object('Rollout', 'argoproj.io/v1alpha1', {}), 'progressing', 'it has no phase yet'],
  ['a ConfigMap', object('ConfigMap', 'v1', {}), 'none'],
  [
    'an Argo Rollout',
    object(
      'Rollout',
      'argoproj.io/v1alpha1',
      {},
      { observedGeneration: '3', phase: 'Paused', message: 'CanaryPauseStep' },
    ),
    'suspended',
    'CanaryPauseStep',
  ],
  [
    'an Argo Rollout of an older generation',
    object('Rollout', 'argoproj.io/v1alpha1', {}, { observedGeneration: '2', phase: 'Healthy' }),
    'progressing',
  ],
];

function custom(conditions: readonly Json[], status: Json = {}, spec: Json = {}): Json {
  return object('Certificate', 'cert-manager.io/v1', spec, { conditions, ...status });
}

const CUSTOM: readonly Case[] = [
  ['that is ready', custom([condition('Ready', 'True')]), 'healthy'],
  [
    'that is not',
    custom([condition('Ready', 'False', 'Issuing', 'order is pending')]),
    'progressing',
    'Issuing: order',
  ],
  [
    'whose condition is of this generation',
    custom([condition('Ready', 'True', '', '', { observedGeneration: 3 })]),
    'healthy',
  ],
  ['that is available', custom([condition('Available', 'True')]), 'healthy'],
  [
    'that is ready, and at work on a newer generation',
    custom([condition('Ready', 'True'), condition('Reconciling', 'True')]),
    'progressing',
  ],
  [
    'that has given up',
    custom([condition('Ready', 'False'), condition('Stalled', 'True', 'InvalidSpec')]),
    'degraded',
    'InvalidSpec',
  ],
  [
    'that was ready at an older generation',
    custom([condition('Ready', 'True')], { observedGeneration: 2 }),
    'progressing',
  ],
  [
    'whose condition is of an older generation',
    custom([condition('Ready', 'True', '', '', { observedGeneration: 2 })]),
    'progressing',
    'older generation',
  ],
  ['without a status', object('ServiceMonitor', 'monitoring.coreos.com/v1', {}), 'none'],
  ['that says nothing of its health', custom([condition('Synced', 'True')]), 'none'],
  ['that is suspended', custom([condition('Ready', 'True')], {}, { suspend: true }), 'suspended'],
];

function expectHealth(_what: string, given: Json, health: ObjectHealth['health'], reason = ''): void {
  const found = objectHealth(given);
  expect(found.health).toBe(health);
  expect(found.reason).toContain(reason);
}

describe('the health of an object', () => {
  it.each(DEPLOYMENTS)('of a Deployment: %s', expectHealth);
  it.each(STATEFUL_SETS)('of a StatefulSet: %s', expectHealth);
  it.each(DAEMON_SETS)('of a DaemonSet: %s', expectHealth);
  it.each(JOBS)('of a Job: %s', expectHealth);
  it.each(PODS)('of a Pod: %s', expectHealth);
  it.each(OTHERS)('of others: %s', expectHealth);
  it.each(CUSTOM)('of a custom resource: %s', expectHealth);
});

describe('what is final, and what was observed', () => {
  const late = (managedFields: readonly Json[]) =>
    objectHealth(
      deployment({ conditions: [{ ...DEADLINE, lastUpdateTime: '2026-11-22T10:00:10Z' }] }, {}, { managedFields }),
    );

  it('takes a deadline, a failed Job and Stalled for final', () => {
    expect(late([]).final).toBe(true);
    expect(objectHealth(job([condition('Failed', 'True')])).final).toBe(true);
    expect(objectHealth(custom([condition('Stalled', 'True')])).final).toBe(true);
    expect(objectHealth(pod({ phase: 'Failed' })).final).toBe(true);
  });

  it('does not take the deadline of an earlier rollout for final, though a change of scale was observed with it', () => {
    const spec = { manager: 'kubectl', time: '2026-11-22T10:00:12Z' };
    expect(late([spec]).final).toBe(false);
    expect(late([{ ...spec, subresource: 'status' }]).final).toBe(true);
    expect(late([{ ...spec, time: '2026-11-22T10:00:01Z' }]).final).toBe(true);
  });

  it('takes nothing else for final', () => {
    const others = [...DEPLOYMENTS, ...STATEFUL_SETS, ...DAEMON_SETS, ...CUSTOM].filter(
      ([, , health]) => health !== 'degraded',
    );
    expect(others.filter(([, given]) => objectHealth(given).final)).toEqual([]);
    expect(objectHealth(job([condition('FailureTarget', 'True')])).final).toBe(false);
  });

  it('tells a status of an older generation apart', () => {
    expect(objectHealth(deployment({ ...FULL, observedGeneration: 2 })).observed).toBe(false);
    expect(objectHealth(custom([condition('Ready', 'True')], { observedGeneration: 2 })).observed).toBe(false);
    const dated = custom([condition('Ready', 'True', '', '', { observedGeneration: 2 })]);
    expect(objectHealth(dated).observed).toBe(false);
    expect(objectHealth(deployment(FULL)).observed).toBe(true);
    expect(objectHealth(job([])).observed).toBe(true);
  });

  it('takes no item of a list for healthy that does not say what it is', () => {
    const { kind: _, apiVersion: __, ...item } = deployment({ ...FULL, conditions: [condition('Available', 'True')] });
    expect(objectHealth(item)).toMatchObject({ health: 'progressing', observed: false });
    expect(objectHealth({ ...item, kind: 'Deployment' })).toMatchObject({ health: 'progressing', observed: false });
    expect(objectHealth({ ...item, apiVersion: 'apps/v1' })).toMatchObject({ health: 'progressing', observed: false });
  });

  it('makes something of any nonsense', () => {
    for (const nonsense of [{}, { kind: 'Deployment' }, { status: { conditions: 'no' } }, { spec: [], status: 7 }]) {
      expect(typeof objectHealth(nonsense).health).toBe('string');
    }
  });
});
