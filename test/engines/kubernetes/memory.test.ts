import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { memory } from '../../../src/engines/kubernetes/memory.ts';
import { ToolError } from '../../../src/errors.ts';
import { WANTED } from '../../support/kube-replay.ts';

const NOW = Date.parse('2026-11-22T10:01:00Z');
const TARGET = { name: 'Deployment/shop/web', kind: 'Deployment', namespace: 'shop' };
const FULL = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
const REFUSED = { kind: 'refused', reading: { kind: 'forbidden', status: 403, message: 'no' } } as const;

function objectOf(name: string, image = 'web:1', kind = 'Deployment'): Json {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop', uid: name, generation: 1 },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
    status: FULL,
  };
}

function crashing(of: string, restartCount: number): Json {
  return {
    kind: 'Pod',
    metadata: {
      name: `${of}-0`,
      namespace: 'shop',
      labels: { app: of },
      ownerReferences: [{ kind: 'ReplicaSet', name: `${of}-1` }],
    },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
    status: { containerStatuses: [{ name: 'web', restartCount, state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
  };
}

const known = () => memory({ wanted: WANTED, applied: new Map() });
const streamed = (object: Json) => ({ kind: 'object', via: 'stream', object }) as const;
const failedWith = (code: 'temporary' | 'protocol' | 'denied') =>
  ({ kind: 'failed', error: new ToolError(code, 'no answer') }) as const;

describe('what is told of objects', () => {
  it('is told of those that it is about', () => {
    const one = known();
    const other = { ...TARGET, name: 'Deployment/shop/other' };
    const tell = (sighting: Parameters<typeof one.seeObjects>[1]) =>
      one.seeObjects([TARGET, other], sighting, 1).map(({ target, state }) => [target.name, state]);
    expect(tell(streamed(objectOf('web')))).toEqual([[TARGET.name, 'progressing']]);
    expect(tell({ kind: 'gone', via: 'stream', key: { namespace: 'shop', name: 'other' } })).toEqual([
      [other.name, 'absent'],
    ]);
    expect(tell({ kind: 'gone', via: 'stream', key: { namespace: 'elsewhere', name: 'other' } })).toEqual([]);
    expect(tell(REFUSED).map(([, state]) => state)).toEqual(['unreachable', 'unreachable']);
  });

  it('is that it is absent once a list was read without it', () => {
    expect(known().seeObjects([TARGET], { kind: 'listed' }, 4)).toMatchObject([{ state: 'absent', at: 4 }]);
  });

  it('is of a stream or of a read, by the clock of the server that the last list told', () => {
    const one = known();
    one.seePods('shop', { kind: 'listed', serverNow: NOW }, 0);
    expect(one.seeObjects([TARGET], streamed(objectOf('web')), 1)).toMatchObject([{ via: 'stream', state: 'healthy' }]);
    one.seePods('shop', { kind: 'listed', serverNow: NOW }, 3);
    one.seeObjects([TARGET], { kind: 'object', via: 'read', object: objectOf('web') }, 3);
    expect(one.seeObjects([TARGET], { kind: 'listed' }, 3)).toMatchObject([{ via: 'read', state: 'healthy' }]);
  });

  it('stays true of a Job that is cleaned up after it was done, and of nothing else', () => {
    const job = { name: 'Job/shop/move', kind: 'Job', namespace: 'shop' };
    const gone = { kind: 'gone', via: 'stream', key: { namespace: 'shop', name: 'move' } } as const;
    const conditions = [{ type: 'Complete', status: 'True' }];
    const object = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'move', namespace: 'shop' },
      spec: {},
      status: { conditions },
    };
    const one = known();
    one.seePods('shop', { kind: 'listed' }, 0);
    expect(one.seeObjects([job], streamed(object), 1)).toMatchObject([{ state: 'healthy' }]);
    expect(one.seeObjects([job], gone, 2)).toMatchObject([{ state: 'healthy', at: 2 }]);
    const running = known();
    running.seeObjects([job], streamed({ ...object, status: {} }), 1);
    expect(running.seeObjects([job], gone, 2)).toMatchObject([{ state: 'absent' }]);
  });

  it('is measured by what it had at first where nothing else tells what is wanted', () => {
    const one = known();
    one.seePods('shop', { kind: 'listed' }, 0);
    one.seeObjects([TARGET], streamed(objectOf('web', 'web:1')), 1);
    expect(one.seeObjects([TARGET], streamed(objectOf('web', 'web:2')), 2)).toMatchObject([{ state: 'pending' }]);
    const told = memory({ wanted: { revision: 'r', images: ['web:2'] }, applied: new Map() });
    told.seePods('shop', { kind: 'listed' }, 0);
    expect(told.seeObjects([TARGET], streamed(objectOf('web', 'web:1')), 1)).toMatchObject([{ state: 'pending' }]);
    expect(told.seeObjects([TARGET], streamed(objectOf('web', 'web:2')), 2)).toMatchObject([{ state: 'healthy' }]);
  });
});

describe('what goes on to be well', () => {
  const list = (one: ReturnType<typeof known>, at: number) => {
    one.seeObjects([TARGET], { kind: 'object', via: 'read', object: objectOf('web') }, at);
    return one.seeObjects([TARGET], { kind: 'listed', serverNow: NOW }, at).map(({ at: when }) => when);
  };
  const listPods = (one: ReturnType<typeof known>, at: number) =>
    one.seePods('shop', { kind: 'listed', serverNow: NOW }, at).map(({ at: when }) => when);

  it('is told once the object and its pods were both read again, whichever is the slower', () => {
    const one = known();
    expect([list(one, 0), listPods(one, 1)]).toEqual([[0], [1]]);
    expect([list(one, 10), list(one, 11), listPods(one, 14)]).toEqual([[], [], [11]]);
    expect([listPods(one, 20), listPods(one, 21), list(one, 24)]).toEqual([[], [], [21]]);
  });

  it('is told of the object alone where its pods have not been read for a minute', () => {
    const one = known();
    list(one, 0);
    listPods(one, 0);
    expect(one.seePods('shop', failedWith('temporary'), 59_999)).toEqual([]);
    expect(one.seePods('shop', failedWith('temporary'), 60_000)).toMatchObject([
      { state: 'healthy', reasons: ['pods cannot be read: no answer'] },
    ]);
    expect(list(one, 61_000)).toEqual([61_000]);
  });
});

describe('what was asked for', () => {
  it('is what counts, whatever else it had at first', () => {
    const told = memory({ wanted: { revision: 'r', images: ['web:2'] }, applied: new Map() });
    told.seePods('shop', REFUSED, 0);
    told.seeObjects([TARGET], streamed(objectOf('web', 'web:1')), 1);
    const side = (image: string, more: string) => {
      const object = objectOf('web', image);
      const spec = object.spec as { readonly template: { readonly spec: { readonly containers: readonly Json[] } } };
      const containers = [...spec.template.spec.containers, { name: 'side', image: more }];
      return { ...object, spec: { ...spec, template: { ...spec.template, spec: { containers } } } };
    };
    told.seeObjects([TARGET], streamed(side('web:2', 'side:1')), 2);
    expect(told.seeObjects([TARGET], streamed(side('web:2', 'side:2')), 3)).toMatchObject([{ state: 'healthy' }]);
  });
});

describe('a server that fails', () => {
  it('is waited for two minutes from the first failure, whatever it says in between', () => {
    const one = known();
    const fail = (code: 'temporary' | 'protocol', at: number) => one.seeObjects([TARGET], failedWith(code), at).length;
    expect([fail('temporary', 1_000), fail('protocol', 60_000), fail('temporary', 120_999)]).toEqual([1, 0, 0]);
    expect(fail('protocol', 121_000)).toBe(1);
  });

  it('begins anew after a list that was read', () => {
    const one = known();
    one.seeObjects([TARGET], failedWith('temporary'), 0);
    one.seeObjects([TARGET], { kind: 'listed' }, 100_000);
    expect(one.seeObjects([TARGET], failedWith('temporary'), 130_000)).toEqual([]);
  });
});

describe('what is told of pods', () => {
  const ready = () => {
    const one = known();
    one.seeObjects([TARGET], streamed(objectOf('web')), 1);
    one.seePods('shop', { kind: 'listed', serverNow: NOW }, 2);
    return one;
  };

  it('is told of those that own them, and only where it is news', () => {
    const one = ready();
    const tell = (pod: Json, at: number) => one.seePods('shop', streamed(pod), at).map(({ state }) => state);
    expect(tell(crashing('other', 1), 3)).toEqual([]);
    expect(tell(crashing('web', 1), 4)).toEqual(['degraded']);
    expect(tell(crashing('web', 1), 5)).toEqual([]);
    expect(tell(crashing('web', 2), 6)).toEqual(['degraded']);
    expect(one.seePods('elsewhere', streamed(crashing('web', 3)), 7)).toEqual([]);
  });

  it('is over when the pod is gone, and says where it was seen', () => {
    const one = ready();
    one.seePods('shop', streamed(crashing('web', 1)), 4);
    const gone = { kind: 'gone', via: 'stream', key: { namespace: 'shop', name: 'web-0' } } as const;
    expect(one.seePods('shop', gone, 5)).toMatchObject([{ state: 'healthy', via: 'stream' }]);
    expect(one.seePods('shop', gone, 6)).toEqual([]);
    const fresh = known();
    fresh.seeObjects([TARGET], streamed(objectOf('web')), 1);
    expect(fresh.seePods('shop', streamed(crashing('web', 1)), 2)).toEqual([]);
    expect(fresh.seePods('shop', { kind: 'listed' }, 3)).toMatchObject([{ state: 'degraded', via: 'read' }]);
  });

  it('is that they cannot be read, once, by one of the targets', () => {
    const one = known();
    const other = { ...TARGET, name: 'Deployment/shop/other' };
    one.seeObjects([TARGET, other], streamed(objectOf('web')), 1);
    one.seeObjects([TARGET, other], streamed(objectOf('other')), 1);
    const told = one.seePods('shop', REFUSED, 2);
    expect(told.map(({ state, reasons }) => [state, reasons.length])).toEqual([
      ['healthy', 1],
      ['healthy', 0],
    ]);
    expect(told[0]?.reasons[0]).toMatch(/^without the right to get, list and watch pods, .*: no$/);
    expect(one.seePods('shop', REFUSED, 3)).toEqual([]);
    expect(one.seePods('shop', { kind: 'listed' }, 4)).toMatchObject([{ reasons: [] }]);
    expect(one.seeObjects([TARGET], { kind: 'listed' }, 5)).toEqual([]);
  });

  it('is still true of them while a server that was asked before does not answer', () => {
    const one = ready();
    one.seePods('shop', streamed(crashing('web', 1)), 4);
    expect(one.seePods('shop', failedWith('temporary'), 5)).toEqual([]);
    expect(one.seeObjects([TARGET], streamed(objectOf('web')), 6)).toMatchObject([{ state: 'degraded' }]);
  });

  it('is nothing of those of other namespaces, nor of what runs none', () => {
    const one = known();
    const service = { name: 'Service/shop/web', kind: 'Service', namespace: 'shop' };
    const there = { ...TARGET, name: 'Deployment/there/web', namespace: 'there' };
    one.seeObjects([service], streamed({ ...objectOf('web', 'web:1', 'Service'), apiVersion: 'v1' }), 1);
    one.seeObjects([there], streamed({ ...objectOf('web'), metadata: { name: 'web', namespace: 'there' } }), 1);
    expect(one.seePods('shop', { kind: 'listed', serverNow: NOW }, 2)).toEqual([]);
  });

  it('is kept where they were read before, and not waited for where they never were', () => {
    expect(ready().seePods('shop', failedWith('temporary'), 3)).toEqual([]);
    const fresh = known();
    fresh.seeObjects([TARGET], streamed(objectOf('web')), 1);
    expect(fresh.seePods('shop', failedWith('temporary'), 2)).toMatchObject([
      { state: 'healthy', reasons: ['pods cannot be read: no answer'] },
    ]);
  });
});

it('forgets what is no longer waited for', () => {
  const one = known();
  one.seeObjects([TARGET], streamed(objectOf('web')), 1);
  expect(one.objectOf(TARGET)).toMatchObject({ kind: 'Deployment' });
  one.forget(TARGET);
  expect(one.objectOf(TARGET)).toBeUndefined();
});
