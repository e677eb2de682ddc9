import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import type { Memory } from '../../../src/engines/flux/finding.ts';
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
} from '../../support/flux-objects.ts';
import { chart, OWNED, release } from '../../support/flux-releases.ts';

const WORKING = condition('Ready', 'Unknown', 'Progressing');
const reconciling = (message: string) => condition('Reconciling', 'True', 'Progressing', message);
const checking = (commit: string) => reconciling(`Running health checks for revision ${main(commit)} with a timeout`);
const FETCHING = reconciling('Fetching manifests');
const over = (reason: string) => condition('Ready', 'False', reason, 'it was stopped');
const at = (attempted: string, applied: string, ...conditions: readonly Json[]) =>
  kustomization(applied, { conditions, status: { lastAttemptedRevision: main(attempted) } });

/** What is applied by each of these statuses, one after the other. */
function applied(statuses: readonly Json[], kind = 'Kustomization', others: readonly Json[] = []) {
  let memory: Memory = {};
  return statuses.map((status) => {
    const appraisal = look([status, repository(NEWER), ...others], {}, memory, kind);
    memory = appraisal.memory;
    return appraisal.observation?.appliedRevision;
  });
}

const CHECKED = at(NEW, OLD, WORKING, checking(NEW));

describe('what a Kustomization has applied all of', () => {
  it('stays applied while the status still names what was there before', () => {
    expect(applied([CHECKED, at(NEW, OLD, READY)])).toEqual([NEW, NEW]);
    expect(applied([at(NEW, OLD, READY)])).toEqual([OLD]);
  });

  it.each([
    ['the next pass over it', at(NEW, OLD, WORKING, FETCHING)],
    ['a dependency that is not ready', at(NEW, OLD, over('DependencyNotReady'))],
    ['the pass over a newer one, which has applied nothing yet', at(NEWER, OLD, WORKING, FETCHING)],
    ['a build of a newer one that failed', at(NEWER, OLD, over('BuildFailed'))],
  ])('stays applied during %s', (_, next) => {
    expect(applied([CHECKED, next, next])).toEqual([NEW, NEW, NEW]);
  });

  it('is told by a check that is over as well', () => {
    const cancelled = at(NEW, OLD, over('HealthCheckCanceled'));
    expect(applied([cancelled, at(NEW, OLD, WORKING, FETCHING)])).toEqual([NEW, NEW]);
  });

  it('is no more once something else was applied', () => {
    const newer = at(NEWER, OLD, WORKING, checking(NEWER));
    expect(applied([CHECKED, newer, at(NEWER, OLD, WORKING, FETCHING)])).toEqual([NEW, NEWER, NEWER]);
    const done = kustomization(NEWER);
    expect(applied([CHECKED, done, at(NEW, NEWER, WORKING, FETCHING)])).toEqual([NEW, NEWER, NEWER]);
  });

  it('is no more once what was there before is taken up again', () => {
    const back = at(OLD, OLD, WORKING, FETCHING);
    expect(applied([CHECKED, back, at(NEW, OLD, WORKING, FETCHING)])).toEqual([NEW, OLD, OLD]);
  });

  it('is on a first install, too', () => {
    const status = { lastAppliedRevision: undefined };
    const first = (...conditions: readonly Json[]) => kustomization(NEW, { conditions, status });
    const statuses = [first(WORKING, FETCHING), first(WORKING, checking(NEW)), first(WORKING, FETCHING)];
    expect(applied(statuses)).toEqual([undefined, NEW, NEW]);
  });

  it('was brought to the release that it applies, for certain only while nothing else may have been applied since', () => {
    const elsewhere = { chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } } };
    const object = release('1.0.0', { labels: OWNED, spec: elsewhere });
    const repositories = fluxObject('HelmRepository', { name: 'charts', spec: { url: 'https://charts.example.com' } });
    const built = chart(NEW, '1.0.0', { status: { observedSourceArtifactRevision: `sha256:${'4'.repeat(64)}` } });
    const others = [object, repositories, built];
    const taking = at(NEWER, OLD, WORKING, FETCHING);
    const done = at(NEW, OLD, READY);
    expect(applied([CHECKED, done], 'HelmRelease', others)).toEqual([NEW, NEW]);
    expect(applied([done], 'HelmRelease', others)).toEqual([OLD]);
    // What was there before may have been applied meanwhile: then it was not heard of.
    expect(applied([CHECKED, taking], 'HelmRelease', others)).toEqual([NEW, undefined]);
    expect(applied([CHECKED, at(NEW, OLD, WORKING)], 'HelmRelease', others)).toEqual([NEW, undefined]);
    expect(applied([CHECKED, at(NEWER, OLD, READY)], 'HelmRelease', others)).toEqual([NEW, undefined]);
    expect(applied([taking], 'HelmRelease', others)).toEqual([OLD]);
    expect(applied([CHECKED, kustomization(NEWER)], 'HelmRelease', others)).toEqual([NEW, NEWER]);
    const set = fluxObject('ResourceSet', { labels: OWNED, conditions: [READY] });
    expect(applied([CHECKED, taking], 'ResourceSet', [set])).toEqual([NEW, undefined]);
  });
});
