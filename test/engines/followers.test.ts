import { describe, expect, it } from '@jest/globals';
import { coming, judgedFrom, withLeaders } from '../../src/engines/followers.ts';
import { startWatching, type Watched } from '../../src/engines/watched.ts';
import { OLD, type Sketch, WANTED } from '../support/applications.ts';
import { deadDeployment, liveDeployment } from '../support/kube-objects.ts';
import { arriving, playMixed as play } from '../support/mixed-wait.ts';
import { observation } from '../support/observations.ts';
import { DEFAULTS } from '../support/replay.ts';

const WEB = 'Deployment/shop/web';

/** It has the commit at once, and is healthy only from then on, as one whose resources an operator has to bring about. */
const healthyFrom =
  (at: number) =>
  (now: number): Sketch => ({
    revision: WANTED,
    version: 100 + now,
    ...(now < at ? { health: 'Progressing', healthSince: '2026-11-22T10:00:00Z' } : {}),
  });

describe('a Deployment that an operator changes some time after the commit has arrived', () => {
  const late = { at: 40_000, object: liveDeployment({ image: 'web:2', generation: 2 }) };

  it('is not green before the application, which has the commit but is not healthy yet', async () => {
    const deeds = [{ at: 0, object: liveDeployment() }, late];
    const { kinds, ends } = await play({ app: healthyFrom(45_000), deeds });
    expect(kinds).toEqual([`${WEB} landed`, 'shop landed']);
    expect(ends.get(WEB)).toBeGreaterThanOrEqual(ends.get('shop') ?? Number.NaN);
    const bad = { at: 40_000, object: deadDeployment({ image: 'web:2', generation: 2 }) };
    const broken = await play({ app: healthyFrom(45_000), deeds: [{ at: 0, object: liveDeployment() }, bad] });
    expect(broken.kinds).toEqual([`${WEB} failed`, 'shop landed']);
  });

  it('has to be well for as long as anything else from when the commit is there, however long it was well before', async () => {
    const deeds = [
      { at: 0, object: liveDeployment() },
      { at: 8_000, object: deadDeployment({ image: 'web:2', generation: 2 }) },
    ];
    expect((await play({ deeds })).kinds).toEqual([`${WEB} failed`, 'shop landed']);
    const { secondsOf } = await play({ deeds: [{ at: 0, object: liveDeployment() }] });
    expect(secondsOf('shop')).toBeLessThan(5);
    expect(secondsOf(WEB)).toBeGreaterThanOrEqual(DEFAULTS.stableFor / 1000);
  });

  it('is not superseded by what the commit makes of it, once or in several steps', async () => {
    const deeds = [
      { at: 0, object: liveDeployment() },
      { at: 5_000, object: liveDeployment({ image: 'web:2', generation: 2 }) },
      { at: 20_000, object: liveDeployment({ image: 'web:3', generation: 3 }) },
    ];
    const { kinds, secondsOf, told } = await play({ app: healthyFrom(24_000), deeds });
    expect(kinds).toEqual([`${WEB} landed`, 'shop landed']);
    expect(secondsOf(WEB)).toBeGreaterThanOrEqual(30);
    expect(told).toContain('it has been changed, and is judged anew');
    expect(told.filter((text) => text.includes('is wanted'))).toEqual([]);
    const quick = await play({ deeds: deeds.slice(0, 2) });
    expect(quick.kinds).toEqual([`${WEB} landed`, 'shop landed']);
    expect(quick.secondsOf(WEB)).toBeGreaterThanOrEqual(15);
  });

  it('has the grace to recover from what had failed before the commit came, and no more than that', async () => {
    const dead = { at: 0, object: deadDeployment() };
    const healed = { at: 40_000, object: liveDeployment({ image: 'web:2', generation: 2 }) };
    const { kinds } = await play({ app: arriving(30_000), deeds: [dead, healed] });
    expect(kinds).toEqual([`${WEB} landed`, 'shop landed']);
    const never = await play({ app: arriving(30_000), deeds: [dead] });
    expect(never.kinds).toEqual([`${WEB} failed`, 'shop landed']);
    expect(never.secondsOf(WEB)).toBeGreaterThanOrEqual(60);
  });

  it('may be deleted and made again', async () => {
    const again = liveDeployment({ image: 'web:2' });
    const metadata = { ...(again.metadata as object), uid: 'another' };
    const deeds = [
      { at: 0, object: liveDeployment() },
      { at: 20_000, gone: 'web', kind: 'Deployment' },
      { at: 35_000, object: { ...again, metadata } },
    ];
    const { kinds, secondsOf } = await play({ app: arriving(18_000), deeds });
    expect(kinds).toEqual([`${WEB} landed`, 'shop landed']);
    expect(secondsOf(WEB)).toBeGreaterThanOrEqual(35);
    const gone = await play({ app: arriving(18_000), deeds: deeds.slice(0, 2) });
    expect(gone.kinds).toEqual([`${WEB} unreachable`, 'shop landed']);
  });
});

describe('a StatefulSet that is stuck before the commit comes', () => {
  const stuckPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      labels: { app: 'web', 'controller-revision-hash': 'web-1' },
      ownerReferences: [{ kind: 'StatefulSet', name: 'web', uid: 'web', controller: true }],
      creationTimestamp: '2026-11-20T00:00:00Z',
    },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-11-20T00:00:00Z' }],
      containerStatuses: [
        {
          name: 'web',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason: 'ImagePullBackOff', message: 'no' } },
        },
      ],
    },
  };
  const set = {
    ...liveDeployment(),
    kind: 'StatefulSet',
    status: { observedGeneration: 1, replicas: 1, updateRevision: 'web-2', currentRevision: 'web-1' },
  };

  it('is not blocked for that before the application has the commit', async () => {
    const deeds = [
      { at: 0, object: stuckPod },
      { at: 0, object: set },
    ];
    const { kinds, secondsOf } = await play({ app: arriving(60_000), deeds, objects: ['StatefulSet/web'] });
    expect(kinds).toEqual(['StatefulSet/shop/web blocked', 'shop landed']);
    expect(secondsOf('StatefulSet/shop/web')).toBeGreaterThanOrEqual(60);
  });
});

describe('one of which images say how it should be', () => {
  const images = ['web:1'];

  it('is not green before the application, when the commit leaves its image as it is and changes other things', async () => {
    const deeds = [
      { at: 0, object: liveDeployment() },
      { at: 47_000, object: deadDeployment({ generation: 2 }) },
    ];
    const { kinds } = await play({ app: arriving(45_000), deeds, images });
    expect(kinds).toEqual([`${WEB} failed`, 'shop landed']);
  });

  it('may fail before, and lands by itself where the others end without the commit', async () => {
    const stuck = { revision: WANTED, deployed: OLD, sync: 'OutOfSync', automated: false } as const;
    const deeds = [{ at: 0, object: liveDeployment() }];
    expect((await play({ app: () => stuck, deeds, images })).kinds).toEqual([`${WEB} landed`, 'shop blocked']);
    const dead = [{ at: 0, object: deadDeployment() }];
    expect((await play({ app: arriving(60_000), deeds: dead, images })).secondsOf(WEB)).toBeLessThan(20);
  });
});

describe('what is said meanwhile', () => {
  it('names those that have the commit to come, and shows no revision that is not known', async () => {
    const deeds = [
      { at: 0, object: liveDeployment() },
      { at: 0, object: liveDeployment({ name: 'api' }) },
    ];
    const { said, told } = await play({ app: arriving(600_000), deeds, objects: ['Deployment/web', 'Deployment/api'] });
    expect(said(WEB)).toMatchObject({ reasons: ['is judged once the revision is on shop'] });
    expect(said(WEB)).not.toHaveProperty('seenRevision');
    expect(told.filter((text) => text.includes('on shop,') || text.includes('on Deployment'))).toEqual([]);
  });

  it('is why it cannot be read, where it cannot', async () => {
    const { reasonsOf } = await play({ app: arriving(600_000), deeds: [] });
    expect(reasonsOf(WEB)).toMatch(/^there is no Deployment\/shop\/web/);
  });

  it('ends after the time in which it may appear', async () => {
    const { kinds, secondsOf } = await play({ deeds: [], timeout: 300_000 });
    expect(kinds).toEqual([`${WEB} unreachable`, 'shop landed']);
    expect(secondsOf(WEB)).toBeLessThan(62);
  });
});

describe('the deadline', () => {
  it('is no reason to believe what could not be looked at for long enough', async () => {
    const deeds = [{ at: 0, object: liveDeployment() }];
    const { kinds } = await play({ app: arriving(118_000), deeds });
    expect(kinds[0]).toBe(`${WEB} timedOut`);
  });
});

describe('at what moment', () => {
  const related = (revision: string) => (revision === 'T' ? ('equal' as const) : ('lacks' as const));
  const shop = {
    ...startWatching({ name: 'shop', kind: 'Application' }, 0),
    history: [observation({ at: 0, seenRevision: 'S' }), observation({ at: 10 })],
  };
  const seen = observation({ at: 12, unversioned: 'untold' });
  const web = (changes: Partial<Watched> = {}): Watched => ({
    ...startWatching({ name: 'web', kind: 'Deployment', showsRevision: false }, 0),
    history: [seen],
    ...changes,
  });
  const family = (...all: readonly Watched[]) => new Map(all.map((one) => [one.target.name, one]));
  const landed = { kind: 'landed', phase: 'settling', reasons: [] } as const;

  it('it is judged from when it was begun anew, not from an arrival that turns out later to have been earlier', () => {
    const of = (anewAt?: number) => {
      const one = web(anewAt === undefined ? {} : { anewAt });
      return judgedFrom(one, family(shop, one), related);
    };
    expect([of(), of(9), of(10), of(17)]).toEqual([undefined, undefined, 10, 17]);
    const never = { ...shop, history: shop.history.slice(0, 1) };
    expect(judgedFrom(web({ anewAt: 17 }), family(never, web()), related)).toBeUndefined();
  });

  it('it lands: at a read after the end of the last of the others, and after its own time', () => {
    const ended = { ...shop, verdict: landed, decidedAt: 50, diagnosis: Promise.resolve(undefined) };
    const at = (readAt: number, leader: Watched = ended) => {
      const one = web({ anewAt: 17, readAt });
      return withLeaders(landed, one, family(leader, one), related, 20);
    };
    expect([at(37), at(49), at(50)]).toMatchObject([{ kind: 'waiting', due: 50 }, { kind: 'waiting' }, landed]);
    const early = { ...ended, decidedAt: 20 };
    expect([at(36, early), at(37, early)]).toMatchObject([{ kind: 'waiting', due: 37 }, landed]);
    expect(at(60, shop)).toMatchObject({ kind: 'waiting', reasons: [expect.stringContaining('waits for shop')] });
  });

  it('it no longer comes, which is when it is looked at again', () => {
    const one = web({ anewAt: 17 });
    expect(coming(one, family(shop, one), related, 5)).toEqual({ until: 22 });
    const late = { ...one, history: [{ ...seen, at: 22 }] };
    expect(coming(late, family(shop, late), related, 5)).toBeUndefined();
    expect(coming(web(), family(shop, web()), related, 5)).toEqual({});
  });
});
