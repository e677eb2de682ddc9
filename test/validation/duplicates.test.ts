import { describe, expect, it } from '@jest/globals';
import { checkExample } from '../support/rule-example.ts';

const config = (name: string, namespace?: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}\n`;

function found(files: Readonly<Record<string, string>>): readonly string[] {
  return checkExample(files, { missingSchema: 'skip' }).findings.map(
    ({ path, line, severity, ruleId }) => `${path}:${line} ${severity} ${ruleId}`,
  );
}

describe('the same object twice', () => {
  const files = { 'a.yaml': config('x'), 'b.yaml': config('x') };

  it('is found in one kustomization, at the second place, with the first one named', () => {
    const tree = { ...files, 'kustomization.yaml': 'resources: [a.yaml, b.yaml]\n' };
    expect(found(tree)).toEqual(['b.yaml:3 error duplicate/object']);
    expect(checkExample(tree).findings[0]?.message).toBe(
      'ConfigMap x stands in a.yaml as well: the kustomization kustomization.yaml takes both, and refuses to build.',
    );
  });

  it('is found in one file, whatever the version of the API, and once for all who build it', () => {
    const versions = ['autoscaling/v1', 'autoscaling/v2'].map(
      (version) =>
        `apiVersion: ${version}\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {maxReplicas: 2, scaleTargetRef: {kind: Deployment, name: d, apiVersion: apps/v1}}\n`,
    );
    const tree = {
      'h.yaml': versions.join('---\n'),
      'kustomization.yaml': 'resources: [h.yaml]\n',
      'other/kustomization.yaml': 'resources: [../h.yaml]\n',
    };
    expect(found(tree)).toEqual(['h.yaml:8 warning duplicate/object']);
    expect(checkExample(tree).findings[0]?.message).toBe(
      'HorizontalPodAutoscaler h stands twice in this file: the kustomization kustomization.yaml takes both, and the cluster keeps the last of them: autoscaling/v1 and autoscaling/v2 are two versions of one object.',
    );
    const thrice = { ...tree, 'h.yaml': [...versions, versions[1]].join('---\n') };
    expect(found(thrice)).toEqual(['h.yaml:8 warning duplicate/object', 'h.yaml:13 error duplicate/object']);
  });

  it('is found through bases that change no name', () => {
    const base = (more: string) => ({
      'a.yaml': config('x'),
      'base/b.yaml': config('x'),
      'base/kustomization.yaml': `resources: [b.yaml]\n${more}`,
      'kustomization.yaml': 'resources: [a.yaml, base]\n',
    });
    expect(found(base('labels: [{pairs: {a: b}}]\n'))).toEqual(['base/b.yaml:3 error duplicate/object']);
    expect(found(base('namespace: other\n'))).toEqual([]);
    expect(found(base('nameSuffix: -b\n'))).toEqual([]);
  });

  it.each([
    [
      'in different overlays',
      { 'p/kustomization.yaml': 'resources: [../a.yaml]\n', 'q/kustomization.yaml': 'resources: [../b.yaml]\n' },
    ],
    ['in files that nothing deploys together', {}],
    [
      'of different namespaces',
      { 'b.yaml': config('x', 'other'), 'kustomization.yaml': 'resources: [a.yaml, b.yaml]\n' },
    ],
    [
      'of a name with a variable',
      { 'a.yaml': config('"${X}"'), 'b.yaml': config('"${X}"'), 'kustomization.yaml': 'resources: [a.yaml, b.yaml]\n' },
    ],
  ])('is none %s', (_title, more) => {
    expect(found({ ...files, ...more })).toEqual([]);
  });

  const application = (fields: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec: {project: default, destination: {name: c}, source: {repoURL: "https://git.example.com/acme/config.git", path: apps, ${fields}}}\n`;
  const apps = { 'apps/a.yaml': config('x'), 'apps/b.yaml': config('x'), 'apps/more/c.yaml': config('x') };

  it('is a warning in a plain folder of Argo CD, which takes the last one', () => {
    const tree = (fields: string) => found({ ...apps, 'argocd.yaml': application(fields) });
    expect(tree('targetRevision: main')).toEqual(['apps/b.yaml:3 warning duplicate/object']);
    expect(tree('directory: {recurse: true}')).toHaveLength(2);
    expect(tree('directory: {exclude: b.yaml}')).toEqual([]);
    expect(tree('helm: {}')).toEqual([]);
  });

  it('is found in a plain folder of Flux, whose folders with a kustomization are bases', () => {
    const flux = {
      'flux.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec: {interval: 1m, prune: true, path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}}\n',
    };
    expect(found({ ...apps, ...flux })).toEqual([
      'apps/b.yaml:3 error duplicate/object',
      'apps/more/c.yaml:3 error duplicate/object',
    ]);
    const base = { 'apps/more/kustomization.yaml': 'namePrefix: p-\nresources: [c.yaml]\n' };
    expect(found({ ...apps, ...flux, ...base })).toEqual(['apps/b.yaml:3 error duplicate/object']);
  });
});

describe('the same entry twice', () => {
  it.each([
    ['resources: [a.yaml, ./a.yaml]\n', 1],
    ['resources: ["https://example.com/a.yaml", "https://example.com/a.yaml"]\n', 1],
    ['resources: [a.yaml]\nbases: [.]\n', 0],
    ['resources: [a.yaml]\npatches: [{path: p.yaml, target: {name: a}}, {path: p.yaml, target: {name: b}}]\n', 0],
  ])('%s', (kustomization, count) => {
    const files = { 'kustomization.yaml': kustomization, 'a.yaml': config('x'), 'p.yaml': '[]\n' };
    expect(found(files).filter((place) => place.includes('duplicate/entry'))).toHaveLength(count);
  });
});
