import { describe, expect, it } from '@jest/globals';
import { checkExample } from '../support/rule-example.ts';

const bad = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\nunknown: 1\n`;

/** The paths with findings after these paths changed. */
function affected(files: Readonly<Record<string, string>>, ...changed: readonly string[]): readonly string[] {
  const { findings } = checkExample(files, { missingSchema: 'skip', changed: new Set(changed) });
  return [...new Set(findings.map(({ path }) => path))];
}

describe('what a change affects', () => {
  const tree = {
    'base/kustomization.yaml': 'resources: [a.yaml, b.yaml, none.yaml]\n',
    'base/a.yaml': bad('a'),
    'base/b.yaml': bad('b'),
    'prod/kustomization.yaml': 'resources: [../base, absent.yaml]\npatches: [{path: patch.yaml}]\n',
    'prod/patch.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    'test/kustomization.yaml': 'resources: [../base]\ncomponents: [../part]\n',
    'part/kustomization.yaml': 'kind: Component\nresources: [c.yaml]\n',
    'part/c.yaml': bad('c'),
    'alone/d.yaml': bad('d'),
  };

  it.each([
    ['nothing', [], []],
    ['a file of another kind', ['README.md'], []],
    ['a plain file', ['alone/d.yaml'], ['alone/d.yaml']],
    [
      'a resource: those who build it',
      ['base/a.yaml'],
      ['base/a.yaml', 'base/kustomization.yaml', 'prod/kustomization.yaml'],
    ],
    ['a patch: all that it may patch', ['prod/patch.yaml'], ['base/a.yaml', 'base/b.yaml', 'prod/kustomization.yaml']],
    [
      'a base: its files as well',
      ['base/kustomization.yaml'],
      ['base/a.yaml', 'base/b.yaml', 'base/kustomization.yaml', 'prod/kustomization.yaml'],
    ],
    ['a component: all that includes it', ['part/kustomization.yaml'], ['base/a.yaml', 'base/b.yaml', 'part/c.yaml']],
    ['a deleted resource', ['base/none.yaml'], ['base/kustomization.yaml', 'prod/kustomization.yaml']],
    ['a deleted kustomization: its neighbours', ['alone/kustomization.yaml'], ['alone/d.yaml']],
  ])('%s', (_title, changed, paths) => {
    expect(affected(tree, ...changed)).toEqual(paths);
  });

  const application =
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec: {project: default, destination: {name: c}, source: {repoURL: "https://git.example.com/acme/config.git", path: apps/shop}}\n';

  it('a folder that was deleted: the Application that names it', () => {
    const files = { 'argocd/shop.yaml': application, 'apps/other/d.yaml': bad('d') };
    expect(affected(files, 'apps/shop/deployment.yaml')).toEqual(['argocd/shop.yaml']);
    expect(affected(files, 'apps/other/readme.md')).toEqual([]);
  });

  it('a file: what may name an object that was in it', () => {
    const dependent =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec: {interval: 1m, prune: true, dependsOn: [{name: b}], sourceRef: {kind: GitRepository, name: flux-system}}\n';
    expect(affected({ 'a.yaml': dependent }, 'b.yaml')).toEqual(['a.yaml']);
    expect(affected({ 'a.yaml': dependent })).toEqual([]);
  });

  it('a file: its twin in the same kustomization', () => {
    const good = (name: string) => bad(name).replace('unknown: 1\n', '');
    const files = { 'kustomization.yaml': 'resources: [a.yaml, b.yaml]\n', 'a.yaml': good('x'), 'b.yaml': good('x') };
    expect(affected(files, 'a.yaml')).toEqual(['b.yaml']);
  });

  it('counts only what it affects', () => {
    const report = checkExample(tree, { changed: new Set(['alone/d.yaml']) });
    expect([report.files, report.documents]).toEqual([1, 1]);
  });
});
