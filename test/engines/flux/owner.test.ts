import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { readFluxObject } from '../../../src/engines/flux/flux-object.ts';
import { ownerOf, ownerStrand } from '../../../src/engines/flux/owner.ts';
import {
  condition,
  fluxObject,
  kustomization,
  main,
  NEW,
  OLD,
  observed,
  observedMember,
  READY,
  repository,
  sceneWith,
} from '../../support/flux-objects.ts';
import { OWNED } from '../../support/flux-releases.ts';

const owned = fluxObject('ResourceSet', { labels: OWNED, conditions: [READY] });
const strand = (objects: readonly Json[], current = true, more = {}) =>
  ownerStrand(readFluxObject(owned), current, sceneWith(objects, more));

describe('the Kustomization that applies an object', () => {
  it('is named by two labels', () => {
    const of = (labels: Json) => ownerOf(readFluxObject(fluxObject('ResourceSet', { labels })));
    expect(of(OWNED)).toEqual({
      group: 'kustomize.toolkit.fluxcd.io',
      kind: 'Kustomization',
      namespace: 'flux',
      name: 'app',
    });
    expect(of({ ...OWNED, 'kustomize.toolkit.fluxcd.io/namespace': undefined })).toBeUndefined();
    expect(of({ ...OWNED, 'kustomize.toolkit.fluxcd.io/name': undefined })).toBeUndefined();
  });

  it('brings its revision, which is applied once the object stands at its own spec', () => {
    const objects = [kustomization(NEW), repository(NEW)];
    expect(strand(objects)).toEqual({ seen: NEW, attempted: NEW, applied: NEW });
    expect(strand(objects, false)).toEqual({ seen: NEW, attempted: NEW, applied: undefined });
    expect(strand([kustomization(OLD), repository(NEW)])).toEqual({ seen: NEW, attempted: OLD, applied: OLD });
    expect(strand([kustomization(OLD)])).toEqual({ seen: OLD, attempted: OLD, applied: OLD });
  });

  it('tells nothing where it is not there, is of another repository, or no commit is wanted', () => {
    expect(strand([repository(NEW)])).toBeUndefined();
    const elsewhere = repository(NEW, { spec: { url: 'https://git.example.com/other' } });
    expect(strand([kustomization(NEW), elsewhere])).toBeUndefined();
    expect(strand([kustomization(NEW), elsewhere], true, { wanted: { revision: NEW, images: [] } })).toMatchObject({
      applied: NEW,
    });
    expect(
      strand([kustomization(NEW), repository(NEW)], true, { wanted: { revision: '1.0.0', images: [] } }),
    ).toBeUndefined();
  });

  const status = { lastAttemptedRevision: main(NEW), lastAppliedRevision: main(OLD) };
  const checking = condition(
    'Reconciling',
    'True',
    'Progressing',
    `Running health checks for revision ${main(NEW)} with`,
  );
  const ready = (value: string, reason: string) => condition('Ready', value, reason);
  it.each([
    ['what it checks', { conditions: [ready('Unknown', 'Progressing'), checking] }, NEW],
    ['what failed its health check', { conditions: [ready('False', 'HealthCheckFailed')] }, NEW],
    ['what was applied before a build that failed', { conditions: [ready('False', 'BuildFailed')] }, OLD],
    ['what was applied before the pass', { conditions: [ready('Unknown', 'Progressing')] }, OLD],
    ['what it applied', { conditions: [READY] }, OLD],
    [
      'nothing while Ready is of an older spec',
      { conditions: [READY], generation: 2, observedGeneration: 1 },
      undefined,
    ],
  ])('has brought %s', (_, parts, commit) => {
    expect(strand([kustomization(OLD, { status, ...parts }), repository(NEW)])?.attempted).toBe(commit);
  });

  it('brings the commit that an artifact of a registry was made of', () => {
    const digest = `latest@sha256:${'1'.repeat(64)}`;
    const artifact = { revision: digest, metadata: { 'org.opencontainers.image.revision': main(NEW) } };
    const source = fluxObject('OCIRepository', { status: { artifact } });
    const applied = { lastAppliedRevision: digest, lastAttemptedRevision: digest };
    const spec = { sourceRef: { kind: 'OCIRepository', name: 'app' } };
    expect(strand([kustomization(OLD, { spec, status: applied }), source])).toEqual({
      seen: NEW,
      attempted: NEW,
      applied: NEW,
    });
    const other = { lastAppliedRevision: `latest@sha256:${'2'.repeat(64)}`, lastAppliedOriginRevision: main(OLD) };
    expect(strand([kustomization(OLD, { spec, status: other }), source])).toEqual({
      seen: NEW,
      attempted: OLD,
      applied: OLD,
    });
  });
});

describe('an object of flux-operator', () => {
  const see = (object: Json, more = {}) => observed([object, kustomization(NEW), repository(NEW)], more, 'ResourceSet');
  const stalled = condition('Stalled', 'True', 'BuildFailed');
  const of = (conditions: readonly Json[], parts = {}) =>
    fluxObject('ResourceSet', { labels: OWNED, conditions, ...parts });

  it.each([
    ['healthy and succeeded where it is ready', [READY], 'healthy', 'succeeded'],
    ['syncing where it is not', [condition('Ready', 'False', 'Progressing')], 'syncing', 'running'],
    ['failed where it has stalled', [condition('Ready', 'False', 'BuildFailed'), stalled], 'syncing', 'failed'],
    ['not failed while it tries', [condition('Ready', 'Unknown', 'Progressing'), stalled], 'syncing', 'running'],
  ])('is %s', (_, conditions, state, outcome) => {
    const seen = see(of(conditions));
    expect(seen).toMatchObject({ state, seenRevision: NEW, attempt: { revision: NEW, outcome } });
    expect([seen?.appliedRevision, seen?.boundToParent]).toEqual([state === 'healthy' ? NEW : undefined, undefined]);
    expect(seen?.reasons[0]).toMatch(/^ResourceSet\/flux\/app: /);
    expect(seen?.attempt?.reason).toBe(seen?.reasons[0]);
  });

  it('says that it says nothing yet', () => {
    expect(see(of([]))?.reasons).toEqual(['ResourceSet/flux/app has no status yet']);
  });

  it('has lasted since it was ready', () => {
    const serverNow = Date.parse('2026-11-22T10:01:00Z');
    expect(see(of([READY]), { serverNow })?.lasting).toBe(59_000);
  });

  it('has a version or a digest of its own', () => {
    const scene = {
      wanted: { revision: '2.0.0', images: [] },
      related: (one: string) => (one === '2.0.0' ? ('equal' as const) : ('lacks' as const)),
    };
    const instance = (status: Json, conditions: readonly Json[] = [READY]) => see(of(conditions, { status }), scene);
    expect(instance({ lastAppliedRevision: '2.0.0' })).toMatchObject({
      state: 'healthy',
      seenRevision: '2.0.0',
      appliedRevision: '2.0.0',
    });
    const trying = instance({ lastAttemptedRevision: '2.0.0', lastAppliedRevision: '1.0.0' }, []);
    expect(trying).toMatchObject({
      state: 'syncing',
      seenRevision: '2.0.0',
      attempt: { revision: '2.0.0', outcome: 'running' },
    });
    expect(trying?.appliedRevision).toBeUndefined();
    expect(instance({})?.attempt).toBeUndefined();
  });

  it('as a member shows its own revision and generation', () => {
    const target = {
      name: 'ResourceSet/flux/app',
      kind: 'ResourceSet',
      namespace: 'flux',
      parent: { name: 'Kustomization/flux/root' },
    };
    const member = (conditions: readonly Json[], status = {}) =>
      observedMember([of(conditions, { status }), kustomization(NEW), repository(NEW)], target);
    expect(member([READY])).toMatchObject({
      boundToParent: true,
      seenRevision: 'unnamed (generation 1)',
      appliedRevision: 'unnamed (generation 1)',
    });
    expect(member([READY], { lastAppliedRevision: 'sha256:1' })?.seenRevision).toBe('sha256:1 (generation 1)');
    expect(member([])?.appliedRevision).toBeUndefined();
  });
});
