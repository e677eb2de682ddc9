import { configMapOf } from '../manifests.ts';
import { expect, type Scenario } from '../scenario.ts';
import { chart, helmRelease } from './objects.ts';
import { type FluxStage, isReady } from './stage.ts';

const WEB = 'HelmRelease/web';

/** A release that takes its values from a ConfigMap beside it in Git; both are applied by `app`. */
function files(namespace: string, tag: string, labels: object = {}): Readonly<Record<string, string>> {
  const valuesFrom = [{ kind: 'ConfigMap', name: 'web-values' }];
  // With the other strategy every commit is a new version of the chart, and the values are read along with it.
  const release = helmRelease(namespace, { valuesFrom, chart: { reconcileStrategy: 'ChartVersion' } } as object);
  return {
    ...chart('1.0.0', '{{ .Values.tag }}'),
    'deploy/release.yaml': `${JSON.stringify(release, null, 1)}\n`,
    'deploy/values.yaml': configMapOf('web-values', { 'values.yaml': `tag: ${tag}\n` }, labels),
  };
}

interface Change {
  readonly tag: string;
  readonly target: string;
  /** Of the ConfigMap. */
  readonly labels?: object;
  /** Whether the gate may ask the release to look. */
  readonly mayAsk?: boolean;
  readonly args?: readonly string[];
}

/** A commit changes the ConfigMap alone, so that nothing of the release itself does. */
async function values(stage: FluxStage, change: Change): Promise<void> {
  const { tag, target, labels, mayAsk = true, args = [] } = change;
  const repository = await stage.begin(files(stage.name, '1.0.0', labels), { wait: false });
  await stage.until(WEB, 'the first release is live', isReady);
  if (mayAsk) await allowAsking(stage);
  const revision = repository.commit(files(stage.name, tag, labels));
  await stage.gate({ revision, repository, target, live: tag, args });
}

/** Beside what the account of a gate may do everywhere. */
async function allowAsking(stage: FluxStage): Promise<void> {
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name: 'drawbridge-asks', namespace: stage.name };
  const rules = [{ apiGroups: ['helm.toolkit.fluxcd.io'], resources: ['helmreleases'], verbs: ['patch'] }];
  const subjects = [{ kind: 'ServiceAccount', name: 'drawbridge-gate', namespace: 'default' }];
  const roleRef = { apiGroup: rbac, kind: 'Role', name: metadata.name };
  await stage.apply({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules });
  await stage.apply({ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata, roleRef, subjects });
}

const WATCHED = { 'reconcile.fluxcd.io/watch': 'Enabled' };

/** What reaches a release by `valuesFrom`, and by nothing else. */
export const VALUES: readonly Scenario<FluxStage>[] = [
  {
    name: 'values from a ConfigMap that the commit changes',
    expected: expect('landed', { within: 40 }),
    play: (stage) => values(stage, { tag: '1.1.0', target: 'Kustomization/app' }),
  },
  {
    name: 'values from a ConfigMap that the commit changes, the release is waited for',
    expected: expect('landed', { within: 40 }),
    extra: true,
    play: (stage) => values(stage, { tag: '1.1.0', target: WEB }),
  },
  {
    name: 'values from a ConfigMap that Flux watches',
    expected: expect('landed', { within: 40 }),
    extra: true,
    play: (stage) => values(stage, { tag: '1.1.0', target: 'Kustomization/app', labels: WATCHED }),
  },
  {
    name: 'values from a ConfigMap, with a bad image',
    expected: expect('failed', { says: /UpgradeFailed|1\.1\.0-bad/ }),
    play: (stage) => values(stage, { tag: '1.1.0-bad', target: 'Kustomization/app' }),
  },
  {
    name: 'values from a ConfigMap, and no right to ask the release',
    expected: expect('timedOut', { says: /has not been seen to read the values/ }),
    play: (stage) =>
      values(stage, { tag: '1.1.0', target: 'Kustomization/app', mayAsk: false, args: ['--timeout', '20s'] }),
  },
];
