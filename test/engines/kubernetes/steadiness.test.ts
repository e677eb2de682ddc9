import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { kubernetesEngine } from '../../../src/engines/kubernetes/index.ts';
import { memory } from '../../../src/engines/kubernetes/memory.ts';
import { watch } from '../../../src/engines/watch.ts';
import { DEFAULTS, WANTED } from '../../support/kube-replay.ts';
import { type Deed, memoryCluster } from '../../support/memory-cluster.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const TARGET = { name: 'Deployment/shop/web', kind: 'Deployment', namespace: 'shop' };
const BEGIN = Date.parse('2026-11-22T10:00:00Z');
const at = (seconds: number) => new Date(BEGIN + seconds * 1_000).toISOString();

function deployment(available = 1, more: Json = {}): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'd', generation: 1, ...more },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: available },
  };
}

interface PodShape {
  readonly name?: string;
  readonly restarts?: number;
  /** Seconds at which it was started; undefined: it waits in a crash loop. */
  readonly since?: number | undefined;
}

function pod({ name = 'web-5d-1', restarts = 0, since }: PodShape): Json {
  const ready = since !== undefined;
  const state = ready ? { running: { startedAt: at(since) } } : { waiting: { reason: 'CrashLoopBackOff' } };
  const lastState = restarts === 0 ? {} : { terminated: { exitCode: 1, reason: 'Error' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      labels: { app: 'web' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d' }],
    },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: at(since ?? 0) }],
      containerStatuses: [{ name: 'web', ready, restartCount: restarts, state, lastState }],
    },
  };
}

/** Waits on a script of seconds; `lists`: watches bring nothing. */
async function waitOn(
  script: readonly (readonly [number, Json])[],
  { lists = false, stableFor = 10, timeout = 300 } = {},
) {
  const clock = virtualClock(BEGIN);
  const deeds = script.map(([seconds, object]): Deed => ({ at: seconds * 1_000, object }));
  const cluster = memoryCluster(clock, { deeds });
  const host = { clock, random: () => 0.5, signal: new AbortController().signal };
  const refused = { kind: 'forbidden', status: 403, message: 'no watch' } as const;
  const silent = lists ? { ...cluster, watch: async () => refused } : cluster;
  const engine = kubernetesEngine(silent, {}, host);
  const [outcome] = await clock.run(
    watch({
      engine,
      targets: [engine.parseTarget('Deployment/web')],
      wanted: WANTED,
      options: { ...DEFAULTS, stableFor: stableFor * 1_000 },
      timeout: timeout * 1_000,
      refresh: true,
      relation: async () => 'lacks',
      progress: () => undefined,
      host,
    }),
  );
  return [outcome?.verdict.kind, Math.round(outcome?.seconds ?? 0), outcome?.verdict.reasons[0]] as const;
}

/** Up and down again, over and over. */
function flapping(up: number, down: number, times: number): readonly (readonly [number, Json])[] {
  const turns = Array.from({ length: times }, (_, turn) => turn);
  return turns.flatMap((turn) => {
    const begin = turn * (up + down);
    return [
      [begin, pod({ restarts: turn, since: begin })],
      [begin, deployment(1)],
      [begin + up, pod({ restarts: turn })],
      [begin + up, deployment(0)],
    ] as const;
  });
}

describe('a pod that is well for a moment between its ends', () => {
  it.each([
    [2, 4, 10],
    [12, 5, 30],
    [25, 20, 60],
    [25, 5, 60],
  ])('ends the wait as failed: up for %s s, down for %s s, stable for %s s', async (up, down, stableFor) => {
    const [kind, seconds, reason] = await waitOn(flapping(up, down, 20), { stableFor });
    expect([kind, reason]).toEqual([
      'failed',
      expect.stringMatching(/^pod web-5d-1, container web: (CrashLoopBackOff|it ended with exit code 1)/),
    ]);
    expect(seconds).toBeLessThan(30 + 3 * (up + down));
  });

  it.each([
    [12, 3, 20],
    [14, 1, 25],
    [28, 2, 40],
  ])('is never live by lists alone: up for %s s, down for %s s, stable for %s s', async (up, down, stableFor) => {
    const [kind] = await waitOn(flapping(up, down, 30), { stableFor, lists: true });
    expect(kind).not.toBe('landed');
  });
});

describe('a pod that has ended while it started', () => {
  it('is live once it has been well for as long as any other, counted from when it is believed', async () => {
    const script = [
      [0, deployment(0)],
      [0, pod({})],
      [4, pod({ restarts: 1 })],
      [14, pod({ restarts: 1, since: 14 })],
      [14, deployment(1)],
    ] as const;
    const [kind, seconds] = await waitOn(script);
    expect(kind).toBe('landed');
    expect(seconds).toBeGreaterThanOrEqual(34);
    expect(seconds).toBeLessThan(45);
  });

  it('has not failed while it runs and gets ready, however long that takes', async () => {
    const starting = { ...pod({ restarts: 1, since: 5 }) };
    const status = starting.status as Json;
    const [container] = status.containerStatuses as readonly Json[];
    const notReady = { ...status, conditions: [], containerStatuses: [{ ...container, ready: false }] };
    const script = [
      [0, deployment(0)],
      [0, pod({ restarts: 0 })],
      [5, { ...starting, status: notReady }],
      [80, pod({ restarts: 1, since: 5 })],
      [80, deployment(1)],
    ] as const;
    expect((await waitOn(script))[0]).toBe('landed');
  });
});

describe('a server that is slow to list one kind', () => {
  it.each(['deployments', 'pods'])('is not asked over and over for the other one: %s', async (slow) => {
    const clock = virtualClock(BEGIN);
    const objects = [deployment(), pod({ since: 0 })];
    const cluster = memoryCluster(clock, { deeds: objects.map((object) => ({ at: 0, object })) });
    const host = { clock, random: () => 0.5, signal: new AbortController().signal };
    const list: typeof cluster.list = async (scope, signal) => {
      if (scope.type.plural === slow) await clock.sleep(4_000, signal);
      return cluster.list(scope, signal);
    };
    const engine = kubernetesEngine({ ...cluster, list }, {}, host);
    const [outcome] = await clock.run(
      watch({
        engine,
        targets: [engine.parseTarget('Deployment/web')],
        wanted: WANTED,
        options: { ...DEFAULTS, stableFor: 25_000 },
        timeout: 120_000,
        refresh: true,
        relation: async () => 'lacks',
        progress: () => undefined,
        host,
      }),
    );
    expect(outcome?.verdict.kind).toBe('landed');
    expect(cluster.asked.filter((words) => words.startsWith('list')).length).toBeLessThan(20);
  });
});

describe('what is well at two looks, and was not in between', () => {
  const listed = (objects: readonly Json[]) =>
    objects.map((object) => ({ kind: 'object', via: 'read', object }) as const);

  function look(known: ReturnType<typeof memory>, now: number, object: Json, pods: readonly Json[]) {
    const end = { kind: 'listed', serverNow: BEGIN + now } as const;
    const told = [...listed([object]), end].flatMap((sighting) => known.seeObjects([TARGET], sighting, now));
    const ofPods = [...listed(pods), end].flatMap((sighting) => known.seePods('shop', sighting, now));
    return [...told, ...ofPods].map(({ state, at: time }) => [state, time]);
  }

  it.each([
    ['nothing', deployment(), pod({ since: -60 }), []],
    ['a pod that was started again', deployment(), pod({ since: 12, restarts: 1 }), [['progressing', 40_000]]],
    ['another pod', deployment(), pod({ since: 12, name: 'web-5d-2' }), [['progressing', 40_000]]],
    ['another object', deployment(1, { uid: 'e' }), pod({ since: -60 }), [['progressing', 40_000]]],
  ])('is well from the second look on: %s', (_, object, second, between) => {
    const known = memory({ wanted: WANTED, applied: new Map() });
    look(known, 0, deployment(), [pod({ since: -60 })]);
    const told = look(known, 40_000, object, [second]);
    expect(told.filter(([state]) => state !== 'healthy')).toEqual(between);
    expect(told.at(-1)).toEqual(['healthy', 40_000]);
  });

  it('has not lasted for longer than since it was seen not to be well, whatever the clocks of the nodes say', () => {
    const known = memory({ wanted: WANTED, applied: new Map() });
    look(known, 0, deployment(0), [pod({ since: -600 })]);
    look(known, 5_000, deployment(1), [pod({ since: -600 })]);
    const [last] = known.seeObjects([TARGET], { kind: 'object', via: 'stream', object: deployment(1) }, 9_000);
    expect(last).toMatchObject({ state: 'healthy', lasting: 9_000, at: 5_000 });
  });
});
