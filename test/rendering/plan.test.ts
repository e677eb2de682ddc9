import { afterEach, describe, expect, it } from '@jest/globals';
import { applicationsOf } from '../../src/rendering/argocd-applicationset.ts';
import type { Declared, Surroundings } from '../../src/rendering/declared.ts';
import { plan } from '../../src/rendering/plan.ts';
import { createSourceTree } from '../../src/rendering/source-tree.ts';
import { UNKNOWN } from '../../src/rendering/substitute.ts';
import type { Json } from '../../src/rendering/yaml-values.ts';
import { createRepository, type Repository } from '../support/rendering.ts';

const HERE = 'https://git.example.com/acme/config.git';

let repository: Repository | undefined;
afterEach(() => repository?.remove());

function surroundings(files: readonly string[], objects: readonly Json[] = []): Surroundings {
  repository = createRepository(Object.fromEntries(files.map((path) => [path, ''])));
  const find: Surroundings['findObject'] = (kind, name) =>
    objects.find((object) => object.kind === kind && (object.metadata as { name?: string }).name === name);
  return {
    tree: createSourceTree(repository.host, ''),
    repository: {
      prefix: '',
      isSame: (url) => (url === HERE ? 'yes' : 'no'),
      isFollowed: (revision) => revision !== 'v1',
    },
    findObject: find,
    listObjects: (kind) => objects.filter((object) => object.kind === kind),
  };
}

function declared(apiVersion: string, kind: string, spec: Json): Declared {
  const value = { apiVersion, kind, metadata: { name: 'apps', namespace: 'web' }, spec };
  return {
    apiVersion,
    kind,
    name: 'apps',
    namespace: 'web',
    value,
    place: { path: 'a.yaml', line: 1, column: 1 },
    ancestors: [],
  };
}

const flux = (spec: Json) => declared('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', spec);
const release = (spec: Json) => declared('helm.toolkit.fluxcd.io/v2', 'HelmRelease', spec);
const application = (spec: Json) => declared('argoproj.io/v1alpha1', 'Application', spec);
const GIVEN = { kind: 'GitRepository', name: 'flux-system' };

describe('a Kustomization of Flux', () => {
  it('builds its path with its own fields around it, and replaces variables', async () => {
    const settings = { kind: 'ConfigMap', metadata: { name: 'settings' }, data: { A: 'from the\nmap', B: 'map' } };
    const secret = { kind: 'Secret', metadata: { name: 'secret' }, stringData: { C: 'hidden' } };
    const postBuild = {
      substitute: { B: 'own' },
      substituteFrom: [
        { kind: 'ConfigMap', name: 'settings' },
        { kind: 'Secret', name: 'secret' },
      ],
    };
    const spec = {
      path: './apps/prod',
      sourceRef: GIVEN,
      targetNamespace: 'shop',
      images: [{ name: 'a', newTag: '2' }],
      postBuild,
    };
    const { units } = await plan(flux(spec), surroundings(['apps/prod/x.yaml'], [settings, secret]));
    expect(units[0]?.recipe).toEqual({
      kind: 'kustomize',
      folder: 'apps/prod',
      generates: true,
      around: { namespace: 'shop', images: [{ name: 'a', newTag: '2' }] },
    });
    const values = { A: 'from themap', B: 'own', C: UNKNOWN };
    expect(units[0]?.substitution).toEqual({ values: new Map(Object.entries(values)), open: false });
  });

  it('can say nothing of what is missing where a source of variables is not in the repository', async () => {
    const postBuild = { substituteFrom: [{ kind: 'ConfigMap', name: 'elsewhere' }] };
    const { units } = await plan(flux({ path: 'apps', sourceRef: GIVEN, postBuild }), surroundings(['apps/x.yaml']));
    expect(units[0]?.substitution).toEqual({ values: new Map(), open: true });
  });

  it.each([
    ['without postBuild', {}, undefined],
    ['with an empty one', { postBuild: {} }, undefined],
    [
      'with an empty one that is to be used always',
      { postBuild: { substituteStrategy: 'Always' } },
      { values: new Map(), open: false },
    ],
  ])('replaces nothing %s', async (_, more, expected) => {
    const { units } = await plan(flux({ path: 'apps', sourceRef: GIVEN, ...more }), surroundings(['apps/x.yaml']));
    expect(units[0]?.substitution).toEqual(expected);
  });

  it.each([
    [
      'a path that is not there',
      { path: './none', sourceRef: GIVEN },
      'none of the GitRepository flux-system is not in this repository',
    ],
    ['a path with variables', { path: './${CLUSTER}', sourceRef: GIVEN }, 'has variables that nothing here replaces'],
    [
      'a bucket',
      { path: 'apps', sourceRef: { kind: 'Bucket', name: 'b' } },
      'what the Bucket b holds is not in this repository',
    ],
    [
      'another repository',
      { path: 'apps', sourceRef: { kind: 'GitRepository', name: 'other' } },
      'apps of the GitRepository other is not in this repository',
    ],
    [
      'a tag',
      { path: 'apps', sourceRef: { kind: 'GitRepository', name: 'tagged' } },
      'its source tagged follows the tag v1',
    ],
  ])('is not rendered from %s', async (_, spec, reason) => {
    const source = (name: string, more: Json) => ({ kind: 'GitRepository', metadata: { name }, spec: more });
    const objects = [
      source('other', { url: 'https://git.example.com/else/where.git' }),
      source('tagged', { url: HERE, ref: { tag: 'v1' } }),
    ];
    const { units, undone } = await plan(flux(spec), surroundings(['apps/x.yaml'], objects));
    expect(units).toEqual([]);
    expect(undone[0]?.reason).toContain(reason);
  });

  it('follows what an ArtifactGenerator copies', async () => {
    const spec = {
      sources: [{ alias: 'repo', ...GIVEN }],
      artifacts: [
        {
          name: 'apps',
          copy: [
            { from: '@repo/apps/base/**', to: '@artifact/base/' },
            { from: '@repo/apps/prod/**', to: '@artifact/prod/' },
          ],
        },
      ],
    };
    const generator = { kind: 'ArtifactGenerator', metadata: { name: 'x' }, spec };
    const sourceRef = { kind: 'ExternalArtifact', name: 'apps' };
    const { units } = await plan(flux({ path: './prod', sourceRef }), surroundings(['apps/prod/x.yaml'], [generator]));
    expect(units[0]?.recipe).toMatchObject({ folder: 'apps/prod' });
  });
});

describe('a HelmRelease', () => {
  const chart = { spec: { chart: './charts/web', sourceRef: GIVEN, valuesFiles: ['charts/web/values-prod.yaml'] } };

  it('renders a chart of the repository with all its values in their order', async () => {
    const map = { kind: 'ConfigMap', metadata: { name: 'more' }, data: { 'values.yaml': 'a: 1' } };
    const spec = {
      chart,
      targetNamespace: 'shop',
      valuesFrom: [{ kind: 'ConfigMap', name: 'more' }],
      values: { b: 2 },
    };
    const { units } = await plan(release(spec), surroundings(['charts/web/Chart.yaml'], [map]));
    expect(units[0]?.recipe).toEqual({
      kind: 'helm',
      chart: 'charts/web',
      release: 'shop-apps',
      namespace: 'shop',
      values: [{ file: 'charts/web/values-prod.yaml' }, { text: 'a: 1' }, { text: '{\n  "b": 2\n}' }],
      parameters: [],
    });
  });

  it.each([
    [
      { chart: { spec: { chart: 'podinfo', sourceRef: { kind: 'HelmRepository', name: 'p' } } } },
      'its chart, podinfo of the HelmRepository p, is not in this repository',
    ],
    [{ chartRef: { kind: 'OCIRepository', name: 'p' } }, 'its chart, the OCIRepository p, is not in this repository'],
    [{ chart, postRenderers: [{}] }, 'it has postRenderers'],
    [{ chart, valuesFrom: [{ kind: 'Secret', name: 's' }] }, 'the Secret s, which it takes values from, is not read'],
    [
      { chart, valuesFrom: [{ kind: 'ConfigMap', name: 'none' }] },
      'the ConfigMap none, which it takes values from, is not in this repository',
    ],
  ])('%j is not rendered: %s', async (spec, reason) => {
    const secret = { kind: 'Secret', metadata: { name: 's' }, data: { 'values.yaml': 'YTogMQ==' } };
    const { units, undone } = await plan(release(spec), surroundings(['charts/web/Chart.yaml'], [secret]));
    expect(units).toEqual([]);
    expect(undone).toEqual([expect.objectContaining({ reason, name: 'HelmRelease web/apps' })]);
  });
});

describe('an Application', () => {
  const files = [
    'kust/kustomization.yaml',
    'chart/Chart.yaml',
    'chart/prod.yaml',
    'values/prod.yaml',
    'plain/a.yaml',
    'plain/sub/b.yaml',
    'plain/c.txt',
    'jsonnet/x.jsonnet',
  ];

  it.each([
    [
      'a kustomization',
      { path: 'kust', kustomize: { images: ['a=b:2', 'c@sha256:00'], namePrefix: 'x-' } },
      {
        kind: 'kustomize',
        folder: 'kust',
        around: {
          namePrefix: 'x-',
          images: [
            { name: 'a', newName: 'b', newTag: '2' },
            { name: 'c', digest: 'sha256:00' },
          ],
        },
      },
    ],
    [
      'a chart',
      {
        path: 'chart',
        helm: {
          valueFiles: ['prod.yaml'],
          valuesObject: { a: 1 },
          parameters: [{ name: 'b', value: '2', forceString: true }],
        },
      },
      {
        kind: 'helm',
        chart: 'chart',
        release: 'apps',
        namespace: 'shop',
        values: [{ file: 'chart/prod.yaml' }, { text: '{\n  "a": 1\n}' }],
        parameters: [{ text: 'b=2', isText: true }],
      },
    ],
    ['a folder', { path: 'plain' }, { kind: 'files', files: ['plain/a.yaml'] }],
    [
      'a folder with all below it',
      { path: 'plain', directory: { recurse: true, exclude: 'a.yaml' } },
      { kind: 'files', files: ['plain/sub/b.yaml'] },
    ],
  ])('of %s', async (_, source, recipe) => {
    const spec = { destination: { namespace: 'shop' }, source: { repoURL: HERE, ...source } };
    const { units } = await plan(application(spec), surroundings(files));
    expect(units.map((unit) => unit.recipe)).toEqual([recipe]);
  });

  it('takes values files from another source that is this repository', async () => {
    const sources = [
      { repoURL: HERE, path: 'chart', helm: { valueFiles: ['$values/values/prod.yaml'] } },
      { repoURL: HERE, ref: 'values' },
    ];
    const { units } = await plan(application({ sources }), surroundings(files));
    expect(units.map(({ recipe }) => recipe)).toEqual([
      expect.objectContaining({ values: [{ file: 'values/prod.yaml' }] }),
    ]);
  });

  it.each([
    [
      { repoURL: 'https://git.example.com/else/where.git', path: 'kust' },
      'kust of https://git.example.com/else/where.git is not in this repository',
    ],
    [{ repoURL: HERE, path: 'kust', targetRevision: 'v1' }, `kust of ${HERE} is not in this repository`],
    [
      { repoURL: 'https://charts.example.com', chart: 'db' },
      'its chart, db of https://charts.example.com, is not in this repository',
    ],
    [{ repoURL: HERE, path: 'kust', plugin: {} }, 'it is rendered by a plugin'],
    [{ repoURL: HERE, path: 'jsonnet' }, 'it is rendered by Jsonnet'],
    [
      { repoURL: HERE, path: 'chart', helm: { valueFiles: ['https://x.example.com/v.yaml'] } },
      'its values file https://x.example.com/v.yaml is not in this repository',
    ],
  ])('%j is not rendered: %s', async (source, reason) => {
    const { units, undone } = await plan(application({ source }), surroundings(files));
    expect(units).toEqual([]);
    expect(undone[0]?.reason).toBe(reason);
  });
});

describe('an ApplicationSet', () => {
  const FILES = [
    'apps/web/k.yaml',
    'apps/Data_base/k.yaml',
    'apps/old/k.yaml',
    'apps/.hidden/k.yaml',
    'deep/a/b/config.json',
  ];
  const set = (spec: Json) =>
    applicationsOf(declared('argoproj.io/v1alpha1', 'ApplicationSet', spec), surroundings(FILES));
  const namesOf = async (spec: Json) => {
    const made = await set(spec);
    return made.ok ? made.applications.map(({ name }) => name) : made.reason;
  };
  const template = (name: string, path: string) => ({ metadata: { name }, spec: { source: { repoURL: HERE, path } } });
  const list = {
    list: {
      elements: [
        { cluster: 'a', values: { path: 'x' } },
        { cluster: 'b', values: { path: 'y' } },
      ],
    },
  };

  it.each([
    ['{{cluster}}-web', '{{ values.path }}', false],
    ['{{ .cluster }}-web', '{{.values.path}}', true],
  ])('makes an Application of %s for each element of a list', async (name, path, goTemplate) => {
    const made = await set({ goTemplate, generators: [list], template: template(name, path) });
    expect(
      made.ok &&
        made.applications.map((one) => [one.name, (one.value.spec as { source: { path: string } }).source.path]),
    ).toEqual([
      ['a-web', 'x'],
      ['b-web', 'y'],
    ]);
  });

  it.each([
    [{ generators: [{ scmProvider: {} }], template: {} }, 'its generator scmProvider needs more than this repository'],
    [
      { generators: [{ matrix: { generators: [list, { clusters: {} }] } }], template: {} },
      'its generator clusters needs more than this repository',
    ],
    [
      { generators: [{ git: { repoURL: 'https://git.example.com/acme/other', directories: [{ path: '*' }] } }] },
      'its generator git reads https://git.example.com/acme/other, which is not what is checked here',
    ],
    [{ generators: [{ ...list, selector: {} }], template: {} }, 'its generator has a selector'],
    [
      { goTemplate: true, generators: [list], template: template('{{ .cluster | upper }}', 'x') },
      'its template needs more than plain parameters',
    ],
    [{ generators: [list], template: template('{{ none }}', 'x') }, 'its template needs more than plain parameters'],
  ])('%j is not rendered: %s', async (spec, reason) => {
    expect(await set(spec)).toEqual({ ok: false, reason });
  });

  const folders = { git: { repoURL: HERE, directories: [{ path: 'apps/*' }, { path: 'apps/old', exclude: true }] } };
  const named = (name: string, goTemplate = false) => ({ goTemplate, template: template(name, 'x') });

  it.each([
    ['{{path.basename}}', false, ['Data_base', 'web']],
    ['{{path[0]}}-{{path.basenameNormalized}}', false, ['apps-data-base', 'apps-web']],
    ['{{ path }}', false, ['apps/Data_base', 'apps/web']],
    ['{{.path.basename}}', true, ['Data_base', 'web']],
    ['{{ .path.path }}', true, ['apps/Data_base', 'apps/web']],
    ['{{ index .path.segments 1 }}', true, ['Data_base', 'web']],
  ])('takes folders of this repository as %s', async (name, goTemplate, expected) => {
    expect(await namesOf({ generators: [folders], ...named(name, goTemplate) })).toEqual(expected);
  });

  it('takes what files hold, one object or several, and where they are', async () => {
    const generators = [{ git: { repoURL: HERE, files: [{ path: 'deep/*/config.json' }] } }];
    const spec = { generators, ...named('{{cluster.name}}-{{path.basename}}-{{path.filename}}') };
    const around = surroundings(FILES);
    repository?.write({ 'deep/a/b/config.json': '[{"cluster": {"name": "one"}}, {"cluster": {"name": "two"}}]' });
    const made = await applicationsOf(declared('argoproj.io/v1alpha1', 'ApplicationSet', spec), around);
    expect(made.ok && made.applications.map(({ name }) => name)).toEqual(['one-b-config.json', 'two-b-config.json']);
  });

  it('adds values, and a prefix where two generators would have the same names', async () => {
    const git = { ...folders.git, pathParamPrefix: 'app', values: { key: '{{app.path.basename}}-x' } };
    expect(await namesOf({ generators: [{ git }], ...named('{{values.key}}') })).toEqual(['Data_base-x', 'web-x']);
  });

  it('combines generators, the second of which may use what the first gives', async () => {
    const stages = { list: { elements: [{ stage: 'apps' }] } };
    const inner = { git: { repoURL: HERE, directories: [{ path: '{{stage}}/w*' }] } };
    const matrix = { matrix: { generators: [stages, inner] } };
    expect(await namesOf({ generators: [matrix], ...named('{{stage}}-{{path.basename}}') })).toEqual(['apps-web']);
    const over = {
      list: {
        elements: [
          { cluster: 'b', size: 'large' },
          { cluster: 'c', size: 'none' },
        ],
      },
    };
    const base = {
      list: {
        elements: [
          { cluster: 'a', size: 'small' },
          { cluster: 'b', size: 'small' },
        ],
      },
    };
    const merged = { merge: { mergeKeys: ['cluster'], generators: [base, over] } };
    expect(await namesOf({ generators: [merged], ...named('{{cluster}}-{{size}}') })).toEqual(['a-small', 'b-large']);
  });
});
