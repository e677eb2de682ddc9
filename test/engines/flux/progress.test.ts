import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import {
  condition,
  kustomization,
  look,
  main,
  NEW,
  NEWER,
  OLD,
  observed,
  observedMember,
  READY,
  repository,
} from '../../support/flux-objects.ts';

const unknown = (observedGeneration = 1) =>
  condition('Ready', 'Unknown', 'Progressing', 'in progress', observedGeneration);
const failed = (reason: string) => condition('Ready', 'False', reason, 'it does not work');
const reconciling = (message: string) => condition('Reconciling', 'True', 'Progressing', message);
const checking = (commit: string, timeout = ' with a timeout of 5m0s') =>
  reconciling(`Running health checks for revision ${main(commit)}${timeout}`);
const at = (attempted: string, conditions: readonly Json[], status: Json = {}) =>
  kustomization(OLD, { conditions, status: { lastAttemptedRevision: main(attempted), ...status } });

describe('a Kustomization at work', () => {
  it('is syncing until it checks the health', () => {
    const seen = observed([at(NEW, [unknown(), reconciling('Detecting drift')]), repository(NEW)]);
    expect(seen).toMatchObject({
      state: 'syncing',
      trusted: false,
      final: false,
      seenRevision: NEW,
      appliedRevision: OLD,
      attempt: { revision: NEW, outcome: 'running', reason: 'Detecting drift' },
      reasons: ['Kustomization/flux/app: Detecting drift'],
    });
  });

  it('says its condition where it says nothing else, and has tried nothing where it has never tried', () => {
    const object = at(NEW, [unknown()], { lastAttemptedRevision: undefined, lastAppliedRevision: undefined });
    const seen = observed([object, repository(NEW)]);
    expect(seen?.reasons).toEqual(['Kustomization/flux/app: Progressing: in progress']);
    expect([seen?.attempt, seen?.appliedRevision]).toEqual([undefined, undefined]);
    expect(observed([at(NEW, []), repository(NEW)])).toMatchObject({ state: 'syncing', reasons: [] });
  });

  it('is rolling out while it checks the newest revision, which is then applied', () => {
    const seen = observed([at(NEW, [unknown(), checking(NEW)]), repository(NEW)]);
    expect(seen).toMatchObject({
      state: 'progressing',
      appliedRevision: NEW,
      attempt: { revision: NEW, outcome: 'running' },
    });
    expect(seen?.reasons).toEqual([
      `Kustomization/flux/app: Running health checks for revision ${main(NEW)} with a timeout of 5m0s`,
    ]);
  });

  it('has not applied what it checks of another attempt', () => {
    expect(observed([at(NEW, [unknown(), checking(NEWER)]), repository(NEW)])?.appliedRevision).toBe(OLD);
  });

  it('is held up by the check of an older revision, for as long as that may take', () => {
    const seen = observed([at(OLD, [unknown(), checking(OLD)]), repository(NEW)]);
    expect(seen).toMatchObject({ state: 'syncing', seenRevision: NEW, appliedRevision: OLD });
    expect(seen?.reasons).toEqual([
      `Kustomization/flux/app is still checking the health of main@sha1:${OLD.slice(0, 12)}, for at most 5m0s; only then it takes up main@sha1:${NEW.slice(0, 12)}`,
    ]);
    expect(observed([at(OLD, [unknown(), checking(OLD, '')]), repository(NEW)])?.reasons[0]).toContain(
      'for at most its timeout;',
    );
  });

  it('is only waited for while it looks ready with a spec that it has not taken up', () => {
    const object = kustomization(NEW, { generation: 2, observedGeneration: 1, conditions: [READY, checking(NEW)] });
    expect(observed([object, repository(NEW)])).toMatchObject({ state: 'pending', attempt: { outcome: 'running' } });
  });

  it('says that it tries again after a failure', () => {
    const objects = [at(NEW, [failed('ReconciliationFailed')]), repository(NEW)];
    const first = look(objects, { now: 0 });
    const retry = look(
      [at(NEW, [unknown(), reconciling('Fetching manifests')]), repository(NEW)],
      { now: 1 },
      first.memory,
    );
    expect(retry.observation?.reasons).toEqual([
      'Kustomization/flux/app: Fetching manifests',
      'it tries again after a failure',
    ]);
  });

  it('has succeeded with what it says', () => {
    const seen = observed([kustomization(NEW), repository(NEW)]);
    expect(seen?.attempt).toEqual({
      revision: NEW,
      outcome: 'succeeded',
      reason: 'Kustomization/flux/app: ReconciliationSucceeded: Applied revision',
    });
    expect(seen?.reasons).toEqual(['Kustomization/flux/app: ReconciliationSucceeded: Applied revision']);
  });

  it('says what of its source it has not taken up', () => {
    expect(observed([kustomization(NEW), repository(NEWER)])?.reasons).toEqual([
      `Kustomization/flux/app has not taken up main@sha1:${NEWER.slice(0, 12)} yet`,
      'Kustomization/flux/app: ReconciliationSucceeded: Applied revision',
    ]);
  });

  it('has a source that it names wrongly, or that is not there', () => {
    const nameless = kustomization(NEW, { spec: { sourceRef: { kind: 'Unknown' } } });
    expect(observed([nameless])?.reasons[0]).toBe('its source without a name is not there, or may not be read');
    const missing = look([kustomization(NEW)], { world: worldWithout() });
    expect(missing.observation?.reasons[0]).toBe('its source GitRepository/flux/app is not there, or may not be read');
  });
});

function worldWithout() {
  const object = kustomization(NEW);
  const [own, source] = [
    'kustomize.toolkit.fluxcd.io/Kustomization flux',
    'source.toolkit.fluxcd.io/GitRepository flux',
  ];
  return {
    objects: new Map([[`${own}/app`, object]]),
    places: new Map([own, source].map((key) => [key, { readSince: 1 }])),
  };
}

describe('a Kustomization that is not ready', () => {
  it.each([
    ['HealthCheckCanceled', 'syncing'],
    ['DependencyNotReady', 'pending'],
    ['SourceNotReady', 'pending'],
  ])('for %s is %s', (reason, state) => {
    const seen = observed([at(NEW, [failed(reason)]), repository(NEW)]);
    expect(seen).toMatchObject({ state, reasons: [`Kustomization/flux/app: ${reason}: it does not work`] });
    expect(seen?.attempt).toBeUndefined();
  });

  it('waits for one that has failed, with the words of that one first', () => {
    const cache = kustomization(NEW, { name: 'cache', conditions: [failed('BuildFailed')] });
    const app = kustomization(OLD, {
      spec: { dependsOn: [{ name: 'cache' }] },
      conditions: [failed('DependencyNotReady')],
    });
    const seen = observed([app, cache, repository(NEW)]);
    expect(seen).toMatchObject({ state: 'pending', attempt: { revision: NEW, outcome: 'failed' } });
    expect(seen?.reasons).toEqual([
      'depends on Kustomization/flux/cache: BuildFailed: it does not work',
      'depends on Kustomization/flux/cache, which has failed',
      'Kustomization/flux/app: DependencyNotReady: it does not work',
    ]);
  });

  it('tells the failure first, and then what else there is to say', () => {
    const trouble = condition('FetchFailed', 'True', 'GitOperationFailed', 'status code: 503');
    const seen = observed([at(OLD, [failed('BuildFailed')]), repository(OLD, { conditions: [trouble] })]);
    expect(seen?.reasons).toEqual([
      'Kustomization/flux/app: BuildFailed: it does not work',
      'GitRepository/flux/app: GitOperationFailed: status code: 503',
    ]);
  });

  const entry = (commit: string, lastReconciledStatus: string) => ({
    lastReconciledStatus,
    metadata: { revision: main(commit) },
  });
  it.each([
    [
      'the oldest of those that failed in a row',
      [entry(NEWER, 'HealthCheckFailed'), entry(NEW, 'HealthCheckFailed'), entry(OLD, 'ReconciliationSucceeded')],
      NEW,
    ],
    [
      'none before the last good one',
      [entry(NEWER, 'ReconciliationSucceeded'), entry(NEW, 'HealthCheckFailed')],
      undefined,
    ],
    [
      'the oldest of all where none was good',
      [entry(NEWER, 'HealthCheckFailed'), entry(OLD, 'HealthCheckFailed')],
      OLD,
    ],
    ['not itself', [entry(NEWER, 'HealthCheckFailed'), entry(OLD, 'ReconciliationSucceeded')], undefined],
    ['only health checks', [entry(NEWER, 'HealthCheckFailed'), entry(NEW, 'ReconciliationFailed')], undefined],
  ])('names the revision that broke first: %s', (_, history, commit) => {
    const object = at(NEWER, [failed('HealthCheckFailed')], { history });
    const blame = commit === undefined ? '' : `; it has failed since main@sha1:${commit.slice(0, 12)}`;
    expect(observed([object, repository(NEWER)])?.attempt?.reason).toBe(
      `Kustomization/flux/app: HealthCheckFailed: it does not work${blame}`,
    );
  });
});

describe('a failure with a pass of which the begin was seen', () => {
  const attempt = (begun: readonly Json[], then: readonly Json[]) => {
    let memory = {};
    for (const conditions of [begun, then]) {
      memory = look(
        [kustomization(NEW, { conditions, generation: 2, observedGeneration: 1 }), repository(NEW)],
        {},
        memory,
      ).memory;
    }
    const stamped = [condition('Ready', 'False', 'HealthCheckFailed', '', 2)];
    const object = kustomization(NEW, { conditions: stamped, generation: 2, observedGeneration: 1 });
    return look([object, repository(NEW)], {}, memory).observation?.attempt?.outcome;
  };

  it('is about the generation that it began with', () => {
    expect(attempt([unknown(1), reconciling('Fetching manifests')], [unknown(2), checking(NEW)])).toBeUndefined();
    expect(attempt([unknown(2), reconciling('Fetching manifests')], [unknown(2), checking(NEW)])).toBe('failed');
    expect(attempt([unknown(1), reconciling('Fetching')], [unknown(2), reconciling('Fetching')])).toBe('failed');
    expect(attempt([unknown(1), checking(NEW)], [unknown(2), checking(NEW)])).toBeUndefined();
  });
});

describe('a member that takes its files from elsewhere', () => {
  const parent = { name: 'Kustomization/flux/root' };
  const target = { name: 'Kustomization/flux/app', kind: 'Kustomization', namespace: 'flux', parent };
  const elsewhere = (url: string) => repository(OLD, { spec: { url } });

  it('is bound to its parent, and told in its own revisions', () => {
    const seen = observedMember([kustomization(OLD), elsewhere('https://git.example.com/other')], target);
    expect(seen).toMatchObject({ boundToParent: true, seenRevision: main(OLD), appliedRevision: main(OLD) });
    expect(seen?.obstacle).toBeUndefined();
  });

  it('is not where its source is the wanted one', () => {
    const seen = observedMember([kustomization(OLD), repository(OLD)], target);
    expect([seen?.boundToParent, seen?.seenRevision]).toEqual([undefined, OLD]);
  });
});
