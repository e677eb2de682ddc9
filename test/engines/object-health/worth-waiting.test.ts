import { expect, it } from '@jest/globals';
import { isWorthWaitingFor } from '../../../src/engines/object-health/worth-waiting.ts';

it.each([
  ['apps/v1', 'Deployment', true],
  ['apps/v1', 'StatefulSet', true],
  ['apps/v1', 'DaemonSet', true],
  ['apps/v1', 'ReplicaSet', true],
  ['batch/v1', 'Job', true],
  ['batch/v1', 'CronJob', true],
  ['v1', 'Pod', true],
  ['v1', 'ReplicationController', true],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', true],
  ['apiregistration.k8s.io/v1', 'APIService', true],
  ['v1', 'ConfigMap', false],
  ['v1', 'Secret', false],
  ['v1', 'Deployment', false],
  ['networking.k8s.io/v1', 'Ingress', false],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', false],
  ['rbac.authorization.k8s.io/v1', 'Role', false],
  ['example.com/v1', 'Anything', true],
  ['kustomize.config.k8s.io/v1beta1', 'Kustomization', false],
  [undefined, 'Nonsense', false],
])('%s %s: %s', (apiVersion, kind, worth) => {
  expect(isWorthWaitingFor({ apiVersion, kind })).toBe(worth);
});

it('waits for a Service only where it asks for a load balancer', () => {
  const service = (type?: string) => isWorthWaitingFor({ apiVersion: 'v1', kind: 'Service', spec: { type } });
  expect([service('LoadBalancer'), service('ClusterIP'), service()]).toEqual([true, false, false]);
});
