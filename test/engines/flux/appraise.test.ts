import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { unreachable } from '../../../src/engines/flux/appraise.ts';
import { objectKey, type PlaceState, placeKey } from '../../../src/engines/flux/world.ts';
import { ToolError } from '../../../src/errors.ts';
import {
  condition,
  fluxObject,
  kustomization,
  look,
  main,
  NEW,
  OLD,
  observed,
  READY,
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

function selecting(ready: number, observedGeneration = 1, status: Json = {}): Json {
  const object = deployment(ready, { observedGeneration, ...status });
  return { ...object, spec: { ...(object.spec as Json), selector: { matchLabels: { app: 'web' } } } };
}

const NO_PODS = { replicas: 0, readyReplicas: 0, updatedReplicas: 0, availableReplicas: 0, currentReplicas: 0 };
const NO_NODES = {
  replicas: 0,
  desiredNumberScheduled: 0,
  currentNumberScheduled: 0,
  updatedNumberScheduled: 0,
  numberAvailable: 0,
};

const OWNED = { 'kustomize.toolkit.fluxcd.io/name': 'owner', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' };

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

  describe('where it says itself that it has long stood there', () => {
    const since = Date.parse('2026-11-22T10:00:00Z');
    const objects = [app(), repository(NEW), deployment(1)];
    /** They were read so many milliseconds after that, by the server's clock. */
    const readAfter = (milliseconds: number, ago = 3_000) => ({
      ...readAt(objects, 50_000, 50_000 - ago),
      serverNow: since + milliseconds + ago,
    });
    const stateOf = (all: readonly Json[], scene: Parameters<typeof look>[1]) => look(all, scene).observation?.state;

    it('are believed at once, once that is certain by two clocks', () => {
      expect(stateOf(objects, readAfter(10_000))).toBe('healthy');
      expect(stateOf(objects, readAfter(9_999))).toBe('progressing');
      expect(stateOf(objects, readAfter(7_000, 60_000))).toBe('progressing');
      expect(stateOf(objects, { ...readAfter(60_000), ...readAt(objects, 50_000, undefined) })).toBe('progressing');
    });

    it('are not before their pods were read, where those may be read', () => {
      const { world, ...scene } = readAfter(60_000);
      const podPlace = placeKey({ group: '', kind: 'Pod', namespace: 'flux' });
      const withPods = (state: PlaceState | undefined) => {
        const places = new Map(world.places);
        if (state === undefined) places.delete(podPlace);
        else places.set(podPlace, state);
        return stateOf(objects, { ...scene, world: { ...world, places } });
      };
      expect(withPods(undefined)).toBe('progressing');
      expect(withPods({ readSince: 30_000 })).toBe('healthy');
      expect(withPods({ readSince: -30_000 })).toBe('progressing');
      expect(withPods({ refusal: { kind: 'forbidden', message: 'no' } })).toBe('healthy');
    });

    it('are read once more of what may be Ready while it changes them', () => {
      const set = fluxObject('ResourceSet', { conditions: [READY], labels: OWNED, status: INVENTORY });
      const owner = kustomization(NEW, { name: 'owner' });
      const all = [set, owner, repository(NEW), deployment(1)];
      const appraisal = look(all, { ...readAfter(60_000), ...readAt(all, 50_000, 47_000) }, {}, 'ResourceSet');
      expect(appraisal.observation?.state).toBe('progressing');
    });
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

  const AVAILABLE = [{ type: 'Available', status: 'True', lastTransitionTime: '2026-11-22T09:00:00Z' }];
  const scene = { serverNow: tenOClock + 60_000 };
  const live = () => deployment(1, { conditions: AVAILABLE });

  it('is told by the server, and never more than is certain', () => {
    expect(observed([app(), repository(NEW), live()], scene)?.lasting).toBe(59_000);
    expect(observed([app(), repository(NEW), live()])?.lasting).toBe(0);
  });

  it('counts to when it was read, however long ago that is', () => {
    const objects = [app(), repository(NEW), live()];
    const first = look(objects, { ...readAt(objects, 50_000, 50_000), ...scene });
    expect(first.observation).toMatchObject({ at: 50_000, lasting: 59_000 });
    const later = { ...readAt(objects, 57_000, 50_000), serverNow: scene.serverNow + 7_000 };
    expect(look(objects, later, first.memory).observation).toMatchObject({ at: 50_000, lasting: 59_000 });
  });

  it('begins with the newest change of an object', () => {
    const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: '2026-11-22T10:00:50Z' }];
    expect(observed([app(), repository(NEW), deployment(1, { conditions })], scene)?.lasting).toBe(9_000);
  });

  describe('with pods', () => {
    const ready = (at: string) => ({ type: 'Ready', status: 'True', lastTransitionTime: at });
    const running = (at: string) => [{ name: 'web', ready: true, state: { running: { startedAt: at } } }];
    const of = (kind: string, name: string, status: Json, image = 'web:2') => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: 'flux',
        uid: name,
        labels: { app: 'web', 'controller-revision-hash': 'web-2' },
        ownerReferences: [{ kind, name: kind === 'ReplicaSet' ? 'web-1' : 'web', uid: 'uid-of-web' }],
      },
      spec: { containers: [{ name: 'web', image }] },
      status,
    });
    const since = (...pods: readonly Json[]) =>
      observed([app(), repository(NEW), selecting(1, 1, { conditions: AVAILABLE }), ...pods], scene)?.lasting;

    it('begins when the youngest of them got ready, or was started', () => {
      const early = of('ReplicaSet', 'early', { conditions: [ready('2026-11-22T10:00:10Z')] });
      const late = of('ReplicaSet', 'late', { conditions: [ready('2026-11-22T10:00:40Z')] });
      const started = of('ReplicaSet', 'new', { containerStatuses: running('2026-11-22T10:00:55Z') });
      expect([since(early), since(early, late), since(late, early), since(late, started)]).toEqual([
        49_000, 19_000, 19_000, 4_000,
      ]);
    });

    it('has nothing to do with those of another template', () => {
      const old = of('ReplicaSet', 'old', { conditions: [ready('2026-11-22T10:00:58Z')] }, 'web:1');
      expect(since(old)).toBe(59_000);
    });

    it.each(['StatefulSet', 'DaemonSet'])('is told by them alone of a %s', (kind) => {
      const inventory = { inventory: { entries: [{ id: `flux_web_apps_${kind}`, v: 'v1' }] } };
      const owner = kustomization(NEW, { status: inventory });
      const counts = { replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1, currentReplicas: 1 };
      const set = (spec: Json, status: Json): Json => {
        const object = fluxObject('Deployment', { name: 'web', spec, status: { ...counts, ...status } });
        return { ...object, kind, metadata: { ...(object.metadata as Json), uid: 'uid-of-web' } };
      };
      const template = { spec: { containers: [{ name: 'web', image: 'web:2' }] } };
      const revisions = { currentRevision: 'web-2', updateRevision: 'web-2' };
      const scheduled = { desiredNumberScheduled: 1, currentNumberScheduled: 1, updatedNumberScheduled: 1 };
      const one = set({ replicas: 1, template }, { ...revisions, ...scheduled, numberAvailable: 1, numberReady: 1 });
      const pod = of(kind, 'web-0', { conditions: [ready('2026-11-22T10:00:40Z')] });
      const lasting = (...objects: readonly Json[]) => observed([owner, repository(NEW), ...objects], scene);
      expect(lasting(one, pod)).toMatchObject({ state: 'healthy', lasting: 19_000 });
      expect(lasting(one)).toMatchObject({ state: 'healthy', lasting: 0 });
      const none =
        kind === 'StatefulSet'
          ? set({ replicas: 0, template }, { ...revisions, ...NO_PODS })
          : set({ template }, NO_NODES);
      expect(lasting(none)).toMatchObject({ state: 'healthy', lasting: 59_000 });
    });
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

describe('what is told', () => {
  const seconds = (text: string) => Date.parse(`2026-11-22T${text}Z`);
  /** Ready since that time of that day, or without a time. */
  const readySince = (object: Json, at: string | undefined): Json => {
    const { lastTransitionTime: _, ...ready } = READY;
    const conditions = [at === undefined ? ready : { ...READY, lastTransitionTime: `2026-11-22T${at}Z` }];
    return { ...object, status: { ...(object.status as Json), conditions } };
  };

  it('holds what is known and nothing else', () => {
    const { observation, readAgain } = look([kustomization(NEW), repository(NEW)]);
    expect(Object.keys(observation ?? {})).not.toContain('boundToParent');
    expect(readAgain).toBe(true);
    const place = placeKey({ group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', namespace: 'flux' });
    const none = look([], { world: { objects: new Map(), places: new Map([[place, { readSince: 1 }]]) } });
    expect(none.readAgain).toBe(false);
  });

  it('of what cannot be reached is what the error says', () => {
    const target = { name: 'Kustomization/flux/app', kind: 'Kustomization' };
    const error = new ToolError('temporary', 'the server is down');
    expect(unreachable(target, error, 5)).toEqual({
      target,
      at: 5,
      via: 'read',
      state: 'unreachable',
      trusted: false,
      deployed: [],
      lasting: 0,
      final: true,
      problem: 'temporary',
      reasons: ['the server is down'],
      images: [],
      resources: [],
      fingerprint: expect.any(String),
    });
  });

  it('lasts for no time where no time is told, and where it does not stand', () => {
    const serverNow = seconds('10:10:00');
    const lasting = (one: Json, places?: ReadonlyMap<string, PlaceState>) => {
      const { world } = sceneWith([one, repository(NEW)]);
      const objects = new Map([...world.objects].filter(([key]) => places === undefined || key.includes('Kustom')));
      return look([], { serverNow, world: { objects, places: places ?? world.places } }).observation?.lasting;
    };
    expect(lasting(readySince(kustomization(NEW), '10:09:00'))).toBe(59_000);
    expect(lasting(readySince(kustomization(NEW), undefined))).toBe(0);
    const listed = new Map(
      ['kustomize.toolkit.fluxcd.io/Kustomization', 'source.toolkit.fluxcd.io/GitRepository'].map(
        (kind) => [`${kind} flux`, { readSince: 1 }] as const,
      ),
    );
    expect(lasting(readySince(kustomization(NEW), '10:09:00'), listed)).toBe(0);
  });

  it('is about what it stands at now, not about what it stood at before', () => {
    const objects = [app(), repository(NEW), deployment(1)];
    const current = { key: 'something else', since: 0, healthySince: 10 };
    const early = look(objects, readAt(objects, 50_000, 40_000), { current });
    expect(early).toMatchObject({ readAgain: true, observation: { state: 'progressing' } });
    const longAgo = { ...readAt(objects, 50_000, 47_000), serverNow: seconds('11:00:00') };
    expect(look(objects, longAgo, { current }).observation).toMatchObject({ state: 'healthy', at: 50_000 });
  });

  it('is no newer than the list of its source', () => {
    const objects = [app(), repository(NEW), deployment(1)];
    const { memory } = look(objects, readAt(objects, 50_000, 50_000));
    const { world, now } = readAt(objects, 65_000, 64_000);
    const source = placeKey({ group: 'source.toolkit.fluxcd.io', kind: 'GitRepository', namespace: 'flux' });
    const places = new Map([...world.places, [source, { readSince: 55_000 }] as const]);
    expect(look(objects, { now, world: { ...world, places } }, memory).observation?.at).toBe(55_000);
    const refused = new Map([...places, [source, { refusal: { kind: 'forbidden', message: 'no' } }] as const]);
    expect(look(objects, { now, world: { ...world, places: refused } }, memory).observation?.at).toBe(64_000);
  });

  it('is what the object says before what its pods say, also before it is read once more', () => {
    const late = [condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'too late')];
    const waiting = { reason: 'ImagePullBackOff', message: 'not found' };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-1',
        namespace: 'flux',
        labels: { app: 'web' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }],
      },
      spec: { containers: [{ name: 'web', image: 'web:2' }] },
      status: { containerStatuses: [{ name: 'web', ready: false, state: { waiting } }] },
    };
    const objects = [app({ wait: false }), repository(NEW), selecting(0, 1, { conditions: late }), pod];
    const seen = look(objects, readAt(objects, 50_000, 40_000)).observation;
    expect(seen?.state).toBe('degraded');
    expect(seen?.reasons[0]).toContain('ProgressDeadlineExceeded');
    expect(seen?.reasons.join()).not.toContain('ImagePullBackOff');
  });

  it.each([
    ['both are of long ago', '09:00:00', '09:00:00', 'healthy'],
    ['it was ready a moment ago', '09:59:55', '09:00:00', 'progressing'],
    ['its source was ready a moment ago', '09:00:00', '09:59:55', 'progressing'],
    ['its source does not say when', '09:00:00', undefined, 'healthy'],
  ] as const)('without another list, where %s (itself %s, its source %s): %s', (...one) => {
    const [, own, source, state] = one;
    const objects = [readySince(app(), own), readySince(repository(NEW), source), deployment(1)];
    const scene = { ...readAt(objects, 50_000, 49_000), serverNow: seconds('10:00:00') };
    expect(look(objects, scene).observation?.state).toBe(state);
  });
});
