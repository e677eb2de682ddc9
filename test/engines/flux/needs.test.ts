import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { needsOf } from '../../../src/engines/flux/needs.ts';
import { objectOf } from '../../../src/engines/flux/target-ref.ts';
import { fluxObject, kustomization, NEW, repository, sceneWith } from '../../support/flux-objects.ts';
import { chart, OWNED, release } from '../../support/flux-releases.ts';

function needs(kind: string, objects: readonly Json[]) {
  const name = objectOf({ name: `${kind}/flux/app`, kind, namespace: 'flux' });
  const { origin, applied, dependencies, pods } = needsOf(name, sceneWith(objects).world);
  const print = (names: typeof origin) => names.map((one) => `${one.kind}/${one.namespace}/${one.name}`);
  return { origin: print(origin), applied: print(applied), dependencies: print(dependencies).toSorted(), pods };
}

const depending = (on: readonly string[], name = 'app') =>
  kustomization(NEW, { name, spec: { dependsOn: on.map((one) => ({ name: one })) } });

describe('what has to be known to judge an object', () => {
  it('is the object alone while it has not been read', () => {
    expect(needs('Kustomization', [])).toEqual({
      origin: ['Kustomization/flux/app'],
      applied: [],
      dependencies: [],
      pods: [],
    });
  });

  it('is its source, what it has applied, and the pods of that', () => {
    const entries = [{ id: 'shop_web_apps_Deployment', v: 'v1' }];
    const object = kustomization(NEW, { labels: OWNED, status: { inventory: { entries } } });
    expect(needs('Kustomization', [object, repository(NEW)])).toEqual({
      origin: ['Kustomization/flux/app', 'GitRepository/flux/app'],
      applied: ['Deployment/shop/web'],
      dependencies: [],
      pods: [{ group: '', kind: 'Pod', namespace: 'shop' }],
    });
    const nameless = kustomization(NEW, { spec: { sourceRef: {} } });
    expect(needs('Kustomization', [nameless]).origin).toEqual(['Kustomization/flux/app']);
  });

  it('is not who applies a Kustomization, whose commit is its own', () => {
    const labels = { ...OWNED, 'kustomize.toolkit.fluxcd.io/name': 'root' };
    const objects = [kustomization(NEW, { labels }), kustomization(NEW, { name: 'root' })];
    expect(needs('Kustomization', objects).origin).toEqual(['Kustomization/flux/app', 'GitRepository/flux/app']);
  });

  it('is the chart of a release and what that is made of, also where only the chart says so', () => {
    const origin = ['HelmRelease/flux/app', 'HelmChart/flux/flux-app', 'GitRepository/flux/app'];
    expect(needs('HelmRelease', [release('1.0.0')]).origin).toEqual(origin);
    const spec = { chart: undefined, chartRef: { kind: 'HelmChart', name: 'flux-app' } };
    expect(needs('HelmRelease', [release('1.0.0', { spec })]).origin).toEqual(origin.slice(0, 2));
    expect(needs('HelmRelease', [release('1.0.0', { spec }), chart(NEW)]).origin).toEqual(origin);
  });

  it('is who applies it, and the source of that, each once', () => {
    const owned = release('1.0.0', { labels: OWNED });
    const before = [
      'HelmRelease/flux/app',
      'HelmChart/flux/flux-app',
      'GitRepository/flux/app',
      'Kustomization/flux/app',
    ];
    expect(needs('HelmRelease', [owned]).origin).toEqual(before);
    const other = kustomization(NEW, { spec: { sourceRef: { kind: 'GitRepository', name: 'config' } } });
    expect(needs('HelmRelease', [owned, other]).origin).toEqual([...before, 'GitRepository/flux/config']);
    const set = fluxObject('ResourceSet', { labels: OWNED });
    expect(needs('ResourceSet', [set, kustomization(NEW)]).origin).toEqual([
      'ResourceSet/flux/app',
      'Kustomization/flux/app',
      'GitRepository/flux/app',
    ]);
  });

  it('is what it waits for, and what that waits for, each once, however they point to each other', () => {
    const objects = [depending(['a', 'b']), depending(['c'], 'a'), depending(['c', 'a'], 'b'), depending(['a'], 'c')];
    expect(needs('Kustomization', objects).dependencies).toEqual(
      ['a', 'b', 'c'].map((name) => `Kustomization/flux/${name}`),
    );
    expect(needs('Kustomization', [depending(['a'])]).dependencies).toEqual(['Kustomization/flux/a']);
  });
});
