import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import {
  containerImages,
  imageDifferences,
  podsOf,
  podsOfTemplate,
  podTemplateOf,
} from '../../../src/engines/object-health/pod-template.ts';
import { matches, printSelector } from '../../../src/engines/object-health/selector.ts';

function container(image: string, more: Json = {}): Json {
  return { name: 'web', image, ...more };
}

function deployment(containers: readonly Json[], metadata: Json = { labels: { app: 'web' } }): Json {
  const selector = { matchLabels: { app: 'web' } };
  return {
    kind: 'Deployment',
    metadata: { name: 'web', uid: '1' },
    spec: { selector, template: { metadata, spec: { containers } } },
  };
}

function pod(name: string, containers: readonly Json[], metadata: Json = {}): Json {
  const ownerReferences = [{ kind: 'ReplicaSet', name: 'web-5d', uid: '2' }];
  return {
    kind: 'Pod',
    metadata: { name, labels: { app: 'web' }, ownerReferences, ...metadata },
    spec: { containers },
  };
}

function names(pods: readonly Json[]): readonly unknown[] {
  return pods.map(({ metadata }) => (metadata as Json).name);
}

describe('the pods of a workload', () => {
  it('are those of its ReplicaSets that its selector takes', () => {
    const other = pod('c', [], { ownerReferences: [{ kind: 'ReplicaSet', name: 'api-5d' }] });
    const loose = pod('d', [], { ownerReferences: [] });
    const strange = pod('e', [], { labels: { app: 'api' } });
    expect(names(podsOf(deployment([]), [pod('a', []), other, loose, strange]))).toEqual(['a']);
  });

  it('are those it owns itself, of all other kinds', () => {
    const job = { kind: 'Job', metadata: { name: 'web', uid: '2' } };
    expect(names(podsOf(job, [pod('a', []), pod('b', [], { ownerReferences: [{ uid: '3' }] })]))).toEqual(['a']);
  });

  it('are told apart by what they were made from', () => {
    const old = pod('old', [container('web:1', { env: [{ name: 'A', value: '1' }] })]);
    const young = pod('young', [
      container('web:1', { env: [{ name: 'A', value: '2' }] }),
      { name: 'mesh', image: 'mesh:1' },
    ]);
    const before = pod('before', [container('web:0', { env: [{ name: 'A', value: '2' }] })]);
    const now = deployment([container('web:1', { env: [{ name: 'A', value: '2' }] })]);
    expect(names(podsOfTemplate(now, [old, young, before]))).toEqual(['young']);
  });

  it('are told apart by every container', () => {
    const args = (value: string) => [container('web:1'), { name: 'mesh', image: 'mesh:1', args: [value] }];
    const all = [pod('old', args('1')), pod('young', args('2'))];
    expect(names(podsOfTemplate(deployment(args('2')), all))).toEqual(['young']);
  });

  it.each([
    ['command', ['a'], ['b']],
    ['args', ['a'], ['b']],
    ['env', [{ name: 'A', value: '1' }], [{ name: 'A', value: '2' }]],
    ['envFrom', [{ configMapRef: { name: 'a' } }], [{ configMapRef: { name: 'b' } }]],
    ['ports', [{ containerPort: 80 }], [{ containerPort: 81 }]],
    ['resources', { limits: { cpu: '1' } }, { limits: { cpu: '2' } }],
  ])('are told apart by their %s', (field, before, after) => {
    const [old, young] = [before, after].map((value) => [container('web:1', { [field]: value })]);
    const all = [pod('old', old ?? []), pod('young', young ?? [])];
    expect(names(podsOfTemplate(deployment(young ?? []), all))).toEqual(['young']);
  });

  it('are all of them where a template is never changed', () => {
    const all = [pod('a', [container('web:1')]), pod('b', [container('web:2')])];
    expect(names(podsOfTemplate({ ...deployment([container('web:2')]), kind: 'Job' }, all))).toEqual(['a', 'b']);
    expect(names(podsOfTemplate(pod('b', [container('web:2')]), all))).toEqual(['a', 'b']);
  });

  it('are those of which any owner is the workload', () => {
    const job = { kind: 'Job', metadata: { name: 'web', uid: '2' } };
    const shared = pod('a', [], { ownerReferences: [{ uid: '3' }, { uid: '2' }] });
    expect(names(podsOf(job, [shared]))).toEqual(['a']);
  });

  it('are told apart by the annotation with which a restart is asked for', () => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-22T10:00:00Z' };
    const now = deployment([container('web:1')], { labels: { app: 'web' }, annotations });
    const young = pod('young', [container('web:1')], { annotations: { ...annotations, more: 'x' } });
    expect(names(podsOfTemplate(now, [pod('old', [container('web:1')]), young]))).toEqual(['young']);
  });

  it('are told apart by their images alone where admission has changed them all', () => {
    const changed = pod('a', [container('web:1', { env: [{ name: 'INJECTED', value: 'x' }] })]);
    expect(names(podsOfTemplate(deployment([container('web:1')]), [changed, pod('b', [container('web:0')])]))).toEqual([
      'a',
    ]);
  });

  it('of a StatefulSet bear the name of their revision', () => {
    const set = { kind: 'StatefulSet', metadata: {}, status: { updateRevision: 'web-2' } };
    const labelled = (name: string, hash: string) => pod(name, [], { labels: { 'controller-revision-hash': hash } });
    expect(names(podsOfTemplate(set, [labelled('a', 'web-1'), labelled('b', 'web-2')]))).toEqual(['b']);
  });
});

describe('images', () => {
  it('are found in every kind that runs pods', () => {
    const spec = { containers: [container('web:1')], initContainers: [{ name: 'init', image: 'init:1' }] };
    const all = { web: 'web:1', init: 'init:1' };
    expect(containerImages(podTemplateOf({ kind: 'Pod', spec }))).toEqual(all);
    expect(containerImages(podTemplateOf({ kind: 'Job', spec: { template: { spec } } }))).toEqual(all);
    const jobTemplate = { spec: { template: { spec } } };
    expect(containerImages(podTemplateOf({ kind: 'CronJob', spec: { jobTemplate } }))).toEqual(all);
    expect(podTemplateOf({ kind: 'ConfigMap' })).toBeUndefined();
  });

  it('may be more than what is wanted, not less and not others', () => {
    expect(imageDifferences({ web: 'web:1' }, { web: 'web:1', mesh: 'mesh:1' })).toEqual([]);
    expect(imageDifferences({ web: 'web:1', init: 'init:1' }, { web: 'web:0' })).toEqual([
      'container web has web:0, and web:1 is wanted',
      'container init has no image, and init:1 is wanted',
    ]);
  });
});

describe('label selectors', () => {
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
      { key: 'track', operator: 'NotIn', values: ['canary'] },
      { key: 'team', operator: 'Exists' },
    ],
  };

  it.each([
    [{ app: 'web', tier: 'b', team: 'x' }, true],
    [{ app: 'web', tier: 'c', team: 'x' }, false],
    [{ app: 'web', tier: 'a', team: 'x', old: '1' }, false],
    [{ app: 'web', tier: 'a', team: 'x', track: 'canary' }, false],
    [{ app: 'web', tier: 'a' }, false],
    [{ app: 'api', tier: 'a', team: 'x' }, false],
  ])('take %j: %s', (labels, expected) => expect(matches(selector, labels)).toBe(expected));

  it('are written as a query', () => {
    expect(printSelector(selector)).toBe('app=web,tier in (a,b),!old,track notin (canary),team');
    expect(printSelector({})).toBeUndefined();
    expect(matches({}, { app: 'web' })).toBe(false);
    expect(matches({ matchLabels: { app: 'web', tier: 'a' } }, { app: 'web', tier: 'b' })).toBe(false);
    expect(matches({ matchExpressions: [{ key: 'a', operator: 'Strange' }] }, {})).toBe(false);
  });
});
