import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import type { Scene } from '../../../src/engines/flux/relating.ts';
import {
  condition,
  fluxObject,
  kustomization,
  look,
  main,
  NEW,
  OLD,
  REPOSITORY,
  repository,
} from '../../support/flux-objects.ts';
import { chart, DIGEST, OWNED, release, version } from '../../support/flux-releases.ts';

const see = (objects: readonly Json[], more: Partial<Scene> = {}) => look(objects, more, {}, 'HelmRelease').observation;
const wanted = (revision: string) => ({ wanted: { revision, images: [] }, related: () => 'equal' as const });

/** A release that names what holds its chart, instead of the chart in its source. */
function referring(kind: string, name: string, chartVersion: string, parts: Parameters<typeof release>[1] = {}): Json {
  const object = release(chartVersion, parts);
  const { chart: _, ...spec } = object.spec as Json;
  const { helmChart: __, ...status } = object.status as Json;
  return { ...object, spec: { ...spec, chartRef: { kind, name } }, status };
}

/** An artifact in a registry, made of a commit where that is given. */
function artifact(commit: string | undefined, kind = 'OCIRepository'): Json {
  const metadata = commit === undefined ? {} : { metadata: { 'org.opencontainers.image.revision': main(commit) } };
  return fluxObject(kind, {
    conditions: [condition('Ready', 'True', 'Succeeded')],
    spec: { url: 'oci://registry.example.com/web' },
    status: { artifact: { revision: `1.0.0@${DIGEST}`, ...metadata } },
  });
}

describe('a release that refers to a HelmChart', () => {
  const object = referring('HelmChart', 'flux-app', version(NEW));

  it('is at the commit that this was built of', () => {
    expect(see([object, chart(NEW), repository(NEW)])).toMatchObject({ trusted: true, appliedRevision: NEW });
  });

  it('is out of reach where that is built of another repository', () => {
    const elsewhere = repository(NEW, { spec: { url: 'https://git.example.com/other' } });
    expect(see([object, chart(NEW), elsewhere])).toMatchObject({ state: 'blocked', obstacle: 'elsewhere' });
  });
});

describe('a release of an artifact in a registry', () => {
  const attempted = { lastAttemptedRevisionDigest: DIGEST };
  const object = referring('OCIRepository', 'app', '1.0.0', { status: attempted });

  it('is at the commit that this was made of', () => {
    const seen = see([object, artifact(NEW)]);
    expect(seen).toMatchObject({ trusted: true, seenRevision: NEW, appliedRevision: NEW });
  });

  it('is out of reach where this names no commit', () => {
    expect(see([object, artifact(undefined)])).toMatchObject({
      state: 'blocked',
      reasons: [
        `neither the chart of HelmRelease/flux/app nor a Kustomization that applies it comes from ${REPOSITORY}`,
      ],
    });
  });
});

describe('a chart that is not there yet', () => {
  it('is waited for, with and without its source', () => {
    const reasons = ['the chart of HelmRelease/flux/app is not there, or may not be read'];
    expect(see([release(version(NEW))])).toBeUndefined();
    const places = new Map(
      ['HelmRelease', 'HelmChart', 'GitRepository'].map((kind) => {
        const group = kind === 'HelmRelease' ? 'helm.toolkit.fluxcd.io' : 'source.toolkit.fluxcd.io';
        return [`${group}/${kind} flux`, { readSince: 1 }] as const;
      }),
    );
    const key = 'helm.toolkit.fluxcd.io/HelmRelease flux/app';
    const alone = new Map([[key, release(version(NEW))]]);
    expect(see([], { world: { objects: alone, places } })).toMatchObject({ state: 'pending', reasons });
    const source = new Map([
      [key, release(version(OLD), { conditions: [] })],
      ['source.toolkit.fluxcd.io/GitRepository flux/app', repository(NEW)],
    ]);
    const seen = see([], { world: { objects: source, places } });
    expect(seen).toMatchObject({ state: 'syncing', trusted: false, seenRevision: NEW });
    expect(seen?.attempt).toBeUndefined();
  });

  it('has nothing to say of a release that was applied otherwise', () => {
    const unbuilt = chart(NEW, version(NEW), { status: { artifact: undefined } });
    const elsewhere = repository(NEW, { name: 'charts', spec: { url: 'https://git.example.com/charts' } });
    const spec = { chart: { spec: { chart: './chart', sourceRef: { kind: 'GitRepository', name: 'charts' } } } };
    const object = release('1.0.0', { labels: OWNED, spec });
    expect(see([object, unbuilt, elsewhere, repository(NEW), kustomization(NEW)])).toMatchObject({
      trusted: true,
      appliedRevision: NEW,
    });
  });

  it('has been tried of no commit before it is Ready', () => {
    const source = artifact(NEW, 'Bucket');
    const building = chart(NEW, version(NEW), {
      spec: { sourceRef: { kind: 'Bucket', name: 'app' } },
      conditions: [condition('Ready', 'Unknown', 'Progressing')],
    });
    const spec = { chart: { spec: { chart: './chart', sourceRef: { kind: 'Bucket', name: 'app' } } } };
    const seen = see([release(version(NEW), { spec }), building, source]);
    expect(seen).toMatchObject({ seenRevision: NEW });
    expect([seen?.appliedRevision, seen?.attempt?.revision]).toEqual([undefined, undefined]);
  });
});

it('sees nothing of a source without an artifact', () => {
  const empty = repository(NEW, { status: { artifact: undefined } });
  const seen = see([release(version(NEW)), chart(NEW), empty]);
  expect(seen?.seenRevision).toBeUndefined();
});

it('keeps the digest of the chart, which tells a new one of the same version apart', () => {
  const objects = [release(version(NEW)), chart(NEW), repository(NEW)];
  expect(look(objects, {}, {}, 'HelmRelease').memory.chart).toMatchObject({ source: main(NEW), digest: DIGEST });
  const { artifact: known } = chart(NEW).status as { readonly artifact: Json };
  const { digest: _, ...without } = known as Json;
  const plain = chart(NEW, version(NEW), { status: { artifact: without } });
  const { memory } = look([release(version(NEW)), plain, repository(NEW)], {}, {}, 'HelmRelease');
  expect(memory.chart?.digest).toBe(version(NEW));
});

describe('a version of a chart', () => {
  const published = (revision: string) =>
    fluxObject('HelmChart', {
      name: 'flux-app',
      conditions: [condition('Ready', 'True', 'ChartPullSucceeded')],
      spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } },
      status: { artifact: { revision, digest: DIGEST } },
    });
  const at = (object: Json) =>
    see([object, published('1.4.2'), artifact(undefined, 'HelmRepository')], wanted('1.4.2'));
  const spec = { chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'app' } } } };

  it('is there once it is released', () => {
    expect(at(release('1.4.2', { spec }))).toMatchObject({ seenRevision: '1.4.2', appliedRevision: '1.4.2' });
  });

  it('is only tried before', () => {
    const seen = at(release('1.4.2', { spec, conditions: [condition('Ready', 'Unknown', 'Progressing')] }));
    expect(seen).toMatchObject({ seenRevision: '1.4.2', attempt: { revision: '1.4.2', outcome: 'running' } });
    expect(seen?.appliedRevision).toBeUndefined();
  });

  it('has not been tried where none was', () => {
    const never = release('1.4.2', { spec, status: { lastAttemptedRevision: undefined, history: [] } });
    const seen = at(never);
    expect(seen).toMatchObject({ seenRevision: '1.4.2' });
    expect([seen?.attempt, seen?.appliedRevision]).toEqual([undefined, undefined]);
  });
});

it('keeps back only what is built of a Git repository', () => {
  const sourceRef = { kind: 'Bucket', name: 'app' };
  const kept = (kind: string) =>
    chart(NEW, '1.0.0', {
      spec: { reconcileStrategy: 'ChartVersion', sourceRef: { ...sourceRef, kind } },
      status: { artifact: { revision: '1.0.0', digest: DIGEST, lastUpdateTime: '2026-11-22T09:00:00Z' } },
    });
  const bucket = fluxObject('Bucket', {
    status: { artifact: { revision: main(NEW), lastUpdateTime: '2026-11-22T10:00:00Z' } },
  });
  const of = (kind: string) => {
    const spec = { chart: { spec: { chart: './chart', sourceRef: { ...sourceRef, kind } } } };
    const object = release('1.0.0', { labels: OWNED, spec });
    return see([object, kept(kind), bucket, repository(NEW), kustomization(NEW)], { changedFiles: ['chart/a'] });
  };
  expect([of('Bucket')?.state, of('GitRepository')?.state]).toEqual(['healthy', 'blocked']);
});
