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

describe('charts', () => {
  itWith('helm')(`${needs('helm')}installs a chart of the repository with the values of a HelmRelease`, async () => {
    const { findings } = await check({
      'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'chart/values.yaml': 'replicas: 1\n',
      'chart/templates/web.yaml': deployment(`  replicas: {{ .Values.replicas }}\n${SELECTOR}`),
      'release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 1h
  chart:
    spec:
      chart: ./chart
      sourceRef:
        kind: GitRepository
        name: flux-system
  values:
    replicas: many
`,
    });
    expect(findings.map(printFinding)).toEqual(['chart/templates/web.yaml:6:3 schema/type (HelmRelease shop/web)']);
  });

  itWith('helm')(
    `${needs('helm')}finds the same object twice, and takes values that are not enough for a warning`,
    async () => {
      const twice = '{{- range until 2 }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: same\n{{- end }}\n';
      const report = await check({
        'a/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
        'a/templates/twice.yaml': twice,
        'b/Chart.yaml': 'apiVersion: v2\nname: b\nversion: 1.0.0\n',
        'b/templates/x.yaml': '{{ required "give a name" .Values.name }}\n',
      });
      expect(report.findings.map((finding) => `${printFinding(finding)} ${finding.severity}`)).toEqual([
        'a/templates/twice.yaml:6:3 duplicate/object (chart a) error',
        'b/Chart.yaml:1:1 render/failed (chart b) warning',
      ]);
      expect(report.findings[1]?.message).toContain('give a name');
    },
  );

  itWith('helm')(
    `${needs('helm')}uses a local dependency that is not vendored, and a schema that refers to nothing else`,
    async () => {
      const { findings } = await check({
        'web/Chart.yaml':
          'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: common, version: 1.x, repository: "file://../common" }]\n',
        'web/values.schema.json':
          '{ "type": "object", "properties": { "x": { "$ref": "https://schemas.example.com/x.json" } } }',
        'web/templates/map.yaml': '{{ include "common.map" . }}\n',
        'common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 1.2.0\ntype: library\n',
        'common/templates/_map.tpl':
          '{{ define "common.map" }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\ndate: {}\n{{ end }}\n',
      });
      expect(findings.map(printFinding)).toEqual([
        'common/Chart.yaml:1:1 render/refused (chart common)',
        'web/templates/map.yaml:1:1 schema/unknown-field (chart web)',
      ]);
    },
  );
});

describe('Argo CD', () => {
  itWith('helm', 'kustomize')(
    `${needs('helm', 'kustomize')}renders Applications that an Application makes`,
    async () => {
      repository = createRepository({
        'root.yaml': application('root', 'apps', ''),
        'apps/Chart.yaml': 'apiVersion: v2\nname: apps\nversion: 1.0.0\n',
        'apps/templates/web.yaml': application('web', 'web', '    kustomize: { namePrefix: "{{ .Release.Name }}-" }\n'),
        'web/kustomization.yaml': 'resources: [map.yaml]\n',
        'web/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\n',
      });
      const { rendered } = await repository.render('argocd');
      const names = rendered.units.map(({ unit, outcome }) =>
        outcome.state === 'rendered'
          ? `${unit.name}: ${outcome.objects.map(({ resource }) => resource.name).join()}`
          : unit.name,
      );
      expect(names).toEqual(['Application argocd/root: web', 'Application argocd/web: root-map']);
    },
  );
});

function application(name: string, path: string, more: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
spec:
  project: default
  destination: { server: https://kubernetes.default.svc, namespace: web }
  source:
    repoURL: https://git.example.com/acme/config.git
    path: ${path}
${more}`;
}
