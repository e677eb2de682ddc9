import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { interpret, type Sight } from '../../../src/engines/kubernetes/interpret.ts';
import { memory } from '../../../src/engines/kubernetes/memory.ts';
import { ToolError } from '../../../src/errors.ts';
import { WANTED } from '../../support/kube-replay.ts';

const NOW = Date.parse('2026-11-22T10:01:00Z');
const TARGET = { name: 'StatefulSet/shop/web', kind: 'StatefulSet', namespace: 'shop' };

function statefulSet(spec: Json = {}, status: Json = {}): Json {
  const template = { spec: { containers: [{ name: 'web', image: 'web:2' }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace: 'shop', uid: 's', generation: 3 },
    spec: { replicas: 1, template, ...spec },
    status: { observedGeneration: 3, replicas: 1, currentRevision: 'web-1', updateRevision: 'web-3', ...status },
  };
}

function podOf(revision: string, container: Json, metadata: Json = {}): Json {
  return {
    kind: 'Pod',
    metadata: {
      name: 'web-0',
      creationTimestamp: '2026-11-22T10:00:00Z',
      labels: { 'controller-revision-hash': revision },
      ownerReferences: [{ uid: 's' }],
      ...metadata,
    },
    status: { phase: 'Pending', containerStatuses: [{ name: 'web', ...container }] },
  };
}

const UNPULLED = { state: { waiting: { reason: 'ImagePullBackOff' } } };

function see(changes: Partial<Sight>) {
  const times = { now: 100, via: 'stream', serverNow: NOW } as const;
  return interpret({ target: TARGET, object: statefulSet(), pods: [], ...times, wanted: WANTED, ...changes });
}

describe('a StatefulSet', () => {
  const broken = [podOf('web-2', UNPULLED)];

  it('is blocked by a broken pod of an older revision, also when the repair is the revision before', () => {
    expect(see({ pods: broken })).toMatchObject({
      state: 'blocked',
      reasons: [expect.stringContaining('delete the pod web-0'), expect.anything(), expect.anything()],
    });
    expect(see({ pods: broken, object: statefulSet({}, { currentRevision: 'web-3' }) }).state).toBe('blocked');
  });

  it.each([
    ['its pods are replaced all at once', { object: statefulSet({ podManagementPolicy: 'Parallel' }) }],
    ['somebody deletes its pods', { object: statefulSet({ updateStrategy: { type: 'OnDelete' } }) }],
    ['the pod has not been broken for long', { serverNow: NOW - 45_000 }],
    ['the time at the server is not known', { serverNow: undefined }],
    ['the pod is about to go', { pods: [podOf('web-2', UNPULLED, { deletionTimestamp: '2026-11-22T10:00:30Z' })] }],
    ['the pod is of the new revision', { pods: [podOf('web-3', UNPULLED)] }],
    ['the pod only starts', { pods: [podOf('web-2', { state: { waiting: { reason: 'ContainerCreating' } } })] }],
  ])('is not where %s', (_, changes) => expect(see({ pods: broken, ...changes }).state).not.toBe('blocked'));
});

describe('a Job', () => {
  const job = (status: Json = {}): Json => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'web', namespace: 'shop', uid: 's' },
    spec: {},
    status,
  });

  it('counts the crashes of its pods itself, but not images that cannot be pulled', () => {
    const crash = { restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } };
    expect(see({ object: job(), pods: [podOf('', crash)] }).state).toBe('progressing');
    expect(see({ object: job(), pods: [podOf('', UNPULLED)] })).toMatchObject({ state: 'degraded', final: false });
  });

  it('that has failed is final, and attributed', () => {
    const conditions = [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }];
    expect(see({ object: job({ conditions }) })).toMatchObject({
      final: true,
      attempt: { revision: WANTED.revision, outcome: 'failed', reason: 'BackoffLimitExceeded' },
    });
  });
});

it('believes no status of an older generation', () => {
  const full = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, currentRevision: 'web-3' };
  expect(see({ object: statefulSet({}, full) })).toMatchObject({ state: 'healthy', trusted: true });
  const older = see({ object: statefulSet({}, { ...full, observedGeneration: 2 }) });
  expect(older).toMatchObject({ state: 'progressing', trusted: false, seenRevision: WANTED.revision });
  expect(older.appliedRevision).toBeUndefined();
});

describe('pods in trouble', () => {
  it('are shown as resources: those that only have to wait as such', () => {
    const shown = (container: Json) =>
      see({ pods: [podOf('web-3', container)] }).resources.map(({ name, health }) => [name, health]);
    expect(shown(UNPULLED)).toEqual([['web-0', 'Degraded']]);
    const lastState = { terminated: { exitCode: 1 } };
    const again = {
      restartCount: 1,
      ready: true,
      lastState,
      state: { running: { startedAt: '2026-11-22T10:00:55Z' } },
    };
    expect(shown(again)).toEqual([['web-0', 'Progressing']]);
    expect(see({ pods: [podOf('web-3', again)] }).state).toBe('progressing');
    expect(shown({ ready: true, state: { running: {} } })).toEqual([]);
  });
});

describe('a server that does not answer', () => {
  const failing = (code: 'temporary' | 'denied', ...times: readonly number[]) => {
    const known = memory({ wanted: WANTED, applied: new Map() });
    const error = new ToolError(code, 'no answer', { hint: 'Look at it.' });
    return times.flatMap((at) => known.seeObjects([TARGET], { kind: 'failed', error }, at));
  };

  it('is given up on after two minutes', () => {
    // Until then it is told why nothing was read, once.
    expect(failing('temporary', 0, 119_999)).toMatchObject([{ state: 'unreachable', final: false }]);
    expect(failing('temporary', 0, 120_000)).toMatchObject([
      { final: false },
      { state: 'unreachable', problem: 'temporary', reasons: ['no answer', 'Look at it.'] },
    ]);
  });

  it('and one that refuses at once', () => expect(failing('denied', 0)).toMatchObject([{ problem: 'denied' }]));
});

describe('what is seen in a row', () => {
  const object = statefulSet({}, { updatedReplicas: 1, readyReplicas: 1, currentRevision: 'web-3' });
  const reading = { kind: 'forbidden', status: 403, message: 'no' } as const;

  it('is told at the end of a list, and not again at the end of one without the object in it', () => {
    const known = memory({ wanted: WANTED, applied: new Map() });
    known.seePods('shop', { kind: 'refused', reading }, 0);
    const tell = (at: number, ...given: Parameters<typeof known.seeObjects>[1][]) =>
      given.flatMap((sighting) => known.seeObjects([TARGET], sighting, at)).map(({ at: when, state }) => [when, state]);
    const read = { kind: 'object', via: 'read', object } as const;
    expect(tell(10, read)).toEqual([]);
    expect(tell(11, { kind: 'listed', serverNow: NOW })).toEqual([[11, 'healthy']]);
    expect(tell(20, { kind: 'listed', serverNow: NOW })).toEqual([]);
    expect(tell(30, { ...read, via: 'stream' })).toEqual([[30, 'healthy']]);
  });

  it('counts from when its pods bring the good news, and lasts for as long as it is read with them', () => {
    const known = memory({ wanted: WANTED, applied: new Map() });
    const crash = podOf('web-3', { restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } });
    const fine = podOf('web-3', { restartCount: 2, ready: true, state: { running: {} } });
    known.seeObjects([TARGET], { kind: 'object', via: 'stream', object }, 5);
    const pods = (at: number, sighting: Parameters<typeof known.seePods>[1]) =>
      known.seePods('shop', sighting, at).map(({ at: when, state }) => [when, state]);
    expect(pods(10, { kind: 'listed' })).toEqual([[10, 'healthy']]);
    expect(known.seeObjects([TARGET], { kind: 'object', via: 'stream', object }, 15)).toEqual([]);
    expect(pods(18, { kind: 'listed' })).toEqual([[15, 'healthy']]);
    expect(pods(20, { kind: 'object', via: 'stream', object: crash })).toEqual([[20, 'degraded']]);
    expect(pods(30, { kind: 'object', via: 'stream', object: fine })).toEqual([[30, 'healthy']]);
  });
});
