/** Objects of Flux that scenarios make. JSON is YAML, and easier to vary. */
import { deployment } from '../manifests.ts';

const SOURCE = 'source.toolkit.fluxcd.io/v1';
const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io/v1';
const HELM = 'helm.toolkit.fluxcd.io/v2';

/** Asked every ten minutes, unless somebody tells Flux to look at once. */
export function gitRepository(namespace: string, url: string, more: object = {}): object {
  const spec = { interval: '10m', timeout: '20s', url, ref: { branch: 'main' }, ...more };
  return { apiVersion: SOURCE, kind: 'GitRepository', metadata: { name: 'app', namespace }, spec };
}

/** Applies the folder `deploy`, with a health check of all its objects. */
export function kustomization(namespace: string, more: object = {}, name = 'app'): object {
  const common = { interval: '10m', retryInterval: '10s', timeout: '60s', prune: true, wait: true };
  const sourceRef = { kind: 'GitRepository', name: 'app' };
  const spec = { ...common, path: './deploy', targetNamespace: namespace, sourceRef, ...more };
  return { apiVersion: KUSTOMIZE, kind: 'Kustomization', metadata: { name, namespace }, spec };
}

/** The release `web` of the chart in the folder `chart`; each commit is one of its versions. */
export function helmRelease(namespace: string, { chart = {}, ...more }: { readonly chart?: object } = {}): object {
  const sourceRef = { kind: 'GitRepository', name: 'app' };
  const ofGit = { chart: './chart', interval: '10m', reconcileStrategy: 'Revision', sourceRef, ...chart };
  const spec = { interval: '10m', timeout: '20s', releaseName: 'web', chart: { spec: ofGit }, ...more };
  return { apiVersion: HELM, kind: 'HelmRelease', metadata: { name: 'web', namespace }, spec };
}

/** A chart of one Deployment, whose tag is written into it. */
export function chart(version: string, tag: string): Readonly<Record<string, string>> {
  return {
    'chart/Chart.yaml': `apiVersion: v2\nname: web\nversion: ${version}\n`,
    'chart/values.yaml': 'tag: none\n',
    'chart/templates/web.yaml': deployment(tag, { deadline: 600 }),
  };
}

/** A release whose values are in Git too, applied by the Kustomization `app`. */
export function releaseInGit(namespace: string, tag: string, more: object = {}): Readonly<Record<string, string>> {
  const release = helmRelease(namespace, { ...more, values: { tag } } as object);
  return {
    ...chart('1.0.0', '{{ .Values.tag }}'),
    'deploy/release.yaml': `${JSON.stringify(release, null, 1)}\n`,
  };
}
