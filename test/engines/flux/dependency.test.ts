import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { dependencyOf } from '../../../src/engines/flux/dependency.ts';
import { type Strand, weakest } from '../../../src/engines/flux/finding.ts';
import { readFluxObject } from '../../../src/engines/flux/flux-object.ts';
import {
  condition,
  fluxObject,
  kustomization,
  main,
  NEW,
  NEWER,
  OLD,
  READY,
  repository,
  sceneWith,
} from '../../support/flux-objects.ts';

const failed = (reason: string, observedGeneration = 1) =>
  condition('Ready', 'False', reason, 'it does not work', observedGeneration);
const waiting = (on: readonly string[], name = 'app'): Json =>
  kustomization(OLD, {
    name,
    spec: { dependsOn: on.map((one) => ({ name: one })) },
    conditions: [failed('DependencyNotReady')],
  });
const of = (objects: readonly Json[]) => dependencyOf(readFluxObject(objects[0] ?? {}), sceneWith(objects));

describe('what an object waits for', () => {
  it('is nothing where all that it depends on is done', () => {
    const cache = kustomization(NEW, { name: 'cache' });
    expect(of([waiting(['cache']), cache])).toBeUndefined();
    expect(of([waiting([])])).toBeUndefined();
  });

  it('is the first that is not done, whichever it is', () => {
    const [done, open] = [
      kustomization(NEW, { name: 'a' }),
      kustomization(NEW, { name: 'b', conditions: [failed('Progressing')] }),
    ];
    const chain = ['depends on Kustomization/flux/b: Progressing: it does not work'];
    expect(of([waiting(['a', 'b']), done, open])).toEqual({ chain });
    expect(of([waiting(['b', 'a']), done, open])).toEqual({ chain });
  });

  it('is named where it says nothing, is suspended, or is not there', () => {
    expect(of([waiting(['cache']), kustomization(NEW, { name: 'cache', conditions: [] })])).toEqual({
      chain: ['depends on Kustomization/flux/cache'],
    });
    expect(of([waiting(['cache']), kustomization(NEW, { name: 'cache', spec: { suspend: true } })])).toEqual({
      chain: ['depends on Kustomization/flux/cache, which is suspended'],
      suspended: true,
    });
    expect(of([waiting(['cache'])])).toEqual({
      chain: ['depends on Kustomization/flux/cache, which is not there or may not be read'],
    });
  });

  it('is one of the same source that is ready and has not applied what it tried', () => {
    const behind = { name: 'cache', status: { lastAppliedRevision: main(OLD) } };
    expect(of([waiting(['cache']), kustomization(NEW, behind)])).toEqual({
      chain: ['depends on Kustomization/flux/cache: ReconciliationSucceeded: Applied revision'],
    });
    const elsewhere = { ...behind, spec: { sourceRef: { kind: 'GitRepository', name: 'other' } } };
    expect(of([waiting(['cache']), kustomization(NEW, elsewhere)])).toBeUndefined();
  });

  it('of a release is only that it is ready', () => {
    const on = (conditions: readonly Json[]) => [
      fluxObject('HelmRelease', { spec: { dependsOn: [{ name: 'cache' }] } }),
      fluxObject('HelmRelease', { name: 'cache', conditions }),
    ];
    expect(of(on([READY]))).toBeUndefined();
    expect(of(on([failed('UpgradeFailed')]))?.chain).toEqual([
      'depends on HelmRelease/flux/cache: UpgradeFailed: it does not work',
    ]);
  });

  it('has failed for good only at the wanted revision, of the same source, and about its spec as it is', () => {
    const cache = (commit: string, parts: Parameters<typeof kustomization>[1] = {}) =>
      of([waiting(['cache']), kustomization(commit, { name: 'cache', conditions: [failed('BuildFailed')], ...parts })]);
    const reason = 'depends on Kustomization/flux/cache: BuildFailed: it does not work';
    expect(cache(NEW)).toEqual({
      chain: ['depends on Kustomization/flux/cache, which has failed'],
      attempt: { revision: NEW, outcome: 'failed', reason },
    });
    expect(cache(NEWER)?.attempt?.revision).toBe(NEWER);
    const open = { chain: [reason] };
    expect(cache(OLD)).toEqual(open);
    expect(cache(NEW, { generation: 2 })).toEqual(open);
    expect(cache(NEW, { spec: { sourceRef: { kind: 'GitRepository', name: 'other' } } })).toEqual(open);
    expect(cache(NEW, { status: { lastAttemptedRevision: undefined } })).toEqual(open);
    expect(cache(NEW, { conditions: [failed('ReconciliationFailed')] })?.attempt).toBeUndefined();
  });

  it('is told from the nearest to the one that all wait for, ten steps deep', () => {
    const long = Array.from({ length: 14 }, (_, index) =>
      waiting([`n${index + 1}`], index === 0 ? 'app' : `n${index}`),
    );
    const chain = of(long)?.chain ?? [];
    expect(chain).toHaveLength(11);
    expect(chain.slice(0, 2)).toEqual(['depends on Kustomization/flux/n1', 'depends on Kustomization/flux/n2']);
    expect(chain.at(-1)).toBe('depends on Kustomization/flux/n11: DependencyNotReady: it does not work');
  });

  it('passes on that the last one is suspended', () => {
    const asleep = kustomization(NEW, { name: 'b', spec: { suspend: true } });
    expect(of([waiting(['a']), waiting(['b'], 'a'), asleep])).toEqual({
      chain: ['depends on Kustomization/flux/a', 'depends on Kustomization/flux/b, which is suspended'],
      suspended: true,
    });
  });
});

describe('the strand on which a revision has come least far', () => {
  const scene = sceneWith([repository(NEW)]);
  const [none, seen, applied, both] = [{}, { seen: NEW }, { applied: NEW }, { seen: NEW, applied: NEWER }] as const;

  it.each<readonly [readonly Strand[], Strand]>([
    [[both, seen], seen],
    [[applied, seen], seen],
    [[both, applied], applied],
    [[seen, none], none],
    [[{ seen: NEW, applied: OLD }, none], none],
    [[both], both],
    [[], {}],
  ])('%j: %j', (strands, expected) => expect(weakest(strands, scene)).toEqual(expected));

  it('is the first of those that have come as far', () => {
    expect(weakest([{ seen: NEW, attempted: OLD }, { seen: NEWER }], scene)).toEqual({ seen: NEW, attempted: OLD });
  });
});
