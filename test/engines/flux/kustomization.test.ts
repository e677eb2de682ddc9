import { describe, expect, it } from '@jest/globals';
import {
  condition,
  kustomization,
  look,
  main,
  NEW,
  NEWER,
  OLD,
  observed,
  READY,
  repository,
} from '../../support/flux-objects.ts';

const failed = (reason: string, message = 'it does not work') => condition('Ready', 'False', reason, message);

describe('a Kustomization that stands at the wanted revision', () => {
  it('is healthy and believed', () => {
    expect(observed([kustomization(NEW), repository(NEW)])).toMatchObject({
      state: 'healthy',
      trusted: true,
      seenRevision: NEW,
      appliedRevision: NEW,
    });
  });

  it('is not while its own generation has not been observed, whatever the condition is stamped with', () => {
    const object = kustomization(NEW, {
      generation: 2,
      observedGeneration: 1,
      conditions: [{ ...READY, observedGeneration: 2 }],
    });
    expect(observed([object, repository(NEW)])?.trusted).toBe(false);
  });

  it('is not while the condition is about another generation, as after it was suspended', () => {
    const object = kustomization(NEW, { generation: 2, conditions: [READY] });
    expect(observed([object, repository(NEW)])?.trusted).toBe(false);
  });

  it('is not while Ready is ahead of the revision that was applied', () => {
    const object = kustomization(NEW, { status: { lastAppliedRevision: main(OLD) } });
    expect(observed([object, repository(NEW)])).toMatchObject({
      state: 'pending',
      trusted: false,
      appliedRevision: OLD,
    });
  });

  it('waits while its source has something newer', () => {
    expect(observed([kustomization(NEW), repository(NEWER)])).toMatchObject({
      state: 'pending',
      seenRevision: NEWER,
      appliedRevision: NEW,
    });
  });
});

describe('what keeps a Kustomization from the wanted revision', () => {
  it('is suspended, though it looks ready', () => {
    expect(observed([kustomization(NEW, { spec: { suspend: true } }), repository(NEW)])).toMatchObject({
      state: 'blocked',
      obstacle: 'switched-off',
    });
  });

  it('has a suspended source', () => {
    const source = repository(OLD, { spec: { suspend: true } });
    expect(observed([kustomization(OLD), source])).toMatchObject({ state: 'blocked', obstacle: 'switched-off' });
  });

  it('has another repository: final', () => {
    const source = repository(OLD, { spec: { url: 'https://git.example.com/other' } });
    expect(observed([kustomization(OLD), source])).toMatchObject({
      state: 'blocked',
      obstacle: 'elsewhere',
      final: true,
    });
  });

  it('follows another branch', () => {
    const source = repository(OLD, { spec: { ref: { branch: 'staging' } } });
    expect(observed([kustomization(OLD), source])).toMatchObject({
      state: 'blocked',
      obstacle: 'elsewhere',
      final: false,
    });
    const merged = repository(NEWER, { spec: { ref: { branch: 'staging' } } });
    expect(observed([kustomization(NEWER), merged])).toMatchObject({ state: 'healthy' });
  });

  it('follows master where it names no branch', () => {
    const source = repository(OLD, { spec: { ref: {} } });
    expect(observed([kustomization(OLD), source])?.reasons[0]).toContain('follows the branch master, not main');
  });

  it('is pinned to a commit', () => {
    const source = repository(OLD, { spec: { ref: { commit: OLD } } });
    expect(observed([kustomization(OLD), source])).toMatchObject({ obstacle: 'pinned' });
  });

  it('has a source whose branch is gone, which is said after the grace', () => {
    const trouble = condition(
      'FetchFailed',
      'True',
      'GitOperationFailed',
      `couldn't find remote ref "refs/heads/absent"`,
    );
    const source = repository(OLD, { conditions: [trouble] });
    const first = look([kustomization(OLD), source], { now: 0 });
    expect(first.observation).toMatchObject({ state: 'healthy', appliedRevision: OLD });
    expect(first.observation?.reasons[0]).toContain("couldn't find remote ref");
    const later = look([kustomization(OLD), source], { now: 30_000 }, first.memory);
    expect(later.observation).toMatchObject({ state: 'blocked', obstacle: 'elsewhere' });
  });

  it('is given time where its source is away for a while', () => {
    const trouble = condition('FetchFailed', 'True', 'GitOperationFailed', 'unexpected status code: 503');
    const source = repository(OLD, { conditions: [trouble] });
    const first = look([kustomization(OLD), source], { now: 0 });
    const later = look([kustomization(OLD), source], { now: 300_000 }, first.memory);
    expect(later.observation?.state).toBe('healthy');
  });
});

describe('a failure of a Kustomization', () => {
  it.each(['BuildFailed', 'HealthCheckFailed'])('%s at the wanted revision is final', (reason) => {
    const object = kustomization(NEW, { status: { lastAppliedRevision: main(OLD) }, conditions: [failed(reason)] });
    expect(observed([object, repository(NEW)])?.attempt).toMatchObject({ revision: NEW, outcome: 'failed' });
  });

  it('belongs to the revision that was attempted, not to the newest one', () => {
    const object = kustomization(OLD, { conditions: [failed('HealthCheckFailed')] });
    expect(observed([object, repository(NEW)])).toMatchObject({
      seenRevision: NEW,
      attempt: { revision: OLD, outcome: 'failed' },
    });
  });

  it('does not count when it is of an older generation', () => {
    const object = kustomization(NEW, { generation: 2, conditions: [failed('HealthCheckFailed')] });
    expect(observed([object, repository(NEW)])?.attempt?.outcome).not.toBe('failed');
  });

  it('does not count when its pass began before the spec changed', () => {
    const running = { ...condition('Ready', 'Unknown', 'Progressing'), observedGeneration: 1 };
    const begun = look([kustomization(NEW, { conditions: [running] }), repository(NEW)]);
    const stamped = { ...failed('HealthCheckFailed'), observedGeneration: 2 };
    const object = kustomization(NEW, { generation: 2, observedGeneration: 1, conditions: [stamped] });
    expect(look([object, repository(NEW)], {}, begun.memory).observation?.attempt?.outcome).not.toBe('failed');
  });

  it('of a refused object is final, of anything else after a grace that retries do not begin anew', () => {
    const at = (message: string, now: number, memory = {}) =>
      look(
        [kustomization(NEW, { conditions: [failed('ReconciliationFailed', message)] }), repository(NEW)],
        { now },
        memory,
      );
    expect(at('Deployment/flux/web dry-run failed (Invalid): ...', 0).observation?.attempt?.outcome).toBe('failed');
    const first = at('no matches for kind "Certificate"', 0);
    expect(first.observation?.attempt?.outcome).toBe('running');
    const retry = condition('Ready', 'Unknown', 'Progressing');
    const reconciling = condition('Reconciling', 'True', 'Progressing', 'Fetching manifests for revision');
    const again = look(
      [kustomization(NEW, { conditions: [retry, reconciling] }), repository(NEW)],
      { now: 10_000 },
      first.memory,
    );
    expect(again.observation?.attempt?.outcome).toBe('running');
    expect(at('no matches for kind "Certificate"', 30_000, again.memory).observation?.attempt?.outcome).toBe('failed');
  });

  it('begins anew once a try got as far as the health check', () => {
    const passing = [failed('ReconciliationFailed', 'webhook: context deadline exceeded')];
    const first = look([kustomization(NEW, { conditions: passing }), repository(NEW)], { now: 0 });
    const checking = condition(
      'Reconciling',
      'True',
      'Progressing',
      `Running health checks for revision ${main(NEW)} with a timeout of 1m0s`,
    );
    const running = [condition('Ready', 'Unknown', 'Progressing'), checking];
    const then = look([kustomization(NEW, { conditions: running }), repository(NEW)], { now: 20_000 }, first.memory);
    expect(then.observation).toMatchObject({ state: 'progressing', appliedRevision: NEW, trusted: false });
    const last = look([kustomization(NEW, { conditions: passing }), repository(NEW)], { now: 40_000 }, then.memory);
    expect(last.observation?.attempt?.outcome).toBe('running');
  });

  it('that hides the revision is attributed by time to what the source has', () => {
    const gone = {
      ...failed('ArtifactFailed', 'kustomization path not found'),
      lastTransitionTime: '2026-11-22T10:00:01Z',
    };
    const object = kustomization(OLD, { conditions: [gone] });
    const first = look([object, repository(NEW)], { now: 0 });
    expect(first.observation?.attempt).toMatchObject({ revision: NEW, outcome: 'running' });
    expect(look([object, repository(NEW)], { now: 30_000 }, first.memory).observation?.attempt?.outcome).toBe('failed');
    const fresh = repository(NEW, {
      status: { artifact: { revision: main(NEW), lastUpdateTime: '2026-11-22T10:05:00Z' } },
    });
    expect(look([object, fresh], { now: 30_000 }, first.memory).observation?.attempt).toBeUndefined();
  });

  it.each(['HealthCheckCanceled', 'ArtifactFailed'])('%s is waited for', (reason) => {
    const object = kustomization(NEW, { conditions: [failed(reason, 'Source artifact not found, retrying in 5s')] });
    expect(look([object, repository(NEW)], { now: 500_000 }).observation?.attempt?.outcome).not.toBe('failed');
  });

  it('that it has stalled with is final, unless what applies it may bring a better spec', () => {
    const stalled = [failed('InvalidCELExpression'), condition('Stalled', 'True', 'InvalidCELExpression')];
    expect(observed([kustomization(OLD, { conditions: stalled }), repository(NEW)])?.attempt).toMatchObject({
      revision: NEW,
      outcome: 'failed',
    });
    const labels = { 'kustomize.toolkit.fluxcd.io/name': 'root', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' };
    const owned = kustomization(OLD, { conditions: stalled, labels });
    expect(observed([owned, repository(NEW)])?.attempt?.outcome).toBe('running');
  });
});

describe('dependencies', () => {
  const waits = (on: string, name = 'app') =>
    kustomization(OLD, {
      name,
      spec: { dependsOn: [{ name: on }] },
      conditions: [failed('DependencyNotReady', `dependency 'flux/${on}' is not ready`)],
    });

  it('are asked themselves, and theirs as well, and the chain is named', () => {
    const last = kustomization(NEW, { name: 'database', conditions: [failed('HealthCheckFailed', 'timeout')] });
    const seen = observed([waits('cache'), waits('database', 'cache'), last, repository(NEW)]);
    expect(seen?.attempt).toMatchObject({ revision: NEW, outcome: 'failed' });
    expect(seen?.reasons.slice(0, 3)).toEqual([
      'depends on Kustomization/flux/cache, which depends on Kustomization/flux/database: HealthCheckFailed: timeout',
      'depends on Kustomization/flux/cache',
      'depends on Kustomization/flux/database, which has failed',
    ]);
  });

  it('that failed at another revision are waited for', () => {
    const old = kustomization(OLD, { name: 'cache', conditions: [failed('HealthCheckFailed')] });
    expect(observed([waits('cache'), old, repository(NEW)])).toMatchObject({ state: 'pending' });
    expect(observed([waits('cache'), old, repository(NEW)])?.attempt).toBeUndefined();
  });

  it('that are suspended block', () => {
    const asleep = kustomization(OLD, { name: 'cache', spec: { suspend: true } });
    expect(observed([waits('cache'), asleep, repository(NEW)])).toMatchObject({
      state: 'blocked',
      obstacle: 'switched-off',
    });
  });

  it('in a circle come to an end', () => {
    const circle = [waits('cache'), waits('app', 'cache'), repository(NEW)];
    expect(observed(circle)).toMatchObject({ state: 'pending' });
  });

  it('that are missing are named', () => {
    expect(observed([waits('cache'), repository(NEW)])?.reasons[0]).toContain(
      'Kustomization/flux/cache, which is not there',
    );
  });
});
