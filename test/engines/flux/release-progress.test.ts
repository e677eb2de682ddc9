import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { chartNames } from '../../../src/engines/flux/chart.ts';
import { readFluxObject } from '../../../src/engines/flux/flux-object.ts';
import {
  condition,
  fluxObject,
  kustomization,
  NEW,
  NEWER,
  OLD,
  observed,
  observedMember,
  READY,
  repository,
} from '../../support/flux-objects.ts';
import { chart, OWNED, release, version } from '../../support/flux-releases.ts';

const see = (...objects: readonly Json[]) => observed(objects, {}, 'HelmRelease');
const failed = (reason: string) => condition('Ready', 'False', reason, 'it does not work');
const NOTHING = { status: { history: [] } };
const working = (conditions: readonly Json[], status: Json = {}) =>
  release(version(NEW), { conditions, status: { history: [], ...status } });
const around = [chart(NEW), repository(NEW)];

describe('a HelmRelease', () => {
  it('that stands at its chart has succeeded with what it says', () => {
    const seen = see(release(version(NEW)), ...around);
    expect(seen).toMatchObject({
      state: 'healthy',
      trusted: true,
      attempt: {
        revision: NEW,
        outcome: 'succeeded',
        reason: 'HelmRelease/flux/app: ReconciliationSucceeded: Applied revision',
      },
      reasons: ['HelmRelease/flux/app: ReconciliationSucceeded: Applied revision'],
    });
    expect(seen?.boundToParent).toBeUndefined();
  });

  it('that says nothing yet is at work', () => {
    expect(see(release(version(NEW), { conditions: [], ...NOTHING }), ...around)).toMatchObject({
      state: 'syncing',
      reasons: ['HelmRelease/flux/app has no status yet'],
      attempt: { revision: NEW, outcome: 'running' },
    });
  });

  it('that looks ready without a release is only waited for, unless it is at work', () => {
    expect(see(working([READY]), ...around)).toMatchObject({ state: 'pending', trusted: false });
    const busy = condition('Reconciling', 'True', 'Progressing', "Running 'upgrade' action");
    expect(see(working([READY, busy]), ...around)).toMatchObject({
      state: 'syncing',
      reasons: ["Running 'upgrade' action", 'HelmRelease/flux/app: ReconciliationSucceeded: Applied revision'],
    });
  });

  it('counts its failures while it tries again', () => {
    const busy = condition('Reconciling', 'True', 'ProgressingWithRetry', "Running 'upgrade' action");
    const unknown = condition('Ready', 'Unknown', 'Progressing');
    const first = (failures: unknown, ready = unknown) =>
      see(working([ready, busy], { failures }), ...around)?.reasons[0];
    expect([first(undefined), first(0), first(1), first(2)]).toEqual([
      "Running 'upgrade' action",
      "Running 'upgrade' action",
      "Running 'upgrade' action, 1 failures so far",
      "Running 'upgrade' action, 2 failures so far",
    ]);
    expect(first(2, failed('UpgradeFailed'))).toBe('HelmRelease/flux/app: UpgradeFailed: it does not work');
  });

  it('says what is wrong with its chart', () => {
    const broken = chart(NEW, version(NEW), {
      conditions: [condition('Ready', 'False', 'ChartPullError', 'no such chart')],
    });
    expect(see(working([READY]), broken, repository(NEW))?.reasons).toEqual([
      'HelmRelease/flux/app: ReconciliationSucceeded: Applied revision',
      'HelmChart/flux/flux-app: ChartPullError: no such chart',
    ]);
  });

  it('that has given up tells what failed first, and each thing once', () => {
    const stalled = condition('Stalled', 'True', 'RetriesExceeded', 'after 1 attempt');
    const released = condition('Released', 'False', 'UpgradeFailed', 'timeout');
    const seen = see(working([failed('RollbackSucceeded'), released, stalled]), ...around);
    expect(seen).toMatchObject({ state: 'pending', attempt: { revision: NEW, outcome: 'failed' } });
    expect(seen?.reasons).toEqual([
      'UpgradeFailed: timeout',
      'HelmRelease/flux/app: RollbackSucceeded: it does not work',
      'RetriesExceeded: after 1 attempt',
    ]);
    const good = condition('Released', 'True', 'UpgradeSucceeded', 'fine');
    expect(see(working([failed('RollbackSucceeded'), good, stalled]), ...around)?.reasons[0]).toContain(
      'RollbackSucceeded',
    );
  });

  it('that has given up on another revision says nothing of the wanted one', () => {
    const stalled = condition('Stalled', 'True', 'RetriesExceeded', 'after 1 attempt');
    const old = release(version(OLD), { conditions: [failed('UpgradeFailed'), stalled], ...NOTHING });
    expect(see(old, chart(OLD), repository(OLD))?.attempt).toBeUndefined();
  });

  it('waits for what it depends on, and is blocked where that is suspended', () => {
    const waiting = (suspend: boolean) =>
      see(
        release(version(NEW), {
          spec: { dependsOn: [{ name: 'cache' }] },
          conditions: [failed('DependencyNotReady')],
          ...NOTHING,
        }),
        fluxObject('HelmRelease', { name: 'cache', spec: { suspend }, conditions: [failed('Progressing')] }),
        ...around,
      );
    expect(waiting(false)).toMatchObject({ state: 'pending', seenRevision: NEW });
    expect([waiting(false)?.attempt, waiting(false)?.obstacle]).toEqual([undefined, undefined]);
    expect(waiting(false)?.reasons).toEqual([
      'depends on HelmRelease/flux/cache: Progressing: it does not work',
      'HelmRelease/flux/app: DependencyNotReady: it does not work',
    ]);
    expect(waiting(true)).toMatchObject({ state: 'blocked', obstacle: 'switched-off' });
  });

  it('is out of reach by its chart, or not known to be while the chart cannot be read', () => {
    const elsewhere = repository(NEW, { spec: { url: 'https://git.example.com/other' } });
    expect(see(release(version(NEW)), chart(NEW), elsewhere)).toMatchObject({
      state: 'blocked',
      obstacle: 'elsewhere',
      trusted: false,
      reasons: [
        expect.stringMatching(
          /^neither the chart of HelmRelease\/flux\/app nor a Kustomization .* comes from https:\/\/git/,
        ),
      ],
    });
  });

  it('has no chart of the repository where that is in a registry of charts', () => {
    const registry = fluxObject('HelmRepository', {
      spec: { url: 'https://charts.example.com' },
      status: { artifact: { revision: 'x' } },
    });
    const sourceRef = { kind: 'HelmRepository', name: 'app' };
    const object = release('1.0.0', { spec: { chart: { spec: { chart: 'web', sourceRef } } } });
    const holder = chart(NEW, '1.0.0', { spec: { sourceRef } });
    expect(see(object, holder, registry)).toMatchObject({ state: 'blocked', obstacle: 'elsewhere' });
  });

  it('is told of its source what keeps it from the wanted revision', () => {
    const staging = repository(OLD, { spec: { ref: { branch: 'staging' } } });
    expect(see(release(version(OLD)), chart(OLD), staging)).toMatchObject({ state: 'blocked', obstacle: 'elsewhere' });
    const owned = release(version(OLD), { labels: OWNED });
    expect(see(owned, chart(OLD), kustomization(OLD), staging)?.state).not.toBe('blocked');
  });

  it('has not tried a chart that is not built of the newest commit yet', () => {
    const behind = chart(OLD, version(OLD));
    expect(see(release(version(OLD)), behind, repository(NEW))).toMatchObject({
      seenRevision: NEW,
      appliedRevision: OLD,
    });
    const unready = chart(NEW, version(OLD));
    const seen = see(release(version(OLD)), unready, repository(NEW));
    expect([seen?.seenRevision, seen?.appliedRevision]).toEqual([NEW, undefined]);
  });
});

describe('a chart that keeps its version', () => {
  const byVersion = (commit: string, parts: Parameters<typeof fluxObject>[1] = {}) =>
    chart(commit, '1.0.0', { spec: { reconcileStrategy: 'ChartVersion' }, ...parts });
  const later = (commit: string) =>
    repository(commit, {
      status: { artifact: { revision: `main@sha1:${commit}`, lastUpdateTime: '2026-11-22T10:00:05Z' } },
    });

  it('is never released: certain for the commit itself, waited for where a later one was built', () => {
    const seen = see(release('1.0.0'), byVersion(NEW), later(NEW));
    expect(seen).toMatchObject({ state: 'blocked', obstacle: 'elsewhere', seenRevision: NEW });
    expect(seen?.reasons[0]).toMatch(/^HelmChart\/flux\/flux-app was built of b{12} and its version 1\.0\.0 stays/);
    expect(see(release('1.0.0'), byVersion(NEWER), later(NEWER))).toMatchObject({ state: 'pending' });
  });

  it.each([
    ['the chart is as new as the commit', byVersion(NEW), repository(NEW)],
    ['each commit is released', chart(NEW), later(NEW)],
    ['it was not built of the newest commit', byVersion(OLD), later(NEW)],
    ['it is not ready', byVersion(NEW, { spec: { reconcileStrategy: 'ChartVersion' }, conditions: [] }), later(NEW)],
  ])('is not said where %s', (_, holder, source) => {
    expect(see(release('1.0.0'), holder, source)?.obstacle).toBeUndefined();
  });
});

describe('a member', () => {
  const target = {
    name: 'HelmRelease/flux/app',
    kind: 'HelmRelease',
    namespace: 'flux',
    parent: { name: 'Kustomization/flux/root' },
  };

  it('shows its chart and its generation', () => {
    expect(observedMember([release('1.0.0'), ...around], target)).toMatchObject({
      boundToParent: true,
      seenRevision: '1.0.0 (generation 1)',
    });
    const unreleased = observedMember([release('1.0.0', NOTHING), ...around], target);
    expect(unreleased).toMatchObject({
      boundToParent: true,
      attempt: { revision: '1.0.0 (generation 1)', outcome: 'running' },
    });
    expect(unreleased?.appliedRevision).toBeUndefined();
    const never = observedMember(
      [release('1.0.0', { status: { history: [], lastAttemptedRevision: undefined } }), ...around],
      target,
    );
    expect([never?.seenRevision, never?.attempt]).toEqual([undefined, undefined]);
  });
});

describe('where a chart is', () => {
  const names = (parts: Parameters<typeof fluxObject>[1]) =>
    chartNames(readFluxObject(fluxObject('HelmRelease', parts)));
  const group = 'source.toolkit.fluxcd.io';
  const git = { group, kind: 'GitRepository', namespace: 'other', name: 'config' };

  it('is named by the status, or made up as Flux does', () => {
    const spec = { chart: { spec: { sourceRef: { kind: 'GitRepository', name: 'config', namespace: 'other' } } } };
    expect(names({ spec })).toEqual({
      holder: { group, kind: 'HelmChart', namespace: 'other', name: 'flux-app' },
      source: git,
    });
    expect(names({ spec, status: { helmChart: 'charts/web' } })).toEqual({
      holder: { group, kind: 'HelmChart', namespace: 'charts', name: 'web' },
      source: git,
    });
    expect(names({})).toEqual({ holder: { group, kind: 'HelmChart', namespace: 'flux', name: 'flux-app' } });
  });

  it('is what chartRef says, which brings no other source', () => {
    const chartRef = { kind: 'OCIRepository', name: 'web' };
    expect(names({ spec: { chartRef } })).toEqual({
      holder: { group, kind: 'OCIRepository', namespace: 'flux', name: 'web' },
    });
  });
});

it('a release with tests stands only once they have succeeded', () => {
  const spec = { test: { enable: true } };
  const tested = (conditions: readonly Json[]) => see(release(version(NEW), { spec, conditions }), ...around)?.trusted;
  expect(tested([READY])).toBe(false);
  expect(tested([READY, condition('TestSuccess', 'True', 'TestSucceeded')])).toBe(true);
});
