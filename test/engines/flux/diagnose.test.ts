import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { fluxEngine } from '../../../src/engines/flux/index.ts';
import type { Scope } from '../../../src/engines/kubernetes-api/cluster.ts';
import type { Host } from '../../../src/host.ts';
import { condition, fluxObject, kustomization, main, NEW, OLD, repository } from '../../support/flux-objects.ts';
import { objectCluster } from '../../support/object-cluster.ts';

const deployment = fluxObject('Deployment', {
  name: 'web',
  generation: 2,
  spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } } } },
  status: { replicas: 1, updatedReplicas: 1 },
});
const pod: Json = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    namespace: 'flux',
    labels: { app: 'web' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-abc', controller: true }],
  },
  spec: { containers: [{ name: 'web', image: 'web:2' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      { name: 'web', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } } },
    ],
  },
};
const event: Json = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'flux' },
  type: 'Warning',
  reason: 'HealthCheckFailed',
  message: 'health check failed after 30s',
  count: 4,
  lastTimestamp: '2026-11-22T10:00:00Z',
  involvedObject: { kind: 'Kustomization', name: 'app', namespace: 'flux' },
};
const failing = kustomization(NEW, {
  conditions: [
    condition('Ready', 'False', 'HealthCheckFailed', "timeout waiting for: [Deployment/flux/web status: 'InProgress']"),
  ],
  status: { lastAppliedRevision: main(OLD), inventory: { entries: [{ id: 'flux_web_apps_Deployment', v: 'v1' }] } },
  spec: { dependsOn: [{ name: 'infra' }] },
});
const infra = kustomization(OLD, { name: 'infra', spec: { suspend: true } });

function diagnosed(objects: readonly Json[], text: string, forbidden?: (verb: string, scope: Scope) => boolean) {
  const { cluster } = objectCluster(objects, { logs: ['panic: no database'], ...(forbidden && { forbidden }) });
  const engine = fluxEngine(cluster, { grace: 30_000, normaliseRepository: (url) => url }, {} as Host);
  return engine.diagnose(engine.parseTarget(text), new AbortController().signal);
}

describe('a diagnosis', () => {
  it('tells revisions, dependencies, conditions, pods, events, logs and hints on one screen', async () => {
    const { sections, hints } = await diagnosed([failing, infra, repository(NEW), deployment, pod, event], 'ks/app');
    const text = sections.map(({ title, lines }) => [title, ...lines].join('\n')).join('\n');
    expect(text).toContain(`GitRepository/flux/app has main@sha1:${NEW.slice(0, 12)}`);
    expect(text).toContain('Kustomization/flux/infra: suspended');
    expect(text).toContain('HealthCheckFailed: timeout waiting for');
    expect(text).toContain('pod web-1, container web: CrashLoopBackOff, 3 restarts');
    expect(text).toContain('Kustomization app: HealthCheckFailed: health check failed after 30s (4 times)');
    expect(text).toContain('panic: no database');
    expect(text.split('\n').length).toBeLessThan(40);
    expect(hints).toContain('Resume it when that is meant: flux resume kustomization infra --namespace flux');
    expect(hints.some((hint) => hint.includes('spec.timeout'))).toBe(true);
  });

  it('is smaller with fewer rights, and never fails', async () => {
    const only = (verb: string, { type }: Scope) => !(verb === 'get' && type.kind === 'Kustomization');
    const { sections } = await diagnosed([failing, infra, repository(NEW), deployment, pod, event], 'ks/app', only);
    expect(sections.flatMap(({ lines }) => lines).join('\n')).toContain('HealthCheckFailed');
    const nothing = await diagnosed([failing], 'ks/app', () => true);
    expect(nothing.sections.flatMap(({ lines }) => lines)).toEqual([
      'Kustomization app: it cannot be read, or does not exist',
    ]);
  });

  it.each<readonly [string, readonly Json[], string]>([
    [
      'a release that was given up',
      [
        fluxObject('HelmRelease', {
          conditions: [condition('Ready', 'False', 'UpgradeFailed'), condition('Stalled', 'True', 'RetriesExceeded')],
          spec: { chart: { spec: { sourceRef: { kind: 'GitRepository', name: 'app' } } } },
        }),
      ],
      '--reset',
    ],
    [
      'a chart that is released by its version only',
      [
        fluxObject('HelmRelease', { spec: { chart: { spec: { sourceRef: { kind: 'GitRepository', name: 'app' } } } } }),
        fluxObject('HelmChart', { name: 'flux-app', spec: { sourceRef: { kind: 'GitRepository', name: 'app' } } }),
        repository(NEW),
      ],
      'reconcileStrategy: Revision',
    ],
  ])('has a hint for %s', async (_, objects, words) => {
    const { hints } = await diagnosed(objects, 'hr/app');
    expect(hints.join('\n')).toContain(words);
  });

  it('has hints for a source that wants a password, and for a build that fails', async () => {
    const denied = repository(OLD, {
      conditions: [condition('Ready', 'False', 'GitOperationFailed', 'authentication required: x')],
    });
    const unbuilt = kustomization(OLD, { conditions: [condition('Ready', 'False', 'BuildFailed', 'x')] });
    const { hints } = await diagnosed([unbuilt, denied], 'ks/app');
    expect(hints).toEqual([
      'kustomize build of the folder shows the same error on your machine.',
      'GitRepository app needs other credentials: see its spec.secretRef.',
    ]);
  });
});
