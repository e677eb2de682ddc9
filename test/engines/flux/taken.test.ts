import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import type { Observation } from '../../../src/engines/delivery-engine.ts';
import type { Appraisal } from '../../../src/engines/flux/appraise.ts';
import type { Memory } from '../../../src/engines/flux/finding.ts';
import { judge } from '../../../src/engines/judge.ts';
import { relate } from '../../../src/engines/relations.ts';
import {
  condition,
  fluxObject,
  kustomization,
  look,
  main,
  NEW,
  NEWER,
  OLD,
  READY,
  repository,
  sceneWith,
} from '../../support/flux-objects.ts';
import { chart, OWNED, release, version } from '../../support/flux-releases.ts';
import { DEFAULTS } from '../../support/replay.ts';

const WORKING = condition('Ready', 'Unknown', 'Progressing', 'in progress');
const reconciling = (message: string) => condition('Reconciling', 'True', 'Progressing', message);
const CHECKING = reconciling(`Running health checks for revision ${main(NEW)} with a timeout of 5m0s`);
const FETCHING = reconciling(`Fetching manifests for revision ${main(NEW)} with a timeout of 5m0s`);

/** A Kustomization that has taken up the wanted revision. */
const took = (...conditions: readonly Json[]) =>
  kustomization(NEW, { conditions, status: { lastAppliedRevision: main(OLD) } });
const LIVE = kustomization(NEW);

/** A look at what was heard by `now`, where the sources were read last at `readSince`. */
function heard(
  objects: readonly Json[],
  now: number,
  readSince: number,
  memory: Memory = {},
  kind = 'Kustomization',
): Appraisal {
  const { world } = sceneWith(objects, { now });
  const isSource = (key: string) => key.startsWith('source.toolkit.fluxcd.io/GitRepository');
  const places = [...world.places].map(([key, state]) => [key, isSource(key) ? { readSince } : state] as const);
  return look(objects, { now, world: { ...world, places: new Map(places) } }, memory, kind);
}

describe('an old word of a source', () => {
  it('does not take back what the Kustomization has taken up, until the source was read after that', () => {
    const first = heard([took(WORKING, FETCHING), repository(OLD)], 2_000, 1_000);
    expect(first).toMatchObject({ observation: { seenRevision: NEW, trusted: false }, readAgain: true });
    const still = heard([took(WORKING, FETCHING), repository(OLD)], 9_000, 1_000, first.memory);
    expect(still).toMatchObject({ observation: { seenRevision: NEW }, readAgain: false });
    // Begun before the Kustomization was heard of: it may show what was there before.
    const early = heard([took(WORKING, FETCHING), repository(OLD)], 9_000, 1_999, first.memory);
    expect(early.observation?.seenRevision).toBe(NEW);
    const read = heard([took(WORKING, FETCHING), repository(OLD)], 9_000, 2_000, still.memory);
    expect(read).toMatchObject({ observation: { seenRevision: OLD }, readAgain: false });
    expect(read.memory.doubted).toBeUndefined();
  });

  it('is believed of a source that has gone on to something else since it was read', () => {
    const { memory } = heard([took(WORKING, CHECKING), repository(NEW)], 1_000, 2_000);
    expect(heard([took(WORKING, CHECKING), repository(OLD)], 9_000, 2_000, memory).observation?.seenRevision).toBe(OLD);
  });

  it('is to be read again for each revision that is taken up', () => {
    const { memory } = heard([took(WORKING, CHECKING), repository(OLD)], 1_000, 2_000);
    const newer = heard([kustomization(NEWER, { conditions: [WORKING] }), repository(OLD)], 5_000, 2_000, memory);
    expect(newer).toMatchObject({ observation: { seenRevision: NEWER }, readAgain: true });
  });

  it('is asked about once, and again when it comes again', () => {
    const doubted = heard([took(WORKING, FETCHING), repository(OLD)], 2_000, 1_000);
    const live = heard([LIVE, repository(NEW)], 4_000, 3_000, doubted.memory);
    expect([doubted.memory.doubted, live.memory.doubted]).toEqual([true, undefined]);
    const again = heard([kustomization(NEWER), repository(OLD)], 5_000, 4_000, live.memory);
    expect(again).toMatchObject({ observation: { seenRevision: NEWER }, readAgain: true });
  });

  it('counts where what was taken up does not hold the wanted revision', () => {
    expect(heard([kustomization(OLD), repository(NEW)], 2_000, 1_000).observation?.seenRevision).toBe(NEW);
    const reverted = { related: () => 'reverted' as const, wanted: { revision: NEW, images: [] } };
    expect(look([kustomization(OLD), repository(NEWER)], reverted).observation?.seenRevision).toBe(NEWER);
  });

  it('never is a reason to be live, however the Kustomization is', () => {
    const { observation } = heard([LIVE, repository(OLD)], 2_000, 1_000);
    expect(observation).toMatchObject({ state: 'pending', trusted: false, seenRevision: NEW, appliedRevision: NEW });
    expect(observation?.reasons[0]).toBe(
      `Kustomization/flux/app has taken up another revision than main@sha1:${OLD.slice(0, 12)}, which GitRepository/flux/app was last heard of at: which one is newer is told by the next read`,
    );
    expect(heard([LIVE, repository(OLD)], 2_000, 2_000).observation?.reasons[0]).toBe(
      `Kustomization/flux/app has not taken up main@sha1:${OLD.slice(0, 12)} yet`,
    );
  });

  it('never is, where it is of the artifact that was applied and does not say what that was made of', () => {
    const revision = `latest@sha256:${'1'.repeat(64)}`;
    const source = fluxObject('OCIRepository', { status: { artifact: { revision } } });
    const applied = kustomization(NEW, {
      spec: { sourceRef: { kind: 'OCIRepository', name: 'app' } },
      status: {
        lastAttemptedRevision: revision,
        lastAppliedRevision: revision,
        lastAppliedOriginRevision: main(NEW),
      },
    });
    const { places } = sceneWith([applied, source], { now: 1_000 }).world;
    const { world } = sceneWith([applied, source]);
    const { observation } = look([], { now: 2_000, world: { ...world, places } });
    expect(observation).toMatchObject({ seenRevision: NEW, trusted: false });
  });

  it('is not told to be what comes next', () => {
    const checked = (readSince: number) =>
      heard([took(WORKING, CHECKING), repository(OLD)], 2_000, readSince).observation?.reasons[0];
    expect(checked(1_000)).toContain('Running health checks');
    expect(checked(2_000)).toContain('only then it takes up');
  });

  it('does not block what has taken up more', () => {
    const suspended = repository(OLD, { spec: { suspend: true } });
    expect(heard([took(WORKING, FETCHING), suspended], 2_000, 1_000).observation?.state).toBe('syncing');
    expect(heard([took(WORKING, FETCHING), suspended], 2_000, 2_000).observation?.state).toBe('blocked');
    const pinned = repository(OLD, { spec: { ref: { commit: OLD } } });
    expect(heard([LIVE, pinned], 2_000, 1_000).observation?.obstacle).toBeUndefined();
    expect(heard([LIVE, pinned], 2_000, 2_000).observation?.obstacle).toBe('pinned');
  });

  it('takes no failure on the wanted revision that may be of another one', () => {
    const gone = condition('Ready', 'False', 'ArtifactFailed', 'kustomization path not found');
    const source = repository(OLD);
    const before = heard([took(gone), source], 2_000, 1_000);
    const { observation } = heard([took(gone), source], 60_000, 1_000, before.memory);
    expect(observation).toMatchObject({ seenRevision: NEW, attempt: { revision: OLD } });
  });

  it('of a registry is measured by what was applied, since nothing tells of which commit the attempted artifact is', () => {
    const digest = (digit: string) => `latest@sha256:${digit.repeat(64)}`;
    const origin = 'org.opencontainers.image.revision';
    const artifact = { revision: digest('1'), metadata: { [origin]: main(OLD) } };
    const source = fluxObject('OCIRepository', {
      spec: { url: 'oci://registry.example.com/app' },
      status: { artifact },
    });
    const spec = { sourceRef: { kind: 'OCIRepository', name: 'app' } };
    const applied = { lastAppliedRevision: digest('2'), lastAppliedOriginRevision: main(NEW) };
    const at = (attempted: string) =>
      kustomization(NEW, {
        spec,
        conditions: [WORKING],
        status: { ...applied, lastAttemptedRevision: digest(attempted) },
      });
    const { world } = sceneWith([at('3'), source], { now: 1_000 });
    const seen = (attempted: string) =>
      look([at(attempted), source], {
        now: 2_000,
        world: { ...sceneWith([at(attempted), source]).world, places: world.places },
      });
    expect(seen('3').observation?.seenRevision).toBe(NEW);
    // Then it has itself taken up what the source shows.
    expect(seen('1').observation?.seenRevision).toBe(OLD);
  });
});

describe('the same of what a Kustomization or a chart brings', () => {
  const see = (objects: readonly Json[], readSince: number, kind: string) => heard(objects, 2_000, readSince, {}, kind);

  it('a release of a chart that was built of the wanted revision', () => {
    const objects = [release(version(NEW)), chart(NEW), repository(OLD)];
    const first = see(objects, 1_000, 'HelmRelease');
    expect(first).toMatchObject({ observation: { seenRevision: NEW, trusted: false }, readAgain: true });
    expect(heard(objects, 9_000, 2_000, first.memory, 'HelmRelease').observation?.seenRevision).toBe(OLD);
  });

  it('a release on which the revision comes on two ways, where it is so on one of them', () => {
    const objects = [release(version(NEW), { labels: OWNED }), chart(NEW), kustomization(OLD), repository(OLD)];
    expect(see(objects, 1_000, 'HelmRelease')).toMatchObject({ observation: { trusted: false }, readAgain: true });
  });

  it('a release is not blocked by it', () => {
    const suspended = repository(OLD, { spec: { suspend: true } });
    const objects = [release(version(OLD), { conditions: [WORKING] }), chart(NEW), suspended];
    expect(see(objects, 1_000, 'HelmRelease').observation?.state).toBe('syncing');
    expect(see(objects, 2_000, 'HelmRelease').observation?.state).toBe('blocked');
  });

  it.each(['ResourceSet', 'HelmRelease'])('a %s that a Kustomization has applied', (kind) => {
    const elsewhere = { chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } } };
    const object =
      kind === 'HelmRelease'
        ? release('1.0.0', { labels: OWNED, spec: elsewhere })
        : fluxObject(kind, { labels: OWNED, conditions: [READY] });
    const charts = fluxObject('HelmRepository', { name: 'charts', spec: { url: 'https://charts.example.com' } });
    const built = chart(NEW, '1.0.0', { status: { observedSourceArtifactRevision: `sha256:${'4'.repeat(64)}` } });
    const objects = [object, LIVE, repository(OLD), ...(kind === 'HelmRelease' ? [charts, built] : [])];
    const first = see(objects, 1_000, kind);
    expect(first).toMatchObject({ observation: { seenRevision: NEW, trusted: false }, readAgain: true });
    expect(heard(objects, 9_000, 2_000, first.memory, kind).observation?.seenRevision).toBe(OLD);
  });
});

describe('what was taken from another source', () => {
  const OTHER = { sourceRef: { kind: 'GitRepository', name: 'other' } };
  const other = (commit: string) => repository(commit, { name: 'other' });
  const moved = (observedGeneration: number, ...conditions: readonly Json[]) =>
    kustomization(NEW, {
      generation: 2,
      observedGeneration,
      spec: OTHER,
      conditions,
      status: { lastAppliedRevision: main(OLD) },
    });

  it('tells nothing of the source that a Kustomization has been given since', () => {
    const { observation, readAgain } = heard([moved(1, WORKING, FETCHING), other(OLD)], 2_000, 1_000);
    expect([observation?.seenRevision, readAgain]).toEqual([OLD, false]);
    const { memory } = heard([took(WORKING, FETCHING), repository(NEW)], 1_000, 500);
    expect(heard([moved(1, WORKING), other(OLD)], 2_000, 900, memory).observation?.seenRevision).toBe(OLD);
  });

  it('tells of it once a pass over the new spec is over', () => {
    expect(heard([moved(2, WORKING), other(OLD)], 2_000, 1_000).observation?.seenRevision).toBe(NEW);
  });

  it('goes on to tell of the same source after a change of anything else', () => {
    const { memory } = heard([took(WORKING, FETCHING), repository(OLD)], 1_000, 500);
    const changed = kustomization(NEW, {
      generation: 2,
      observedGeneration: 1,
      spec: { path: './other' },
      conditions: [WORKING],
      status: { lastAppliedRevision: main(OLD) },
    });
    expect(heard([changed, repository(OLD)], 2_000, 900, memory).observation?.seenRevision).toBe(NEW);
    expect(heard([changed, repository(OLD)], 2_000, 1_000, memory).observation?.seenRevision).toBe(OLD);
  });

  it('tells nothing of the source of a chart that is still built of another', () => {
    const spec = { chart: { spec: { chart: './chart', ...OTHER } } };
    const objects = [release(version(NEW), { spec }), chart(NEW), other(OLD)];
    expect(heard(objects, 2_000, 1_000, {}, 'HelmRelease').observation?.seenRevision).toBe(OLD);
    const changed = chart(NEW, version(NEW), { generation: 2, observedGeneration: 1, spec: OTHER });
    const both = [release(version(NEW), { spec }), changed, other(OLD)];
    expect(heard(both, 2_000, 1_000, {}, 'HelmRelease').observation?.seenRevision).toBe(OLD);
  });
});

describe('a wait on a Kustomization that is heard of before its source', () => {
  /** Everything that was heard, one by one, and what is judged in the end. */
  function played(steps: readonly (readonly [number, number, Json, Json])[]) {
    const known = { [OLD]: 'lacks', [NEW]: 'equal', [NEWER]: 'contains' } as const;
    const related = (revision: string) => known[revision as keyof typeof known];
    const history: Observation[] = [];
    let memory: Memory = {};
    for (const [now, readSince, object, source] of steps) {
      const appraisal = heard([object, source], now, readSince, memory);
      memory = appraisal.memory;
      if (appraisal.observation !== undefined) history.push(appraisal.observation);
    }
    const [now = 0] = steps.at(-1) ?? [];
    const judged = history.map((one) => relate(one, related));
    return judge(judged, { revision: NEW, images: [] }, DEFAULTS, now, 0).kind;
  }

  const UNDER_CHECK = took(WORKING, CHECKING);
  const BUILD = took(WORKING, reconciling('Building manifests'));

  it('is not superseded by an old word of its source that nothing follows', () => {
    const old = repository(OLD);
    const steps = [
      [1_000, 0, kustomization(OLD), old],
      [2_000, 0, UNDER_CHECK, old],
      [2_100, 0, BUILD, old],
      [9_000, 0, took(READY), old],
    ] as const;
    expect(played(steps)).toBe('waiting');
  });

  it('is not blocked by the old word of a source that was suspended then, and superseded where a read says the same', () => {
    const old = repository(OLD, { spec: { suspend: true } });
    const steps = [
      [2_000, 0, BUILD, old],
      [9_000, 0, BUILD, old],
      [9_100, 9_000, BUILD, old],
      [14_100, 9_000, BUILD, old],
    ] as const;
    expect(played(steps.slice(0, 2))).toBe('waiting');
    expect(played(steps)).toBe('superseded');
  });

  it('is superseded 5 s after a read that shows that its source went elsewhere', () => {
    const old = repository(OLD);
    const steps = [
      [1_000, 0, kustomization(OLD), old],
      [2_000, 0, BUILD, old],
      [2_500, 2_100, BUILD, old],
      [7_500, 7_400, BUILD, old],
    ] as const;
    expect(played(steps.slice(0, -1))).toBe('waiting');
    expect(played(steps)).toBe('superseded');
  });

  it('is superseded 5 s after its source was heard to go elsewhere once it had been read', () => {
    const steps = [
      [1_000, 900, kustomization(OLD), repository(OLD)],
      [2_000, 900, BUILD, repository(NEW)],
      [3_000, 2_900, BUILD, repository(NEW)],
      [4_000, 2_900, BUILD, repository(OLD)],
      [9_000, 2_900, BUILD, repository(OLD)],
    ] as const;
    expect(played(steps.slice(0, -1))).toBe('waiting');
    expect(played(steps)).toBe('superseded');
  });

  it('is not superseded by what it has itself named last before the health check that it is past', () => {
    const source = repository(NEW);
    const steps = [
      [1_000, 900, kustomization(OLD), repository(OLD)],
      [2_000, 900, UNDER_CHECK, source],
      [2_100, 900, took(READY), source],
      [9_000, 900, took(READY), source],
    ] as const;
    expect(played(steps)).toBe('waiting');
  });
});
