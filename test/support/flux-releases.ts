import type { Json } from '../../src/engines/api/json.ts';
import { condition, fluxObject, main, READY } from './flux-objects.ts';

type Parts = Parameters<typeof fluxObject>[1];

export const DIGEST = `sha256:${'1'.repeat(64)}`;
/** Labels of what the Kustomization `app` has applied. */
export const OWNED = { 'kustomize.toolkit.fluxcd.io/name': 'app', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' };

/** The version of a chart that is released with every commit. */
export const version = (commit: string) => `1.0.0+${commit.slice(0, 12)}`;

/** A HelmChart that was built of a commit. */
export function chart(commit: string, revision = version(commit), parts: Parts = {}): Json {
  return fluxObject('HelmChart', {
    name: 'flux-app',
    conditions: [condition('Ready', 'True', 'ChartPackageSucceeded')],
    ...parts,
    spec: {
      chart: './chart',
      reconcileStrategy: 'Revision',
      sourceRef: { kind: 'GitRepository', name: 'app' },
      ...parts.spec,
    },
    status: {
      observedSourceArtifactRevision: main(commit),
      artifact: { revision, digest: DIGEST, lastUpdateTime: '2026-11-22T10:00:00Z' },
      ...parts.status,
    },
  });
}

/** A HelmRelease that has released a version of that chart. */
export function release(chartVersion: string, parts: Parts = {}): Json {
  return fluxObject('HelmRelease', {
    conditions: [READY],
    ...parts,
    spec: { chart: { spec: { chart: './chart', sourceRef: { kind: 'GitRepository', name: 'app' } } }, ...parts.spec },
    status: {
      helmChart: 'flux/flux-app',
      lastAttemptedRevision: chartVersion,
      lastAttemptedGeneration: 1,
      lastAttemptedConfigDigest: DIGEST,
      history: [{ version: 2, status: 'deployed', chartVersion, configDigest: DIGEST }],
      ...parts.status,
    },
  });
}
