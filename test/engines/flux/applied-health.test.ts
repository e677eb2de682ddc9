import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { appliedHealth } from '../../../src/engines/flux/applied-health.ts';
import { readFluxObject } from '../../../src/engines/flux/flux-object.ts';
import { podPlacesOf } from '../../../src/engines/flux/pod-trouble.ts';
import { type PlaceState, placeKey } from '../../../src/engines/flux/world.ts';
import { fluxObject, kustomization, NEW, sceneWith } from '../../support/flux-objects.ts';

const app = (ids: readonly string[], spec: Json = {}) =>
  readFluxObject(kustomization(NEW, { spec, status: { inventory: { entries: ids.map((id) => ({ id, v: 'v1' })) } } }));
const web = (names: readonly string[]) => names.map((name) => `flux_${name}_apps_Deployment`);
const place = (kind: string, group = 'apps') => placeKey({ group, kind, namespace: 'flux' });

function deployment(name: string, available = 1, conditions: readonly Json[] = []): Json {
  return fluxObject('Deployment', {
    name,
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: `${name}:2` }] } } },
    status: { replicas: 1, updatedReplicas: 1, availableReplicas: available },
    conditions,
  });
}

function judge(ids: readonly string[], objects: readonly Json[], places: Readonly<Record<string, PlaceState>> = {}) {
  const { world } = sceneWith(objects, { now: 50 });
  return appliedHealth(app(ids), { ...world, places: new Map([...world.places, ...Object.entries(places)]) });
}

describe('what was applied', () => {
  it('is healthy where it has nothing to look at', () => {
    expect(judge([], [])).toEqual({
      state: 'healthy',
      reasons: [],
      resources: [],
      images: [],
      since: 0,
      readSince: Number.POSITIVE_INFINITY,
    });
  });

  it('is told object by object, with the images, each once', () => {
    const twin = { ...deployment('b'), spec: deployment('a').spec } as Json;
    const seen = judge(web(['a', 'b']), [deployment('a'), twin]);
    expect(seen).toEqual({
      state: 'healthy',
      reasons: [],
      resources: [
        { kind: 'Deployment', namespace: 'flux', name: 'a', health: 'healthy' },
        { kind: 'Deployment', namespace: 'flux', name: 'b', health: 'healthy' },
      ],
      images: ['a:2'],
      since: 0,
      readSince: 50,
    });
  });

  it('is as bad as the worst of it, with the words of those that are not well', () => {
    const seen = judge(web(['a', 'b']), [deployment('a'), deployment('b', 0)]);
    expect(seen).toMatchObject({
      state: 'progressing',
      reasons: ['Deployment b: 0 of 1 new pods are available'],
      resources: [{ health: 'healthy' }, { health: 'progressing', message: '0 of 1 new pods are available' }],
    });
    expect(seen.lost).toBeUndefined();
    const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
    expect(judge(web(['a', 'b']), [deployment('a', 0), deployment('b', 0, [late])])).toMatchObject({
      state: 'degraded',
      lost: 'Deployment b: ProgressDeadlineExceeded',
    });
  });

  it('has changed with the newest time of any condition, and counts from the oldest list', () => {
    const times = (lastTransitionTime: string, lastUpdateTime?: string) => ({
      type: 'Available',
      status: 'True',
      lastTransitionTime,
      ...(lastUpdateTime === undefined ? {} : { lastUpdateTime }),
    });
    const a = deployment('a', 1, [times('2026-11-22T10:00:10Z', '2026-11-22T10:00:40Z')]);
    const b = deployment('b', 1, [times('2026-11-22T10:00:30Z')]);
    expect(judge(web(['a', 'b']), [a, b]).since).toBe(Date.parse('2026-11-22T10:00:40Z'));
    const job = 'flux_move_batch_Job';
    const two = judge([...web(['a']), job], [a], { [place('Job', 'batch')]: { readSince: 20 } });
    expect(two.readSince).toBe(20);
  });

  it('is missing where it is not there, unread before its kind was listed, and gone where it is a Job', () => {
    const listed = { [place('Deployment')]: { readSince: 7 } };
    expect(judge(web(['a']), [], listed)).toMatchObject({
      state: 'progressing',
      reasons: ['Deployment a: it is not there'],
      readSince: 7,
    });
    const unread = judge(web(['a']), []);
    expect(unread).toMatchObject({ state: 'progressing', reasons: ['Deployment a: it has not been read yet'] });
    expect(unread.readSince).toBeUndefined();
    const job = judge(['flux_move_batch_Job'], [], { [place('Job', 'batch')]: { readSince: 7 } });
    expect(job).toMatchObject({ state: 'healthy', reasons: [] });
    expect(job.resources).toEqual([{ kind: 'Job', namespace: 'flux', name: 'move', message: 'it is not there' }]);
    expect(judge(['flux_move_batch_Job'], []).state).toBe('progressing');
  });

  it('is passed over where it may not be read, by name, and in silence where it is not served', () => {
    const refusal = (kind: 'absent' | 'forbidden') => ({ [place('Deployment')]: { refusal: { kind, message: 'no' } } });
    const words = (names: readonly string[]) => judge(web(names), [], refusal('forbidden')).reasons;
    expect(words(['a'])).toEqual(['not judged, since they may not be read: Deployment a']);
    expect(words(['a', 'b', 'c'])).toEqual([
      'not judged, since they may not be read: Deployment a, Deployment b, Deployment c',
    ]);
    expect(words(['a', 'b', 'c', 'd', 'e'])[0]).toMatch(/Deployment c and 2 more$/);
    expect(judge(web(['a']), [], refusal('absent'))).toMatchObject({ state: 'healthy', reasons: [], resources: [] });
  });
});

describe('the pods of what was applied', () => {
  it('are looked at in the namespaces of the workloads that try for ever, each once', () => {
    const ids = [
      'one_a_apps_Deployment',
      'one_b_apps_StatefulSet',
      'two_c_apps_DaemonSet',
      'three_d_batch_Job',
      'four_e__ConfigMap',
    ];
    expect(podPlacesOf(app(ids))).toEqual([
      { group: '', kind: 'Pod', namespace: 'one' },
      { group: '', kind: 'Pod', namespace: 'two' },
    ]);
  });
});
