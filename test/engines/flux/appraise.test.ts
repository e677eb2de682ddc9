import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { objectKey, placeKey } from '../../../src/engines/flux/world.ts';
import {
  condition,
  fluxObject,
  kustomization,
  look,
  main,
  NEW,
  OLD,
  observed,
  repository,
  sceneWith,
} from '../../support/flux-objects.ts';

const INVENTORY = {
  inventory: {
    entries: [
      { id: 'flux_web_apps_Deployment', v: 'v1' },
      { id: 'flux_web__ConfigMap', v: 'v1' },
    ],
  },
};
const DEPLOYMENTS = placeKey({ group: 'apps', kind: 'Deployment', namespace: 'flux' });

function deployment(ready: number, more: Json = {}): Json {
  return fluxObject('Deployment', {
    name: 'web',
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } },
    status: { replicas: 1, updatedReplicas: 1, availableReplicas: ready, ...more },
  });
}

const app = (spec: Json = {}) => kustomization(NEW, { status: INVENTORY, spec });

/** As `sceneWith`, with Deployments that were listed at another time. */
function readAt(objects: readonly Json[], now: number, readSince: number | undefined) {
  const { world } = sceneWith(objects, { now });
  const places = new Map(world.places);
  if (readSince === undefined) places.delete(DEPLOYMENTS);
  else places.set(DEPLOYMENTS, { readSince });
  return { now, world: { ...world, places } };
}

describe('the objects that a Kustomization has applied', () => {
  it.each([true, false])('count, whether it waits for them itself (%s) or not', (wait) => {
    expect(observed([app({ wait }), repository(NEW), deployment(0)])).toMatchObject({
      state: 'progressing',
      trusted: true,
      appliedRevision: NEW,
      resources: [{ kind: 'Deployment', namespace: 'flux', name: 'web', health: 'progressing' }],
    });
    expect(observed([app({ wait }), repository(NEW), deployment(1)])).toMatchObject({
      state: 'healthy',
      images: ['web:2'],
    });
  });

  it('are believed from when they were listed after it stood there', () => {
    const objects = [app(), repository(NEW), deployment(1)];
    const first = look(objects, readAt(objects, 50_000, 40_000));
    expect(first).toMatchObject({ readAgain: true, observation: { state: 'progressing' } });
    expect(first.observation?.reasons[0]).toBe('its objects are read once more');
    const later = look(objects, readAt(objects, 51_000, 50_000), first.memory);
    expect(later).toMatchObject({ readAgain: false, observation: { state: 'healthy' } });
    const unread = look(objects, readAt(objects, 51_000, undefined), first.memory);
    expect(unread.observation?.state).toBe('progressing');
  });

  it('make it no newer than the oldest list, and no older than when all were well', () => {
    const objects = [app(), repository(NEW), deployment(1)];
    const first = look(objects, readAt(objects, 50_000, 50_000));
    expect(first.observation?.at).toBe(50_000);
    const stream = look(objects, readAt(objects, 65_000, 50_000), first.memory);
    expect(stream.observation?.at).toBe(50_000);
    const read = look(objects, readAt(objects, 65_000, 64_000), stream.memory);
    expect(read.observation?.at).toBe(64_000);
    const broken = look(
      [app(), repository(NEW), deployment(0)],
      readAt([app(), repository(NEW), deployment(0)], 70_000, 64_000),
      read.memory,
    );
    expect(broken.observation).toMatchObject({ state: 'progressing', at: 70_000 });
    const again = look(objects, readAt(objects, 71_000, 64_000), broken.memory);
    expect(again.observation).toMatchObject({ state: 'healthy', at: 71_000 });
  });

  it('fail it when one of them is lost', () => {
    const conditions = [condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'too late')];
    const seen = observed([app({ wait: false }), repository(NEW), deployment(0, { conditions })]);
    expect(seen).toMatchObject({ state: 'degraded', attempt: { revision: NEW, outcome: 'failed' } });
    expect(seen?.attempt?.reason).toContain('Deployment web: ProgressDeadlineExceeded');
  });

  it('are missed when they are not there', () => {
    const objects = [app(), repository(NEW)];
    const seen = look(objects, readAt(objects, 50_000, 50_000)).observation;
    expect(seen).toMatchObject({
      state: 'progressing',
      reasons: expect.arrayContaining(['Deployment web: it is not there']),
    });
  });

  it('are passed over, by name, where they may not be read', () => {
    const objects = [app(), repository(NEW)];
    const { world, now } = readAt(objects, 50_000, undefined);
    const places = new Map([
      ...world.places,
      [DEPLOYMENTS, { refusal: { kind: 'forbidden', message: 'no' } }] as const,
    ]);
    expect(look(objects, { now, world: { ...world, places } }).observation).toMatchObject({
      state: 'healthy',
      reasons: expect.arrayContaining(['not judged, since they may not be read: Deployment web']),
    });
  });
});

describe('the pods of what it has applied', () => {
  const PROGRESS = condition(
    'Reconciling',
    'True',
    'Progressing',
    `Running health checks for revision ${main(NEW)} with a timeout of 5m0s`,
  );
  const checking = kustomization(OLD, {
    status: { ...INVENTORY, lastAttemptedRevision: main(NEW) },
    conditions: [condition('Ready', 'Unknown', 'Progressing'), PROGRESS],
  });

  function pod(state: Json, more: Json = {}): Json {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-1',
        namespace: 'flux',
        labels: { app: 'web' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web-abc' }],
      },
      spec: { containers: [{ name: 'web', image: 'web:2' }] },
      status: { phase: 'Running', containerStatuses: [{ name: 'web', restartCount: 0, state, ...more }] },
    };
  }

  const selecting = (ready: number, observedGeneration = 1): Json => {
    const object = deployment(ready, { observedGeneration });
    return { ...object, spec: { ...(object.spec as Json), selector: { matchLabels: { app: 'web' } } } };
  };
  const unpulled = pod({ waiting: { reason: 'ImagePullBackOff', message: 'not found' } });

  it('fail it after the grace, long before the time of the health check is over', () => {
    const objects = [checking, repository(NEW), selecting(0), unpulled];
    const first = look(objects, { now: 0 });
    expect(first.observation).toMatchObject({ state: 'progressing', attempt: { revision: NEW, outcome: 'running' } });
    expect(first.observation?.reasons[0]).toContain('pod web-1, container web: ImagePullBackOff');
    const later = look(objects, { now: 30_000 }, first.memory);
    expect(later.observation?.attempt).toMatchObject({ revision: NEW, outcome: 'failed' });
    const well = look([checking, repository(NEW), selecting(0)], { now: 20_000 }, first.memory);
    expect(look(objects, { now: 40_000 }, well.memory).observation?.attempt?.outcome).toBe('running');
  });

  it('are those of the template as it was observed', () => {
    const objects = [checking, repository(NEW), selecting(0, 0), unpulled];
    const first = look(objects, { now: 0 });
    expect(look(objects, { now: 60_000 }, first.memory).observation?.attempt?.outcome).toBe('running');
  });

  it('make a rollout that Flux does not wait for degraded', () => {
    const seen = observed([app({ wait: false }), repository(NEW), selecting(0), unpulled]);
    expect(seen).toMatchObject({ state: 'degraded', trusted: true });
    expect(seen?.reasons[0]).toContain('ImagePullBackOff');
  });

  it('that have just ended once keep it from being well', () => {
    const now = Date.parse('2026-11-22T10:01:00Z');
    const again = pod(
      { running: { startedAt: '2026-11-22T10:00:58Z' } },
      { ready: true, started: true, restartCount: 1, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
    );
    const objects = [app(), repository(NEW), selecting(1), again];
    expect(observed(objects, { serverNow: now })?.state).toBe('progressing');
    expect(observed(objects, { serverNow: now + 60_000 })?.state).toBe('healthy');
  });
});

describe('how long it has lasted', () => {
  const tenOClock = Date.parse('2026-11-22T10:00:00Z');

  it('is told by the server, and never more than is certain', () => {
    expect(observed([app(), repository(NEW), deployment(1)], { serverNow: tenOClock + 60_000 })?.lasting).toBe(59_000);
    expect(observed([app(), repository(NEW), deployment(1)])?.lasting).toBe(0);
  });

  it('begins with the newest change of an object', () => {
    const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: '2026-11-22T10:00:50Z' }];
    const scene = { serverNow: tenOClock + 60_000 };
    expect(observed([app(), repository(NEW), deployment(1, { conditions })], scene)?.lasting).toBe(9_000);
  });
});

describe('a target that cannot be seen', () => {
  it('is not told of before anything was read', () => {
    const scene = sceneWith([]);
    expect(look([], scene).observation).toBeUndefined();
  });

  it('is absent once its kind was listed, forbidden where that is refused', () => {
    const place = placeKey({ group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', namespace: 'flux' });
    const withPlace = (state: object) => ({ world: { objects: new Map(), places: new Map([[place, state]]) } });
    expect(look([], withPlace({ readSince: 1 })).observation).toMatchObject({ state: 'absent' });
    expect(look([], withPlace({ refusal: { kind: 'forbidden', message: 'no' } })).observation).toMatchObject({
      state: 'forbidden',
      reasons: ['no'],
    });
    expect(look([], withPlace({ refusal: { kind: 'absent', message: 'not served' } })).observation?.state).toBe(
      'absent',
    );
  });

  it('is out of reach once it was refused by its name too', () => {
    const name = { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', namespace: 'flux' };
    const refusal = { kind: 'forbidden', message: 'kustomizations is forbidden' } as const;
    const places = new Map([placeKey(name), objectKey({ ...name, name: 'app' })].map((key) => [key, { refusal }]));
    expect(look([], { world: { objects: new Map(), places } }).observation).toMatchObject({
      state: 'unreachable',
      problem: 'denied',
      final: true,
      reasons: [
        'Kustomization/flux/app may not be read: kustomizations is forbidden',
        'It takes the rights to get, list and watch.',
      ],
    });
  });

  it('is going', () => {
    const object = kustomization(NEW);
    const metadata = { ...(object.metadata as Json), deletionTimestamp: '2026-11-22T10:00:00Z' };
    expect(observed([{ ...object, metadata }, repository(NEW)])?.state).toBe('absent');
  });

  it('stands alone where its source may not be read', () => {
    const objects = [kustomization(NEW)];
    const source = objectKey({
      group: 'source.toolkit.fluxcd.io',
      kind: 'GitRepository',
      namespace: 'flux',
      name: 'app',
    });
    const { world } = sceneWith(objects);
    const places = new Map([...world.places, [source, { refusal: { kind: 'forbidden', message: 'no' } }] as const]);
    expect(look(objects, { world: { ...world, places } }).observation).toMatchObject({
      state: 'healthy',
      seenRevision: NEW,
    });
    const ahead = [kustomization(NEW, { status: { lastAppliedRevision: main(OLD) } })];
    const aheadWorld = { objects: sceneWith(ahead).world.objects, places };
    expect(look(ahead, { world: aheadWorld }).observation).toMatchObject({ trusted: false, appliedRevision: OLD });
  });
});

describe('what it brings with it', () => {
  it('is waited for, with the branch that it follows, and never itself', () => {
    const entries = [
      { id: 'flux_child_kustomize.toolkit.fluxcd.io_Kustomization', v: 'v1' },
      { id: 'shop_web_helm.toolkit.fluxcd.io_HelmRelease', v: 'v2' },
      { id: 'flux_app_kustomize.toolkit.fluxcd.io_Kustomization', v: 'v1' },
      { id: 'flux_charts_source.toolkit.fluxcd.io_HelmRepository', v: 'v1' },
    ];
    const object = kustomization(NEW, { status: { inventory: { entries } } });
    const parent = { name: 'Kustomization/flux/app', branch: 'main' };
    expect(observed([object, repository(NEW)])?.members).toEqual([
      { name: 'Kustomization/flux/child', kind: 'Kustomization', namespace: 'flux', parent },
      { name: 'HelmRelease/shop/web', kind: 'HelmRelease', namespace: 'shop', parent },
    ]);
  });
});
