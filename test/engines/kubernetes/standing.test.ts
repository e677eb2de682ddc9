import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { interpret, isTold, type Sight } from '../../../src/engines/kubernetes/interpret.ts';

const NOW = Date.parse('2026-11-22T10:01:00Z');
const TARGET = { name: 'Deployment/shop/web', kind: 'Deployment', namespace: 'shop' };
const FULL = { observedGeneration: 3, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
const WANTED = { revision: 'r', images: [] };

function deployment(status: Json = FULL, more: Json = {}): Json {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'd', generation: 3 },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'registry.example/web:2' }] } },
    },
    status,
    ...more,
  };
}

function podOf(name: string, container: Json, status: Json = {}): Json {
  return {
    kind: 'Pod',
    metadata: { name, labels: { app: 'web' }, ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }] },
    spec: { containers: [{ name: 'web', image: 'registry.example/web:2' }] },
    status: { phase: 'Pending', containerStatuses: [{ name: 'web', ...container }], ...status },
  };
}

function see(changes: Partial<Sight> = {}) {
  const times = { now: 200, via: 'stream', serverNow: NOW } as const;
  return interpret({ target: TARGET, object: deployment(), pods: [], ...times, wanted: WANTED, ...changes });
}

describe('how a target stands', () => {
  it('is told as of now', () => {
    expect(see()).toMatchObject({ state: 'healthy', at: 200, reasons: [], final: false, trusted: true });
    expect(see({ object: deployment({ observedGeneration: 3 }) })).toMatchObject({ state: 'progressing', at: 200 });
  });

  it('has lasted by the clock of the server, and only while it is healthy', () => {
    const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: '2026-11-22T10:00:00Z' }];
    const pods = [podOf('a', { ready: true }, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })];
    expect(see({ object: deployment({ ...FULL, conditions }), pods }).lasting).toBe(60_000);
    expect(see({ object: deployment({ ...FULL, conditions, updatedReplicas: 0 }), pods }).lasting).toBe(0);
    expect(see({ object: deployment({ ...FULL, conditions }), pods, serverNow: undefined }).lasting).toBe(0);
    expect(see({ object: deployment(), pods }).lasting).toBe(0);
  });

  it('has not lasted for as long as is told where a pod of it is not heard of to be there and ready', () => {
    const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: '2026-11-22T10:00:00Z' }];
    const object = deployment({ ...FULL, conditions });
    const lasting = (status: Json) => see({ object, pods: [podOf('a', { ready: true }, status)] }).lasting;
    expect(lasting({ phase: 'Running' })).toBe(0);
    expect(lasting({ phase: 'Failed' })).toBe(60_000);
    expect(lasting({ phase: 'Succeeded' })).toBe(60_000);
    expect(see({ object, pods: [] }).lasting).toBe(0);
    const well = podOf('b', { ready: true }, { phase: 'Succeeded' });
    expect(see({ object, pods: [well, podOf('a', { ready: true }, { phase: 'Running' })] }).lasting).toBe(0);
    expect(see({ object, pods: 'unreadable' }).lasting).toBe(60_000);
  });

  it('is not known before its pods were looked at, which only matters to what looks healthy', () => {
    expect(see({ pods: 'unknown' })).toMatchObject({
      state: 'progressing',
      reasons: ['its pods have not been looked at yet'],
    });
    expect(see({ pods: 'unreadable' }).state).toBe('healthy');
    const [reason] = see({ pods: 'unknown', object: deployment({ observedGeneration: 3 }) }).reasons;
    expect(reason).toBe('0 of 1 pods are of the new template');
  });

  it('is not told by a status of an older generation, and not by pods either', () => {
    const older = deployment({ ...FULL, observedGeneration: 2 });
    const broken = podOf('a', { state: { waiting: { reason: 'ImagePullBackOff' } } });
    expect(see({ object: older, pods: [broken] })).toMatchObject({ state: 'progressing', trusted: false });
  });

  it('is lost with its deadline, with what its pods say beside it', () => {
    const condition = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
    const object = deployment({ observedGeneration: 3, conditions: [condition] });
    const pods = [podOf('a', { state: { waiting: { reason: 'ErrImagePull' } } })];
    expect(see({ object, pods })).toMatchObject({
      state: 'degraded',
      final: true,
      attempt: { revision: 'r', outcome: 'failed' },
      reasons: [expect.stringContaining('ProgressDeadlineExceeded'), 'pod a, container web: ErrImagePull'],
    });
  });

  it('is another revision, named by generation and images, while what is asked for is on its way', () => {
    const wanted = { revision: 'r', images: ['registry.example/web:3', 'registry.example/other:1'] };
    expect(see({ wanted })).toMatchObject({
      state: 'pending',
      trusted: true,
      seenRevision: 'generation 3 (registry.example/web:2)',
      images: ['registry.example/web:2'],
    });
    expect(see({ wanted }).appliedRevision).toBeUndefined();
    expect(see({ wanted: { revision: 'r', images: ['registry.example/web:2'] } }).appliedRevision).toBe('r');
  });

  it('is well where its kind tells nothing of its health', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop' } };
    expect(see({ object, pods: 'unknown' })).toMatchObject({ state: 'healthy', trusted: true, reasons: [] });
  });

  it('is blocked where the object is not what the file says', () => {
    expect(see({ applied: { web: 'registry.example/web:3' } })).toMatchObject({
      state: 'blocked',
      reasons: [expect.stringContaining('not what the file says'), expect.stringContaining('registry.example/web:3')],
    });
    expect(see({ applied: { web: 'registry.example/web:2' } }).state).toBe('healthy');
  });

  it('is another one too where it no longer is what it was at first', () => {
    expect(see({ first: { web: 'registry.example/web:1' } }).state).toBe('pending');
    expect(see({ first: { web: 'registry.example/web:2' } }).state).toBe('healthy');
  });
});

describe('whether somebody tells what is wanted', () => {
  const live = { web: 'registry.example/web:2', side: 'registry.example/side:1' };
  it.each([
    ['a file', { applied: {}, wanted: WANTED }, true],
    ['an image of one of its containers', { wanted: { revision: 'r', images: ['registry.example/web:3'] } }, true],
    ['images of others alone', { wanted: { revision: 'r', images: ['registry.example/other:3'] } }, false],
    ['nothing', { wanted: WANTED }, false],
  ])('%s', (_, given, told) => {
    expect(isTold({ applied: undefined, ...given }, live)).toBe(told);
  });
});

describe('the pods of a rollout', () => {
  const progressing = deployment({ observedGeneration: 3 });
  const waiting = (reason: string) => ({ state: { waiting: { reason } } });
  const noNode = {
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room' }],
    containerStatuses: [],
  };

  it('are told of with what does not pass by itself first', () => {
    const pods = [
      podOf('a', {}, noNode),
      podOf('b', waiting('CreateContainerError')),
      podOf('c', waiting('ErrImagePull')),
      podOf('d', waiting('CrashLoopBackOff')),
    ];
    const { reasons, state } = see({ object: progressing, pods });
    expect(state).toBe('degraded');
    expect(reasons.slice(0, 4).map((reason) => /^pod (\w)/.exec(reason)?.[1])).toEqual(['d', 'c', 'b', 'a']);
    expect(reasons.at(-1)).toBe('0 of 1 pods are of the new template');
  });

  it('only wait where there is no node for them, and those that have failed are replaced', () => {
    expect(see({ object: progressing, pods: [podOf('a', {}, noNode)] })).toMatchObject({
      state: 'progressing',
      resources: [{ kind: 'Pod', namespace: 'shop', name: 'a', health: 'Progressing' }],
    });
    expect(see({ pods: [podOf('a', {}, { phase: 'Failed' })] })).toMatchObject({ state: 'healthy', resources: [] });
  });

  it('have failed where the workload says so itself, though their own trouble may pass', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }];
    const object = deployment({ observedGeneration: 3, conditions });
    expect(see({ object, pods: [podOf('a', {}, noNode)] })).toMatchObject({
      state: 'degraded',
      trusted: true,
      reasons: ['pod a finds no node: no room', 'FailedCreate'],
    });
  });

  it('of a Job are its own affair while it counts them, but for what no further try can bring', () => {
    const job = { ...deployment({}, { kind: 'Job', apiVersion: 'batch/v1' }) };
    const own = (container: Json) => ({
      ...podOf('a', container),
      metadata: { name: 'a', ownerReferences: [{ uid: 'd' }] },
    });
    const lastState = { terminated: { exitCode: 1 } };
    const again = {
      restartCount: 1,
      ready: true,
      lastState,
      state: { running: { startedAt: '2026-11-22T10:00:55Z' } },
    };
    for (const container of [waiting('CrashLoopBackOff'), again])
      expect(see({ object: job, pods: [own(container)] })).toMatchObject({ state: 'progressing', resources: [] });
    expect(see({ object: job, pods: [own(waiting('ErrImagePull'))] }).state).toBe('degraded');
  });

  it('do not speak for a rollout that somebody has paused', () => {
    const { spec } = deployment();
    const object = deployment({ observedGeneration: 3 }, { spec: { ...(spec as Json), paused: true } });
    expect(see({ object, pods: [podOf('a', waiting('ErrImagePull'))] }).state).toBe('suspended');
  });

  it('are news when one of them has started again', () => {
    const runs = (restartCount: number) => podOf('a', { restartCount, ready: true, state: { running: {} } });
    const [none, one, other] = [[runs(0)], [runs(1)], [runs(1)]].map((pods) => see({ pods }).fingerprint);
    expect(none).not.toBe(one);
    expect(one).toBe(other);
    const two = (counts: readonly number[]) => see({ pods: counts.map(runs) }).fingerprint;
    expect(two([1, 2])).toBe(two([2, 1]));
    expect(two([1, 2])).not.toBe(two([1, 1]));
  });
});

describe('what replaces no pod because of another template', () => {
  const status = { observedGeneration: 3, replicas: 2, availableReplicas: 2 };
  const object = (kind: string, apiVersion = 'apps/v1') => deployment(status, { kind, apiVersion });
  const owned = (name: string, image: string, more: Json = {}): Json => ({
    kind: 'Pod',
    metadata: { name, ownerReferences: [{ uid: 'd' }], labels: { app: 'web' }, ...more },
    spec: { containers: [{ name: 'web', image }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const replicas = (kind: string, apiVersion?: string) => {
    const given = object(kind, apiVersion);
    return { ...given, spec: { ...(given.spec as Json), replicas: 2 } };
  };

  it.each([
    ['ReplicaSet', 'apps/v1'],
    ['ReplicationController', 'v1'],
  ])('a %s is suspended while pods of it keep the older one', (kind, apiVersion) => {
    const older = owned('a', 'registry.example/web:1');
    const newer = owned('b', 'registry.example/web:2');
    const leaving = owned('c', 'registry.example/web:1', { deletionTimestamp: '2026-11-22T10:00:00Z' });
    expect(see({ object: replicas(kind, apiVersion), pods: [older, newer] })).toMatchObject({
      state: 'suspended',
      reasons: ['1 pods keep the older template until somebody deletes them'],
    });
    expect(see({ object: replicas(kind, apiVersion), pods: [leaving, newer, { ...newer }] }).state).toBe('healthy');
  });
});

describe('a container that ends again and again', () => {
  const progressing = deployment({ observedGeneration: 3 });
  const crash = podOf('a', { state: { waiting: { reason: 'CrashLoopBackOff' } } });

  it('is one failure, for as long as it has gone on', () => {
    expect(see({ object: progressing, pods: [crash], endingFor: 40_000 })).toMatchObject({
      state: 'degraded',
      lasting: 40_000,
      final: false,
      attempt: { revision: 'r', outcome: 'running', reason: 'pod a, container web: CrashLoopBackOff, 0 restarts' },
    });
  });

  it('is what it is at the moment, where it did so once or is well by now', () => {
    expect(see({ object: progressing, pods: [crash] })).toMatchObject({ state: 'degraded', lasting: 0 });
    expect(see({ object: progressing, pods: [crash] }).attempt).toBeUndefined();
    const well = see({ pods: [podOf('a', { ready: true }, { phase: 'Running' })], endingFor: 40_000 });
    expect(well).toMatchObject({ state: 'healthy', lasting: 0 });
    expect(well.attempt).toBeUndefined();
  });
});

describe('a StatefulSet that a broken pod stands in the way of', () => {
  const object: Json = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace: 'shop', uid: 's', generation: 1 },
    spec: { replicas: 1 },
    status: { observedGeneration: 1, updateRevision: 'web-3' },
  };
  const stuck = (since: string, conditions: readonly Json[] = []): Json => ({
    kind: 'Pod',
    metadata: {
      name: 'web-0',
      creationTimestamp: since,
      labels: { 'controller-revision-hash': 'web-2' },
      ownerReferences: [{ uid: 's' }],
    },
    status: { conditions, containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ErrImagePull' } } }] },
  });

  it('is told of after twenty seconds, counted from when the pod was last ready', () => {
    expect(see({ object, pods: [stuck('2026-11-22T10:00:40Z')] }).state).toBe('blocked');
    expect(see({ object, pods: [stuck('2026-11-22T10:00:41Z')] }).state).toBe('progressing');
    const since = { type: 'Ready', status: 'False', lastTransitionTime: '2026-11-22T10:00:59Z' };
    expect(see({ object, pods: [stuck('2026-11-22T09:00:00Z', [since])] }).state).not.toBe('blocked');
  });
});
