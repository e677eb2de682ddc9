import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import {
  condition,
  fluxObject,
  kustomization,
  look,
  main,
  NEW,
  NEWER,
  OLD,
  observed,
  observedMember,
  READY,
  REPOSITORY,
  repository,
} from '../../support/flux-objects.ts';
import { chart, DIGEST, OWNED, release, version } from '../../support/flux-releases.ts';

const OTHER_DIGEST = `sha256:${'2'.repeat(64)}`;

type Parts = Parameters<typeof fluxObject>[1];

const see = (...objects: readonly Json[]) => observed(objects, {}, 'HelmRelease');

describe('a HelmRelease of a chart in the repository', () => {
  it('is at the commit that its chart was built of', () => {
    expect(see(release(version(NEW)), chart(NEW, version(NEW)), repository(NEW))).toMatchObject({
      state: 'healthy',
      trusted: true,
      seenRevision: NEW,
      appliedRevision: NEW,
    });
  });

  it.each<readonly [string, Parts]>([
    ['the generation was not observed', { generation: 2, observedGeneration: 1 }],
    ['the generation was not attempted', { status: { lastAttemptedGeneration: 0 } }],
    [
      'the newest release was rolled back',
      { conditions: [READY, condition('Remediated', 'True', 'RollbackSucceeded')] },
    ],
    ['the newest release has other values', { status: { lastAttemptedConfigDigest: OTHER_DIGEST } }],
    [
      'the newest release is of another chart',
      { status: { history: [{ version: 3, status: 'deployed', chartVersion: '0.9.0', configDigest: DIGEST }] } },
    ],
    [
      'the newest release is not deployed',
      { status: { history: [{ version: 3, status: 'failed', chartVersion: version(NEW), configDigest: DIGEST }] } },
    ],
    ['nothing was ever released', { status: { history: [] } }],
    ['its tests have not succeeded', { spec: { test: { enable: true } } }],
    ['Released is False', { conditions: [READY, condition('Released', 'False', 'UpgradeFailed')] }],
  ])('is not when %s', (_, parts) => {
    const seen = see(release(version(NEW), parts), chart(NEW, version(NEW)), repository(NEW));
    expect(seen?.trusted).toBe(false);
    expect(seen?.appliedRevision).toBeUndefined();
  });

  it('takes the newest release by its number, wherever it stands', () => {
    const older = { version: 1, status: 'superseded', chartVersion: '0.1.0', configDigest: DIGEST };
    const newest = { version: 12, status: 'deployed', chartVersion: version(NEW), configDigest: DIGEST };
    const history = [older, newest, { ...older, version: 9 }];
    expect(
      see(release(version(NEW), { status: { history } }), chart(NEW, version(NEW)), repository(NEW))?.trusted,
    ).toBe(true);
  });

  it('is not while the chart that was built of it has not been tried', () => {
    expect(see(release(version(OLD)), chart(NEW, version(NEW)), repository(NEW))).toMatchObject({
      state: 'pending',
      trusted: false,
      seenRevision: NEW,
    });
  });

  it('is not while the artifact of the chart is behind what it says', () => {
    const seen = see(release(version(OLD)), chart(NEW, version(OLD)), repository(NEW));
    expect(seen?.appliedRevision).toBeUndefined();
  });

  it('has failed when the controller has given up, and only then', () => {
    const failing = [condition('Ready', 'False', 'UpgradeFailed', 'timeout')];
    const objects = [chart(NEW, version(NEW)), repository(NEW)];
    const retrying = release(version(NEW), { conditions: failing });
    expect(see(retrying, ...objects)?.attempt?.outcome).toBe('running');
    const given = release(version(NEW), { conditions: [...failing, condition('Stalled', 'True', 'RetriesExceeded')] });
    expect(see(given, ...objects)?.attempt).toMatchObject({ revision: NEW, outcome: 'failed' });
    const remediated = [...failing, condition('Remediated', 'True', 'RollbackSucceeded')];
    expect(see(release(version(NEW), { conditions: remediated }), ...objects)?.attempt?.outcome).toBe('failed');
    const next = [...remediated, condition('Reconciling', 'True', 'ProgressingWithRetry')];
    expect(see(release(version(NEW), { conditions: next }), ...objects)?.attempt?.outcome).toBe('running');
  });

  it('has not failed for the wanted revision when it gave up on an older chart', () => {
    const given = release(version(OLD), {
      conditions: [condition('Ready', 'False', 'UpgradeFailed'), condition('Stalled', 'True', 'RetriesExceeded')],
    });
    expect(see(given, chart(NEW, version(NEW)), repository(NEW))?.attempt).toBeUndefined();
  });
});

describe('a HelmRelease that was given up', () => {
  const failing = condition('Ready', 'False', 'UpgradeFailed');
  const stalled = condition('Stalled', 'True', 'RetriesExceeded');
  const attemptOf = (parts: Parts) =>
    see(release(version(NEW), { conditions: [failing, stalled], ...parts }), chart(NEW, version(NEW)), repository(NEW))
      ?.attempt;

  it('is not while a newer generation waits, or was not attempted', () => {
    expect(attemptOf({})?.outcome).toBe('failed');
    expect(attemptOf({ generation: 2, observedGeneration: 1 })?.outcome).toBe('running');
    expect(attemptOf({ status: { lastAttemptedGeneration: 0 } })?.outcome).toBe('running');
    expect(attemptOf({ conditions: [condition('Ready', 'Unknown', 'Progressing'), stalled] })?.outcome).toBe('running');
  });
});

describe('a chart that is released by its version only', () => {
  const byVersion = { spec: { reconcileStrategy: 'ChartVersion' } };
  const newer = { artifact: { revision: main(NEW), lastUpdateTime: '2026-11-22T10:30:00Z' } };

  it('never brings a commit that leaves the version alone: blocked', () => {
    const seen = see(release('1.0.0'), chart(NEW, '1.0.0', byVersion), repository(NEW, { status: newer }));
    expect(seen).toMatchObject({ state: 'blocked', obstacle: 'elsewhere' });
    expect(seen?.reasons[0]).toContain('reconcileStrategy is ChartVersion');
    expect(seen?.appliedRevision).toBeUndefined();
  });

  it('brings one that moves the version', () => {
    expect(see(release('1.1.0'), chart(NEW, '1.1.0', byVersion), repository(NEW))).toMatchObject({
      state: 'healthy',
      appliedRevision: NEW,
    });
  });

  it('is not known to bring an earlier one, once a later one has left the version alone', () => {
    const later = { artifact: { revision: main(NEWER), lastUpdateTime: '2026-11-22T10:30:00Z' } };
    const seen = see(release('1.0.0'), chart(NEWER, '1.0.0', byVersion), repository(NEWER, { status: later }));
    expect(seen).toMatchObject({ state: 'pending', trusted: false });
  });

  it('is seen to stay the same when it is built again within a second', () => {
    const before = look([release('1.0.0'), chart(OLD, '1.0.0', byVersion), repository(OLD)], {}, {}, 'HelmRelease');
    const after = look(
      [release('1.0.0'), chart(NEW, '1.0.0', byVersion), repository(NEW)],
      {},
      before.memory,
      'HelmRelease',
    );
    expect(after.observation).toMatchObject({ state: 'blocked' });
  });

  it('does not matter to a release that is applied from the same repository, unless the chart is what changed', () => {
    const objects = [
      release('1.0.0', { labels: OWNED }),
      chart(NEW, '1.0.0', byVersion),
      repository(NEW, { status: newer }),
      kustomization(NEW),
    ];
    expect(observed(objects, {}, 'HelmRelease')).toMatchObject({ state: 'healthy', appliedRevision: NEW });
    const chartChanged = new Set(['HelmRelease/flux/app']);
    expect(observed(objects, { chartChanged }, 'HelmRelease')).toMatchObject({ state: 'blocked' });
  });
});

describe('a HelmRelease that a Kustomization applies', () => {
  const charts = fluxObject('HelmRepository', { name: 'charts', spec: { url: 'https://charts.example.com' } });
  const spec = { chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } } };
  const built = chart(OLD, '1.0.0', { spec: { sourceRef: { kind: 'HelmRepository', name: 'charts' } } });
  const owned = (parts: Parts = {}) => release('1.0.0', { labels: OWNED, spec, ...parts });

  it('is at the commit that the Kustomization has applied', () => {
    expect(see(owned(), built, charts, kustomization(NEW), repository(NEW))).toMatchObject({
      state: 'healthy',
      seenRevision: NEW,
      appliedRevision: NEW,
    });
  });

  it('is not before that', () => {
    expect(see(owned(), built, charts, kustomization(OLD), repository(NEW))).toMatchObject({
      seenRevision: NEW,
      appliedRevision: OLD,
    });
  });

  it('is while the Kustomization checks its health, which waits for the release', () => {
    const checking = condition(
      'Reconciling',
      'True',
      'Progressing',
      `Running health checks for revision ${main(NEW)} with a timeout of 1m0s`,
    );
    const owner = kustomization(OLD, { conditions: [condition('Ready', 'Unknown', 'Progressing'), checking] });
    expect(see(owned(), built, charts, owner, repository(NEW))?.appliedRevision).toBe(NEW);
  });

  it('is out of reach where neither its chart nor its owner is of the repository', () => {
    const elsewhere = repository(NEW, { spec: { url: 'https://git.example.com/other' } });
    expect(see(owned(), built, charts, kustomization(NEW), elsewhere)).toMatchObject({
      state: 'blocked',
      obstacle: 'elsewhere',
    });
    expect(REPOSITORY).not.toContain('other');
  });

  it('as a member shows its chart and its generation, and nothing of the commit', () => {
    const conditions = [{ ...READY, observedGeneration: 3 }];
    const third = owned({ generation: 3, conditions, status: { lastAttemptedGeneration: 3 } });
    const scene = [third, built, charts, kustomization(NEW), repository(NEW)];
    const target = { name: 'HelmRelease/flux/app', kind: 'HelmRelease', parent: { name: 'Kustomization/flux/app' } };
    expect(look(scene, {}, {}, 'HelmRelease').observation?.boundToParent).toBeUndefined();
    expect(observedMember(scene, target)).toMatchObject({
      boundToParent: true,
      seenRevision: '1.0.0 (generation 3)',
      appliedRevision: '1.0.0 (generation 3)',
    });
  });
});

describe('a chart version or a digest', () => {
  const wanted = (revision: string) => ({
    wanted: { revision, images: [] },
    related: (one: string) => (one === revision ? ('equal' as const) : ('lacks' as const)),
  });

  it('is the release of that version, whatever is built into its name', () => {
    const objects = [release(version(NEW)), chart(NEW, version(NEW)), repository(NEW)];
    expect(observed(objects, wanted('1.0.0'), 'HelmRelease')).toMatchObject({
      appliedRevision: '1.0.0',
      state: 'healthy',
    });
  });

  it('is the digest of a chart in a registry', () => {
    const holder = fluxObject('OCIRepository', {
      spec: { url: 'oci://registry.example.com/web' },
      status: { artifact: { revision: `1.0.0@${OTHER_DIGEST}` } },
    });
    const attempted = `1.0.0+${'2'.repeat(12)}`;
    const object = release(attempted, {
      spec: { chart: undefined, chartRef: { kind: 'OCIRepository', name: 'app' } },
      status: { lastAttemptedRevisionDigest: OTHER_DIGEST },
    });
    expect(observed([object, holder], wanted(OTHER_DIGEST), 'HelmRelease')).toMatchObject({
      appliedRevision: OTHER_DIGEST,
      seenRevision: OTHER_DIGEST,
      state: 'healthy',
    });
  });
});

describe('objects of flux-operator', () => {
  it('are at the commit of the Kustomization that applies them', () => {
    const object = fluxObject('ResourceSet', { labels: OWNED, conditions: [READY] });
    expect(observed([object, kustomization(NEW), repository(NEW)], {}, 'ResourceSet')).toMatchObject({
      state: 'healthy',
      appliedRevision: NEW,
    });
  });

  it('never show a commit by themselves', () => {
    const object = fluxObject('FluxInstance', {
      conditions: [READY],
      status: { lastAppliedRevision: `v2.9.0@${DIGEST}` },
    });
    expect(observed([object], {}, 'FluxInstance')).toMatchObject({ state: 'blocked', obstacle: 'elsewhere' });
    const related = (one: string) => (one === 'v2.9.0' ? ('equal' as const) : ('lacks' as const));
    const scene = { wanted: { revision: 'v2.9.0', images: [] }, related };
    expect(observed([object], scene, 'FluxInstance')).toMatchObject({ state: 'healthy', appliedRevision: 'v2.9.0' });
  });

  it('are suspended by an annotation', () => {
    const object = fluxObject('ResourceSet', { labels: OWNED, conditions: [READY] });
    const annotations = { 'fluxcd.controlplane.io/reconcile': 'disabled' };
    const suspended = { ...object, metadata: { ...(object.metadata as Json), annotations } };
    expect(observed([suspended, kustomization(NEW), repository(NEW)], {}, 'ResourceSet')).toMatchObject({
      state: 'blocked',
      obstacle: 'switched-off',
    });
  });
});
