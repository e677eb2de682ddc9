import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { condition, fluxObject, kustomization, look, main, NEW, OLD, repository } from '../../support/flux-objects.ts';
import { chart, release, version } from '../../support/flux-releases.ts';

const BEGAN = '2026-11-22T10:05:00Z';
const INVENTORY = { inventory: { entries: [{ id: 'flux_web_apps_Deployment', v: 'v1' }] } };

function acting(message: string, status: Json = {}): Json {
  const conditions = [
    { ...condition('Ready', 'Unknown', 'Progressing', message), lastTransitionTime: BEGAN },
    { ...condition('Reconciling', 'True', 'Progressing', message), lastTransitionTime: BEGAN },
  ];
  return release(version(NEW), { conditions, status: { ...INVENTORY, history: [], ...status } });
}

const deployment = fluxObject('Deployment', {
  name: 'web',
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } },
  },
  status: { replicas: 1, updatedReplicas: 1 },
});

/** A pod whose image cannot be pulled. */
function pod(creationTimestamp: string | undefined, image = 'web:2'): Json {
  const waiting = { reason: 'ImagePullBackOff', message: 'not found' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-1',
      namespace: 'flux',
      labels: { app: 'web' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }],
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: { containers: [{ name: 'web', image }] },
    status: { containerStatuses: [{ name: 'web', ready: false, state: { waiting } }] },
  };
}

/** The release as another name and the Kustomization that applies it. */
const OF_RELEASE = { inventory: { entries: [{ id: 'flux_web_helm.toolkit.fluxcd.io_HelmRelease', v: 'v2' }] } };

/** What two looks half a minute apart come to. */
function twice(object: Json, pods: readonly Json[], between: readonly Json[] = pods) {
  const around = [chart(NEW), repository(NEW), deployment];
  const see = (now: number, all: readonly Json[], memory = {}) =>
    look([object, ...around, ...all], { now, grace: 30_000 }, memory, 'HelmRelease');
  const first = see(0, pods);
  const middle = see(15_000, between, first.memory);
  const last = see(30_000, pods, middle.memory);
  return { first: first.observation, last: last.observation };
}

const UPGRADE = "Running 'upgrade' action with timeout of 5m0s";

describe('pods that cannot run, while Helm goes on waiting for them', () => {
  it.each(['install', 'upgrade'])('fail the %s after the grace, in their own words', (action) => {
    const { first, last } = twice(acting(`Running '${action}' action with timeout of 5m0s`), [pod(BEGAN)]);
    expect(first).toMatchObject({ state: 'syncing', attempt: { revision: NEW, outcome: 'running' } });
    expect(first?.reasons[0]).toContain('pod web-1, container web: ImagePullBackOff');
    expect(last?.attempt).toMatchObject({ revision: NEW, outcome: 'failed' });
    expect(last?.attempt?.reason).toContain('pod web-1, container web: ImagePullBackOff');
  });

  it.each<readonly [string, Json, readonly Json[]]>([
    ['were made before the action began', acting(UPGRADE), [pod('2026-11-22T10:04:59Z')]],
    ['do not say when they were made', acting(UPGRADE), [pod(undefined)]],
    ['are of another template', acting(UPGRADE), [pod(BEGAN, 'web:1')]],
    ['come of a rollback', acting("Running 'rollback' action with timeout of 5m0s"), [pod(BEGAN)]],
    ['are there before anything is done', acting('Fulfilling prerequisites'), [pod(BEGAN)]],
    ['belong to a spec that was not tried yet', acting(UPGRADE, { lastAttemptedGeneration: 0 }), [pod(BEGAN)]],
  ])('fail nothing where they %s', (_, object, pods) => {
    const { first, last } = twice(object, pods);
    expect(first?.reasons.join()).not.toContain('ImagePullBackOff');
    expect(last?.attempt?.outcome).not.toBe('failed');
  });

  it('fail nothing where they were well in between', () => {
    expect(twice(acting(UPGRADE), [pod(BEGAN)], []).last?.attempt?.outcome).toBe('running');
  });

  it('fail nothing of an older chart that is still tried', () => {
    const old = acting(UPGRADE, { lastAttemptedRevision: version(OLD) });
    expect(twice(old, [pod(BEGAN)]).last?.attempt).toBeUndefined();
  });

  it('count anew with the next action', () => {
    const later = '2026-11-22T10:06:00Z';
    const first = look(
      [acting(UPGRADE), chart(NEW), repository(NEW), deployment, pod(BEGAN)],
      { now: 0, grace: 30_000 },
      {},
      'HelmRelease',
    );
    const again = acting(UPGRADE);
    const moved = JSON.parse(JSON.stringify(again).replaceAll(BEGAN, later));
    const objects = [moved, chart(NEW), repository(NEW), deployment, pod(later)];
    const last = look(objects, { now: 40_000, grace: 30_000 }, first.memory, 'HelmRelease');
    expect(last.observation?.attempt?.outcome).toBe('running');
  });
});

describe('a Kustomization that checks the health of a release', () => {
  const checking = (message: string, status: Json = {}) =>
    kustomization(OLD, {
      conditions: [
        condition('Ready', 'Unknown', 'Progressing', 'in progress'),
        condition('Reconciling', 'True', 'Progressing', message),
      ],
      status: { lastAttemptedRevision: main(NEW), ...OF_RELEASE, ...status },
    });
  const RUNNING = `Running health checks for revision ${main(NEW)} with a timeout of 5m0s`;
  const named = (object: Json) => ({ ...object, metadata: { ...(object.metadata as Json), name: 'web' } });

  function outcome(kustomize: Json, helm: Json): readonly [string | undefined, string | undefined] {
    const objects = [kustomize, repository(NEW), named(helm), deployment, pod(BEGAN)];
    const first = look(objects, { now: 0, grace: 30_000 });
    const last = look(objects, { now: 30_000, grace: 30_000 }, first.memory);
    return [last.observation?.attempt?.outcome, last.observation?.attempt?.reason];
  }

  it('fails with the pods of the release, after the grace', () => {
    const reason = 'HelmRelease web: pod web-1, container web: ImagePullBackOff';
    expect(outcome(checking(RUNNING), acting(UPGRADE))).toEqual(['failed', expect.stringContaining(reason)]);
  });

  it('does not where the release or itself does something else', () => {
    expect(outcome(checking(RUNNING), acting('Fulfilling prerequisites'))[0]).toBe('running');
    expect(outcome(checking('Detecting drift'), acting(UPGRADE))[0]).toBe('running');
    const other = { inventory: { entries: [{ id: 'flux_other_helm.toolkit.fluxcd.io_HelmRelease', v: 'v2' }] } };
    expect(outcome(checking(RUNNING, other), acting(UPGRADE))[0]).toBe('running');
    const nested = { inventory: { entries: [{ id: 'flux_web_kustomize.toolkit.fluxcd.io_Kustomization', v: 'v2' }] } };
    expect(outcome(checking(RUNNING, nested), acting(UPGRADE))[0]).toBe('running');
  });
});
