import { describe, expect, it } from '@jest/globals';
import { checkExample } from '../support/rule-example.ts';

const deployment = (container: string, pod = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      ${pod}\n      containers: [{name: c, ${container}}]\n`;

function found(rule: string, text: string): readonly string[] {
  const { findings } = checkExample({ 'd.yaml': text }, { enableRules: [`practice/${rule}`] });
  return findings.map(({ message }) => message);
}

const CONTAINER = 'spec.template.spec.containers[0]';

describe('practices', () => {
  it.each([
    ['probes', 'image: a:1', '', `${CONTAINER} has no readinessProbe and no livenessProbe.`],
    ['probes', 'image: a:1, livenessProbe: {exec: {command: [a]}}', '', `${CONTAINER} has no readinessProbe.`],
    ['resources', 'image: a:1', '', `${CONTAINER} has no requests.cpu, no requests.memory, no limits.memory.`],
    ['resources', 'image: a:1, resources: {limits: {memory: 1Gi}}', '', `${CONTAINER} has no requests.cpu.`],
    ['image-tag', 'image: "registry:5000/a"', '', `${CONTAINER}.image has no tag, which means latest.`],
    [
      'host-namespaces',
      'image: a:1',
      'hostPID: true',
      'spec.template.spec.hostPID opens a namespace of the node to the pod.',
    ],
    ['root', 'image: a:1', '', `${CONTAINER} may run as root.`],
    [
      'root',
      'image: a:1, securityContext: {runAsUser: 0}',
      'securityContext: {runAsNonRoot: true}',
      `${CONTAINER}.securityContext.runAsUser is 0, which is root.`,
    ],
    [
      'root',
      'image: a:1',
      'securityContext: {runAsUser: 0}',
      'spec.template.spec.securityContext.runAsUser is 0, which is root.',
    ],
    [
      'privileged',
      'image: a:1, securityContext: {privileged: true}',
      '',
      `${CONTAINER}.securityContext.privileged gives the container all that the node may do.`,
    ],
  ])('%s: %s %s', (rule, container, pod, message) => {
    expect(found(rule, deployment(container, pod))).toEqual([message]);
  });

  it.each([
    ['resources', 'image: a:1, resources: {limits: {memory: 1Gi, cpu: 1}}', ''],
    ['image-tag', 'image: "registry:5000/a:1"', ''],
    ['image-tag', 'image: "a@sha256:abc"', ''],
    ['image-tag', 'image: "${IMAGE}"', ''],
    ['root', 'image: a:1, securityContext: {runAsUser: 1000}', ''],
    ['root', 'image: a:1', 'securityContext: {runAsNonRoot: true}'],
  ])('%s: %s %s is fine', (rule, container, pod) => {
    expect(found(rule, deployment(container, pod))).toEqual([]);
  });

  it('asks nothing of objects that an overlay completes', () => {
    const files = {
      'd.yaml': deployment('image: a'),
      'kustomization.yaml': 'resources: [d.yaml]\npatches: [{target: {kind: Deployment}, patch: "[]"}]\n',
    };
    expect(checkExample(files, { enableRules: ['practice'] }).findings).toEqual([]);
  });
});
