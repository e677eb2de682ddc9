import { describe, expect, it } from '@jest/globals';
import { type CheckOptions, check } from '../../src/validation/check.ts';
import type { Repository } from '../../src/validation/manifest-set.ts';
import { bundledSchemas, placesOf, sourceFiles } from '../support/manifests.ts';
import { checkExample, EXAMPLE_REPOSITORY } from '../support/rule-example.ts';

const HERE = 'https://git.example.com/acme/config.git';
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n';

function found(files: Readonly<Record<string, string>>, options: Partial<CheckOptions> = {}): readonly string[] {
  const { findings } = checkExample(files, { missingSchema: 'skip', ...options });
  return findings.map(({ path, line, ruleId, message }) => `${path}:${line} ${ruleId}: ${message}`);
}

const application = (source: string, more = '') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  project: default\n  destination: {name: in-cluster}\n${more}  ${source}\n`;
const single = (fields: string, url = HERE) => application(`source: {repoURL: "${url}", ${fields}}`);

describe('paths of Argo CD', () => {
  const files = (manifest: string) => ({ 'argocd/a.yaml': manifest, 'apps/shop/c.yaml': CONFIG });

  it.each([
    ['a folder that exists', single('path: apps/shop')],
    ['the top of the repository', single('path: .')],
    ['another repository', single('path: apps/none', 'https://git.example.com/acme/other.git')],
    ['a tag', single('path: apps/none, targetRevision: v1.2.0')],
    ['a variable of a template', single('path: "apps/{{name}}"')],
    ['a chart of a chart repository', single('chart: shop, path: apps/none')],
  ])('lets %s pass', (_title, manifest) => {
    expect(found(files(manifest))).toEqual([]);
  });

  it.each([
    ['a misspelt folder', single('path: apps/shpo'), 'The folder apps/shpo does not exist in this repository.'],
    [
      'a folder of the followed branch',
      single('path: x, targetRevision: main'),
      'The folder x does not exist in this repository.',
    ],
    ['a file', single('path: apps/shop/c.yaml'), 'apps/shop/c.yaml is a file, and the path of a source is a folder.'],
    ['a slash', single('path: /apps/shop'), 'The path /apps/shop begins with a slash, which Argo CD refuses.'],
  ])('finds %s', (_title, manifest, message) => {
    expect(found(files(manifest))).toEqual([`argocd/a.yaml:7 reference/argocd-path: ${message}`]);
  });

  it('points at the path, and names the folder that was meant', () => {
    const report = checkExample(files(single('path: apps/shpo')));
    expect(placesOf(report)).toEqual(['argocd/a.yaml:7:70 reference/argocd-path']);
    expect(report.findings[0]).toMatchObject({ hint: 'Did you mean apps/shop?', pointer: '/spec/source/path' });
  });

  it('leaves Applications alone that an overlay patches', () => {
    const overlay = {
      'argocd/kustomization.yaml': 'resources: [a.yaml]\npatches: [{target: {kind: Application}, patch: "[]"}]\n',
    };
    expect(found({ ...files(single('path: apps/none')), ...overlay })).toEqual([]);
  });

  it('takes a URL that only may be this repository for it where one of its paths exists', () => {
    const repository: Repository = { ...EXAMPLE_REPOSITORY, isSame: () => 'perhaps' };
    const url = 'https://elsewhere.example.com/fork/config';
    const two = (path: string) => files(`${single(`path: ${path}`, url)}---\n${single('path: apps/none', url)}`);
    expect(found(two('apps/shop'), { repository })).toHaveLength(1);
    expect(found(two('apps/absent'), { repository })).toEqual([]);
  });

  it('reads paths from the top of the repository where the working directory is below it', () => {
    const repository = { ...EXAMPLE_REPOSITORY, prefix: 'deploy' };
    expect(found(files(single('path: deploy/apps/shop')), { repository })).toEqual([]);
    expect(found(files(single('path: apps/shop')), { repository })).toHaveLength(1);
  });

  it('says nothing where the repository around the files is not known', () => {
    const options = { missingSchema: 'skip', strict: true, disableRules: [] } as const;
    const report = check(
      sourceFiles(files(single('path: apps/none'))),
      bundledSchemas('1.34'),
      options,
      () => 'missing',
    );
    expect(report.findings).toEqual([]);
  });
});

describe('values files of Argo CD', () => {
  const files = (manifest: string) => ({
    'argocd/a.yaml': manifest,
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'charts/shop/values.yaml': 'a: 1\n',
    'values/shop.yaml': 'a: 2\n',
  });
  const several = (ref: string, file: string) =>
    application(
      `sources: [{repoURL: https://charts.example.com, chart: shop, targetRevision: 1.0.0, helm: {valueFiles: ["${file}"]}}, {repoURL: "${HERE}", ref: ${ref}}]`,
    );

  it.each([
    ['beside the chart', single('path: charts/shop, helm: {valueFiles: [values.yaml]}')],
    ['from the top', single('path: charts/shop, helm: {valueFiles: [/values/shop.yaml]}')],
    ['in another folder', single('path: charts/shop, helm: {valueFiles: [../../values/shop.yaml]}')],
    ['by reference', several('values', '$values/values/shop.yaml')],
    ['of a URL', single('path: charts/shop, helm: {valueFiles: ["https://example.com/v.yaml"]}')],
    ['of the build environment', single('path: charts/shop, helm: {valueFiles: [$ARGOCD_APP_NAME/v.yaml]}')],
    [
      'that may be missing',
      single('path: charts/shop, helm: {ignoreMissingValueFiles: true, valueFiles: [none.yaml]}'),
    ],
  ])('lets one pass %s', (_title, manifest) => {
    expect(found(files(manifest))).toEqual([]);
  });

  it.each([
    [
      'beside the chart',
      single('path: charts/shop, helm: {valueFiles: [v.yaml]}'),
      'charts/shop/v.yaml does not exist',
    ],
    ['by reference', several('values', '$values/values/none.yaml'), 'values/none.yaml does not exist'],
    ['of an unknown reference', several('config', '$values/values/shop.yaml'), 'has the ref values'],
    ['that is a folder', single('path: charts/shop, helm: {valueFiles: [../../values]}'), 'values is a folder'],
  ])('finds one %s', (_title, manifest, part) => {
    expect(found(files(manifest))).toEqual([
      expect.stringMatching(/^argocd\/a.yaml:7 reference\/argocd-values-file: /),
    ]);
    expect(found(files(manifest))[0]).toContain(part);
  });
});

describe('references of Flux', () => {
  const kustomization = (name: string, fields: string) =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}}\nspec:\n  interval: 1m\n  prune: true\n  ${fields}\n`;
  const from = (kind: string, name: string) => `sourceRef: {kind: ${kind}, name: ${name}}`;
  const repositoryOf = (name: string, fields: string) =>
    `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: ${name}}\nspec: {interval: 1m, ${fields}}\n`;
  const tree = (manifest: string, more: Readonly<Record<string, string>> = {}) => ({
    'clusters/k.yaml': manifest,
    'apps/shop/c.yaml': CONFIG,
    ...more,
  });
  const good = kustomization('good', `path: ./apps/shop\n  ${from('GitRepository', 'flux-system')}`);
  const bad = (name = 'flux-system') => kustomization('bad', `path: ./apps/none\n  ${from('GitRepository', name)}`);

  it('finds a path of flux-system where another of its paths exists', () => {
    expect(found(tree(`${good}---\n${bad()}`))).toEqual([
      'clusters/k.yaml:16 reference/flux-path: The folder ./apps/none does not exist in this repository.',
    ]);
    expect(found(tree(bad()))).toEqual([]);
  });

  it.each([
    ['this repository', `url: "${HERE}"`, 1],
    ['its branch', `url: "${HERE}", ref: {branch: main}`, 1],
    ['another branch', `url: "${HERE}", ref: {branch: other}`, 0],
    ['a tag', `url: "${HERE}", ref: {tag: v1}`, 0],
    ['more than one repository', `url: "${HERE}", include: [{repository: {name: b}}]`, 0],
    ['another repository', 'url: https://git.example.com/acme/other', 0],
  ])('looks for paths in a GitRepository of %s', (_title, fields, count) => {
    expect(found(tree(`${bad('config')}---\n${repositoryOf('config', fields)}`))).toHaveLength(count);
  });

  it('leaves paths with variables and other kinds of sources alone', () => {
    const variable = kustomization('v', `path: ./apps/\${ENVIRONMENT}\n  ${from('GitRepository', 'flux-system')}`);
    const bucket = kustomization('b', `path: ./apps/none\n  ${from('Bucket', 'flux-system')}`);
    expect(found(tree(`${good}---\n${variable}---\n${bucket}`))).toEqual([]);
  });

  it('finds the chart and the values files of a HelmRelease', () => {
    const release = (fields: string) =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\nspec:\n  interval: 1m\n  chart:\n    spec:\n      ${fields}\n      ${from('GitRepository', 'config')}\n`;
    const source = {
      'clusters/s.yaml': repositoryOf('config', `url: "${HERE}"`),
      'charts/shop/Chart.yaml': 'name: shop\n',
    };
    const messages = (fields: string) => found(tree(release(fields), source));
    expect(messages('chart: ./charts/shop')).toEqual([]);
    expect(messages('chart: ./charts/shpo')).toEqual([
      'clusters/k.yaml:8 reference/flux-path: The folder ./charts/shpo does not exist in this repository.',
    ]);
    expect(messages('chart: charts/shop\n      valuesFiles: [charts/shop/prod.yaml]')).toEqual([
      'clusters/k.yaml:9 reference/flux-path: The file charts/shop/prod.yaml does not exist in this repository.',
    ]);
  });

  const sources = `---\n${repositoryOf('platform', 'url: https://git.example.com/acme/platform')}`;
  const dependent = (fields: string) => kustomization('a', `${fields}\n  ${from('GitRepository', 'platform')}`);

  it.each([
    [
      'a source',
      kustomization('a', from('GitRepository', 'plaftorm')) + sources,
      'flux-source: The GitRepository plaftorm',
    ],
    ['a dependency', dependent('dependsOn: [{name: b}]') + sources, 'flux-dependency: The Kustomization b'],
    [
      'a ConfigMap',
      dependent('postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}') + sources,
      'flux-values: The ConfigMap settings',
    ],
  ])('misses %s, as a warning, where the whole repository is looked at', (_title, manifest, part) => {
    const report = checkExample(tree(manifest), { missingSchema: 'skip' });
    expect(report.findings).toMatchObject([
      { severity: 'warning', message: `${part.split(': ')[1]} is not in this repository.` },
    ]);
    expect(report.findings[0]?.ruleId).toBe(`reference/${part.split(':')[0]}`);
    expect(found(tree(manifest), { whole: false })).toEqual([]);
    const set = 'apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: r}\n';
    expect(found(tree(`${manifest}---\n${set}`))).toEqual([]);
  });

  it.each([
    [
      'in any namespace',
      `${dependent('dependsOn: [{name: b, namespace: x}]')}---\n${kustomization('b', from('GitRepository', 'platform'))}`,
    ],
    [
      'of a name with a variable',
      `${dependent('dependsOn: [{name: shop-db}]')}---\n${kustomization('"${APP}-db"', from('GitRepository', 'platform'))}`,
    ],
    ['that is optional', dependent('postBuild: {substituteFrom: [{kind: ConfigMap, name: none, optional: true}]}')],
    ['made elsewhere: a Secret', dependent('postBuild: {substituteFrom: [{kind: Secret, name: none}]}')],
  ])('does not miss an object %s', (_title, manifest) => {
    expect(found(tree(manifest + sources))).toEqual([]);
  });

  it('takes flux-system as given, and other sources where the tree holds none of the kind, but no misspelling', () => {
    const named = (name: string) => found(tree(kustomization('a', from('GitRepository', name))));
    expect([named('flux-system'), named('platform')]).toEqual([[], []]);
    expect(named('flux-sytsem')).toEqual([
      'clusters/k.yaml:7 reference/flux-source: The GitRepository flux-sytsem is not in this repository.',
    ]);
  });

  it('knows names with a prefix, and those of generators', () => {
    const overlay = {
      'p/kustomization.yaml': 'namePrefix: prod-\nresources: [b.yaml]\nconfigMapGenerator: [{name: settings}]\n',
      'p/b.yaml': kustomization('b', from('GitRepository', 'platform')),
    };
    const manifest = dependent(
      'dependsOn: [{name: prod-b}]\n  postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}',
    );
    expect(found(tree(manifest + sources, overlay))).toEqual([]);
  });
});

describe('what a kustomization names', () => {
  const files = (kustomization: string) => ({
    'overlay/kustomization.yaml': kustomization,
    'overlay/a.yaml': CONFIG,
    'base/kustomization.yaml': 'resources: [b.yaml]\n',
    'base/b.yaml': CONFIG.replace('name: c', 'name: b'),
    'bare/c.yaml': CONFIG.replace('name: c', 'name: d'),
  });

  it.each([
    ['files and folders', 'resources: [a.yaml, ../base]\n'],
    [
      'URLs',
      'resources: ["https://example.com/x.yaml", "github.com/acme/config//base?ref=v1", "git@github.com:a/b"]\n',
    ],
    ['variables', 'resources: ["${CLUSTER}/a.yaml"]\n'],
    ['a patch that stands in it', 'patchesStrategicMerge:\n  - |\n    kind: ConfigMap\n    metadata: {name: c}\n'],
    ['keys of data', 'configMapGenerator: [{name: x, files: [key=a.yaml]}]\n'],
    ['names in another case', 'Resources: [a.yaml]\n'],
  ])('passes: %s', (_title, kustomization) => {
    expect(found(files(kustomization))).toEqual([]);
  });

  it.each([
    ['a resource', 'resources: [none.yaml]\n', 'none.yaml does not exist.'],
    ['a base', 'resources: [../bsae]\n', '../bsae does not exist.'],
    ['a bare folder', 'resources: [../bare]\n', 'The folder ../bare holds no kustomization.'],
    ['a component', 'components: [a.yaml]\n', 'a.yaml is a file, and a component is a folder.'],
    ['a patch', 'patches: [{path: none.yaml}]\n', 'none.yaml does not exist.'],
    ['an older patch', 'patchesJson6902: [{path: none.json, target: {kind: A}}]\n', 'none.json does not exist.'],
    ['a folder for a patch', 'patchesStrategicMerge: [../bare]\n', '../bare is a folder, and a file is wanted.'],
    ['data', 'configMapGenerator: [{name: x, files: [key=none.txt]}]\n', 'none.txt does not exist.'],
    ['values', 'helmCharts: [{name: x, valuesFile: none.yaml}]\n', 'none.yaml does not exist.'],
    ['a setting', 'configurations: [none.yaml]\n', 'none.yaml does not exist.'],
  ])('finds %s', (_title, kustomization, message) => {
    expect(found(files(kustomization))).toEqual([`overlay/kustomization.yaml:1 reference/kustomize: ${message}`]);
  });

  it('suggests what was meant, as the entry is written', () => {
    const hints = (kustomization: string) => checkExample(files(kustomization)).findings.map(({ hint }) => hint);
    expect(hints('resources: [../bsae]\n')).toEqual(['Did you mean ../base?']);
    expect(hints('resources: [b.yaml]\n')).toEqual(['Did you mean a.yaml?']);
    expect(hints('resources: [../base/kustomizations.yaml]\n')).toEqual([undefined]);
  });

  it('passes over skeletons, and resources beside a chart', () => {
    const missing = 'resources: [../none.yaml]\n';
    expect(found({ 'hack/templates/x/kustomization.yaml': missing, 'a.yaml': CONFIG })).toEqual([]);
    expect(found({ 'x/kustomization.yaml': missing, 'x/Chart.yaml': 'name: x\n', 'a.yaml': CONFIG })).toEqual([]);
    expect(found({ 'x/kustomization.yaml': missing, 'a.yaml': CONFIG })).toHaveLength(1);
  });
});
