import { afterEach, describe, expect } from '@jest/globals';
import {
  checkRendered,
  createRepository,
  deployment,
  itWith,
  needs,
  printFinding,
  type Repository,
  SELECTOR,
} from '../support/rendering.ts';

let repository: Repository | undefined;
afterEach(() => repository?.remove());

function check(files: Readonly<Record<string, string>>, options: { readonly changed?: ReadonlySet<string> } = {}) {
  repository?.remove();
  repository = createRepository(files);
  return checkRendered(repository, options);
}

describe('kustomizations', () => {
  itWith('kustomize')(`${needs('kustomize')}judges a base by what its overlays make of it`, async () => {
    const overlay = (patch: string) => ({
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'base/web.yaml': deployment(''),
      'prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: prod-\npatches: [{ path: patch.yaml }]\n',
      'prod/patch.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n${patch}`,
    });
    expect((await check(overlay(SELECTOR))).findings).toEqual([]);
    expect((await check(overlay('  paused: false\n'))).findings.map(printFinding)).toEqual([
      'base/web.yaml:5:1 schema/missing-field (kustomization prod)',
    ]);
    expect((await check(overlay(`  replicas: many\n${SELECTOR}`))).findings.map(printFinding)).toEqual([
      'prod/patch.yaml:6:13 schema/type (kustomization prod)',
    ]);
  });

  itWith('kustomize')(`${needs('kustomize')}tells once what several overlays have in common`, async () => {
    const { findings } = await check({
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'base/web.yaml': deployment(`  replica: 1\n${SELECTOR}`),
      'prod/kustomization.yaml': 'resources: [../base]\n',
      'test/kustomization.yaml': 'resources: [../base]\nnameSuffix: -test\n',
    });
    expect(findings.map(printFinding)).toEqual([
      'base/web.yaml:6:3 schema/unknown-field (kustomization prod and 1 more)',
    ]);
  });

  itWith('kustomize')(`${needs('kustomize')}honours what a file leaves out by a comment`, async () => {
    const { findings, suppressed } = await check({
      'kustomization.yaml': 'resources: [web.yaml]\n',
      'web.yaml': deployment(`  replica: 1 # drawbridge-ignore: schema/unknown-field an old name\n${SELECTOR}`),
    });
    expect(findings).toEqual([]);
    expect(suppressed.comment).toBeGreaterThan(0);
  });

  itWith('kustomize')(`${needs('kustomize')}tells only what a change went into`, async () => {
    const files = {
      'a/kustomization.yaml': 'resources: [web.yaml]\n',
      'a/web.yaml': deployment(''),
      'b/kustomization.yaml': 'resources: [web.yaml]\n',
      'b/web.yaml': deployment(''),
    };
    const { findings } = await check(files, { changed: new Set(['b/web.yaml']) });
    expect(findings.map(printFinding)).toEqual(['b/web.yaml:5:1 schema/missing-field (kustomization b)']);
  });
});

const FLUX = (name: string, path: string, more = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 1h
  prune: true
  path: ${path}
  sourceRef:
    kind: GitRepository
    name: flux-system
${more}`;

describe('Flux', () => {
  itWith('kustomize')(
    `${needs('kustomize')}follows Kustomizations that Kustomizations bring forth, as they are patched`,
    async () => {
      const patch = `  patches:
    - target: { kind: Kustomization }
      patch: |
        - op: add
          path: /spec/postBuild
          value: { substituteFrom: [{ kind: ConfigMap, name: settings }] }
`;
      const { findings } = await check({
        'clusters/a/flux-system/sync.yaml': FLUX('cluster', './clusters/a', patch),
        'clusters/a/settings.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: flux-system\ndata:\n  REPLICAS: "3"\n  BAD: text\n',
        'clusters/a/apps.yaml': FLUX('apps', './apps'),
        'apps/web.yaml': deployment(`  replicas: \${REPLICAS}\n  revisionHistoryLimit: \${BAD}\n${SELECTOR}`),
        'apps/other.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata:\n  a: ${NONE:=b}\n  b: $${NONE}\n  c: ${NONE}\n',
      });
      expect(findings.map(printFinding)).toEqual([
        'apps/other.yaml:8:6 render/variable (Flux Kustomization flux-system/apps)',
        'apps/web.yaml:7:25 schema/type (Flux Kustomization flux-system/apps)',
      ]);
    },
  );

  itWith('kustomize')(`${needs('kustomize')}takes two clusters with the same names apart`, async () => {
    const cluster = (name: string, value: string) => ({
      [`clusters/${name}/apps.yaml`]: FLUX(
        'apps',
        './apps',
        '  postBuild:\n    substituteFrom: [{ kind: ConfigMap, name: settings }]\n',
      ),
      [`clusters/${name}/settings.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: flux-system\ndata:\n  REPLICAS: "${value}"\n`,
    });
    repository = createRepository({
      ...cluster('a', '1'),
      ...cluster('b', '2'),
      'apps/web.yaml': deployment(`  replicas: \${REPLICAS}\n${SELECTOR}`),
    });
    const { rendered } = await repository.render('flux');
    const replicas = rendered.units.flatMap(({ outcome }) =>
      outcome.state === 'rendered'
        ? outcome.objects.map(({ value }) => (value.spec as { replicas: number }).replicas)
        : [],
    );
    expect(replicas).toEqual([1, 2]);
  });
});
