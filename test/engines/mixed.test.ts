import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NEWER, OLD, WANTED } from '../support/applications.ts';
import { certificate, deadDeployment, liveDeployment } from '../support/kube-objects.ts';
import { arriving, playMixed as play } from '../support/mixed-wait.ts';

const WEB = 'Deployment/shop/web';

describe('an object of Kubernetes beside an application, of which nobody says how it should be', () => {
  it('is judged once the application has the commit, as what it is then', async () => {
    const deeds = [
      { at: 0, object: liveDeployment() },
      { at: 10_000, object: liveDeployment({ image: 'web:2', generation: 2 }) },
    ];
    const { kinds, secondsOf, told, asked } = await play({ app: arriving(45_000), deeds });
    expect(kinds).toEqual([`${WEB} landed`, 'shop landed']);
    expect(secondsOf(WEB)).toBeGreaterThanOrEqual(45);
    expect(told).toContain('is judged once the revision is on shop');
    expect(asked.filter((revision) => revision.startsWith('generation'))).toEqual([]);
  });

  it('is not green with what the commit has made of it a moment later', async () => {
    const deeds = [
      { at: 0, object: liveDeployment() },
      { at: 30_000, object: deadDeployment({ image: 'web:2', generation: 2 }) },
    ];
    const { kinds, reasonsOf } = await play({ app: arriving(29_000), deeds });
    expect(kinds).toEqual([`${WEB} failed`, 'shop landed']);
    expect(reasonsOf(WEB)).toContain('it has timed out');
  });

  it('is not blamed for what it was before', async () => {
    const deeds = [
      { at: 0, object: deadDeployment() },
      { at: 20_000, object: liveDeployment({ image: 'web:2', generation: 2 }) },
    ];
    expect((await play({ app: arriving(25_000), deeds })).kinds).toEqual([`${WEB} landed`, 'shop landed']);
  });

  it('may be made by the commit, and of a kind that only the server knows', async () => {
    const deeds = [
      { at: 100_000, object: liveDeployment() },
      { at: 0, object: certificate(true) },
      { at: 80_000, object: certificate(false, 2) },
      { at: 110_000, object: certificate(true, 3) },
    ];
    const objects = ['Deployment/web', 'Certificate.cert-manager.io/shop/tls'];
    const { kinds, secondsOf } = await play({ app: arriving(90_000), deeds, objects, timeout: 300_000 });
    expect(kinds).toEqual([`${WEB} landed`, 'Certificate.cert-manager.io/shop/tls landed', 'shop landed']);
    expect(secondsOf('Certificate.cert-manager.io/shop/tls')).toBeGreaterThanOrEqual(110);
  });

  it('is missing when it does not come with the commit', async () => {
    const { kinds, secondsOf } = await play({ app: arriving(30_000), deeds: [], timeout: 300_000 });
    expect(kinds).toEqual([`${WEB} unreachable`, 'shop landed']);
    expect(secondsOf(WEB)).toBeGreaterThanOrEqual(90);
  });

  it('is not waited for any longer when the application ends without the commit', async () => {
    const deeds = [{ at: 0, object: liveDeployment() }];
    const stuck = { revision: WANTED, deployed: OLD, sync: 'OutOfSync', automated: false } as const;
    const { kinds, reasonsOf, secondsOf } = await play({ app: () => stuck, deeds });
    expect(kinds).toEqual([`${WEB} blocked`, 'shop blocked']);
    expect(reasonsOf(WEB)).toMatch(/^not judged, since the revision is not on shop: /);
    expect(secondsOf(WEB)).toBeLessThan(30);
    const reverted = await play({ app: () => ({ revision: NEWER }), deeds });
    expect(reverted.kinds).toEqual([`${WEB} superseded`, 'shop superseded']);
  });

  it('says at the deadline what it waited for', async () => {
    const deeds = [{ at: 0, object: liveDeployment() }];
    const { kinds, reasonsOf } = await play({ app: arriving(600_000), deeds });
    expect(kinds).toEqual([`${WEB} timedOut`, 'shop timedOut']);
    expect(reasonsOf(WEB)).toContain('is judged once the revision is on shop');
  });
});

describe('one of which images or files say how it should be', () => {
  const images = ['web:2'];

  it('lands by itself where a file says it, and after the application where images do', async () => {
    const deeds = [{ at: 0, object: liveDeployment({ image: 'web:2' }) }];
    const { kinds, secondsOf } = await play({ app: arriving(60_000), deeds, images });
    expect(kinds[0]).toBe(`${WEB} landed`);
    expect(secondsOf(WEB)).toBeGreaterThanOrEqual(70);
    const byFile = await play({ app: arriving(60_000), deeds, applied: [WEB] });
    expect(byFile.kinds).toEqual([`${WEB} landed`, 'shop landed']);
    expect(byFile.secondsOf(WEB)).toBeLessThan(20);
  });

  it('fails while the application goes on', async () => {
    const deeds = [{ at: 0, object: deadDeployment({ image: 'web:2', generation: 2 }) }];
    const { kinds, secondsOf } = await play({ app: arriving(60_000), deeds, images });
    expect(kinds[0]).toBe(`${WEB} failed`);
    expect(secondsOf(WEB)).toBeLessThan(20);
  });

  it('is superseded when another one takes its place, and never green with an older one', async () => {
    const pods = [
      { at: 0, object: liveDeployment({ image: 'web:2', generation: 2, status: { updatedReplicas: 0 } }) },
      { at: 10_000, object: liveDeployment({ image: 'web:3', generation: 3 }) },
    ];
    expect((await play({ app: arriving(60_000), deeds: pods, images })).kinds[0]).toBe(`${WEB} superseded`);
    const older = await play({ deeds: [{ at: 0, object: liveDeployment() }], images });
    expect(older.kinds[0]).toBe(`${WEB} timedOut`);
  });
});

describe('whatever comes first', () => {
  const second = fc.integer({ min: 0, max: 100 }).map((seconds) => seconds * 1_000 + 7);
  const change = fc.record({ at: second, isWell: fc.boolean(), tag: fc.constantFrom('1', '2', '3') });

  it('is landed only when it is well by then and the commit is there, and failed only when it is not well', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        second,
        fc.uniqueArray(change, { maxLength: 3, selector: ({ at }) => at }),
        fc.boolean(),
        async (arrival, changes, isTold) => {
          const steps = [{ at: 0, isWell: true, tag: '1' }, ...changes.toSorted((a, b) => a.at - b.at)];
          const deeds = steps.map(({ at, isWell, tag }, index) => {
            const shape = { image: `web:${tag}`, generation: index + 1 };
            return { at, object: isWell ? liveDeployment(shape) : deadDeployment(shape) };
          });
          const images = isTold ? ['web:2'] : [];
          const { kinds, ends } = await play({ app: arriving(arrival), deeds, images, timeout: 160_000 });
          const verdict = kinds[0]?.split(' ')[1] ?? '';
          seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
          const end = ends.get(WEB) ?? 0;
          const then = steps.findLast(({ at }) => at <= end);
          const isDue = isTold ? then?.tag === '2' : end >= arrival;
          if (verdict === 'landed') expect([isDue, then?.isWell]).toEqual([true, true]);
          if (verdict === 'failed') expect([isDue, then?.isWell]).toEqual([true, false]);
          if (verdict === 'superseded') expect(steps.filter(({ at }) => at <= end).length).toBeGreaterThan(1);
          if (!isTold) expect(verdict).not.toBe('superseded');
          if (!isTold && changes.length === 0) expect(verdict).toBe('landed');
          if (!isTold) expect(kinds[1]).toBe('shop landed');
        },
      ),
      { numRuns: 150 },
    );
    for (const verdict of ['landed', 'failed', 'superseded', 'timedOut'])
      expect([verdict, seen.has(verdict)]).toEqual([verdict, true]);
  });
});
