import { renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  DEPLOYMENTS,
  deployment,
  type FluxLab,
  KUSTOMIZATIONS,
  openFluxLab,
  PODS,
  SOURCES,
  watch,
} from './flux-stand-in-lab.ts';
import { fastClock } from './stand-in-clocks.ts';

const MERGE = { 'content-type': 'application/merge-patch+json' };

let lab: FluxLab;
beforeAll(async () => {
  lab = await openFluxLab(fastClock(50));
  await lab.live(lab.repository.head());
});
afterAll(() => lab.close());

describe('the API of the stand-in for a cluster with Flux', () => {
  it('says what it is, in a header of every answer, in its version, and at its root', async () => {
    const version = await lab.ask('GET', '/version');
    expect(version.headers['x-drawbridge-stand-in']).toBe('true');
    expect(version.json.gitVersion).toContain('stand-in');
    expect((await lab.ask('GET', '/')).text).toMatch(/^This is not Kubernetes\./);
  });

  it('is reached by its kubeconfig, and lets nobody in without the token', async () => {
    const { clusters, users, contexts } = parse(lab.standIn.kubeconfig);
    expect(clusters[0].cluster.server).toBe(lab.standIn.url);
    expect(users[0].user.token).toBe(lab.standIn.token);
    expect(contexts[0].context.namespace).toBe('flux-system');
    const refused = await lab.ask('GET', KUSTOMIZATIONS, { headers: { authorization: 'Bearer other' } });
    expect([refused.status, refused.json.reason]).toEqual([401, 'Unauthorized']);
  });

  it('tells which groups and kinds it serves, and that it serves no others', async () => {
    const group = await lab.ask('GET', '/apis/kustomize.toolkit.fluxcd.io');
    expect(group.json.preferredVersion).toEqual({ groupVersion: 'kustomize.toolkit.fluxcd.io/v1', version: 'v1' });
    const kinds = await lab.ask('GET', '/apis/source.toolkit.fluxcd.io/v1');
    expect(kinds.json.resources).toMatchObject([{ name: 'gitrepositories', kind: 'GitRepository', namespaced: true }]);
    const core = await lab.ask('GET', '/api/v1');
    expect(core.json.resources.map(({ name }: { name: string }) => name)).toContain('pods/log');
    const none = await lab.ask('GET', '/apis/helm.toolkit.fluxcd.io');
    expect([none.status, none.json.reason]).toEqual([404, 'NotFound']);
  });

  it('lists and gets objects, by namespace, label and field, with the version of the list', async () => {
    const pods = await lab.ask('GET', `${PODS}?labelSelector=app%3Dweb`);
    expect(pods.json).toMatchObject({ kind: 'PodList', metadata: { resourceVersion: expect.stringMatching(/^\d+$/) } });
    expect(pods.json.items).toHaveLength(1);
    const [{ metadata, status }] = pods.json.items;
    expect(metadata.ownerReferences[0]).toMatchObject({ kind: 'ReplicaSet', controller: true });
    expect(status).toMatchObject({ phase: 'Running', containerStatuses: [{ name: 'web', ready: true }] });
    const others = await Promise.all([
      lab.ask('GET', `${PODS}?labelSelector=app%3Dother`),
      lab.ask('GET', '/api/v1/namespaces/elsewhere/pods'),
      lab.ask('GET', `${PODS}?fieldSelector=metadata.name%3Dother`),
    ]);
    expect(others.map(({ json }) => json.items)).toEqual([[], [], []]);
    expect((await lab.ask('GET', '/api/v1/pods')).json.items).toHaveLength(1);
    const one = await lab.ask('GET', `${DEPLOYMENTS}/web`);
    expect(one.json).toMatchObject({
      kind: 'Deployment',
      metadata: { labels: { 'kustomize.toolkit.fluxcd.io/name': 'app' } },
      status: { observedGeneration: one.json.metadata.generation, replicas: 1, updatedReplicas: 1 },
    });
  });

  it.each([
    ['an object that is not there', 'GET', `${DEPLOYMENTS}/other`, 404, 'NotFound'],
    ['a kind that is not served', 'GET', '/apis/apps/v1/namespaces/shop/daemonsets', 404, 'NotFound'],
    ['an object without its namespace', 'GET', '/apis/apps/v1/deployments/web', 404, 'NotFound'],
    ['a selector of sets', 'GET', `${PODS}?labelSelector=app+in+(a,b)`, 400, 'BadRequest'],
    ['a field that is no name', 'GET', `${PODS}?fieldSelector=spec.nodeName%3Da`, 400, 'BadRequest'],
    ['a write to a list', 'POST', PODS, 405, 'MethodNotAllowed'],
    ['a deletion', 'DELETE', `${DEPLOYMENTS}/web`, 405, 'MethodNotAllowed'],
  ])('refuses %s as an API server does', async (_what, method, path, status, reason) => {
    const answer = await lab.ask(method, path);
    expect([answer.status, answer.json]).toEqual([
      status,
      expect.objectContaining({ kind: 'Status', status: 'Failure', reason, code: status }),
    ]);
  });

  it('takes a merge patch of a source, and no other', async () => {
    const body = { metadata: { annotations: { one: 'a', two: 'b' } }, status: { artifact: null } };
    const patched = await lab.ask('PATCH', `${SOURCES}/config`, { headers: MERGE, body });
    expect(patched.json.metadata.annotations).toMatchObject({ one: 'a', two: 'b' });
    expect(patched.json.status.artifact).toBeDefined();
    const taken = await lab.ask('PATCH', `${SOURCES}/config`, {
      headers: MERGE,
      body: { metadata: { annotations: { one: null } } },
    });
    expect([taken.json.metadata.annotations.one, taken.json.metadata.annotations.two]).toEqual([undefined, 'b']);
    const refused = await Promise.all([
      lab.ask('PATCH', `${SOURCES}/config`, { body }),
      lab.ask('PATCH', `${SOURCES}/config`, { headers: MERGE, body: 'no json' }),
      lab.ask('PATCH', `${DEPLOYMENTS}/web`, { headers: MERGE, body }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([415, 400, 403]);
  });

  it('gives the log of a pod that runs, and says why one has none', async () => {
    const { name } = (await lab.ask('GET', PODS)).json.items[0].metadata;
    const log = await lab.ask('GET', `${PODS}/${name}/log?container=web&tailLines=1`);
    expect([log.status, log.text]).toEqual([200, 'listening, image registry.example/web:1.0\n']);
    const other = await lab.ask('GET', `${PODS}/${name}/log?container=other`);
    expect([other.status, other.json.message]).toEqual([400, `container other is not valid for pod ${name}`]);
    expect((await lab.ask('GET', `${PODS}/${name}/log?previous=true`)).status).toBe(400);
  });
});

describe('a watch', () => {
  it('begins after the version that it names, and each change has a newer one', async () => {
    const { resourceVersion } = (await lab.ask('GET', SOURCES)).json.metadata;
    const sources = watch(lab.standIn, SOURCES, `&resourceVersion=${resourceVersion}`);
    await sources.opened;
    await lab.nudge('watched');
    while (sources.events().at(-1)?.object.status?.lastHandledReconcileAt !== 'watched')
      await lab.ask('GET', '/version');
    sources.close();
    const versions = sources.events().map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions.length).toBeGreaterThan(2);
    expect([...versions].sort((a, b) => a - b)).toEqual(versions);
    expect(versions[0]).toBeGreaterThan(Number(resourceVersion));
    expect(sources.events().every(({ type }) => type === 'MODIFIED')).toBe(true);
  });

  it('without a version tells first what there is', async () => {
    const deployments = watch(lab.standIn, DEPLOYMENTS, '&timeoutSeconds=1');
    await deployments.ended;
    expect(deployments.events()).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'web' } } }]);
  });

  it('has bookmarks, empty but for the version, and ends when its time is over', async () => {
    const version = (await lab.ask('GET', SOURCES)).json.metadata.resourceVersion;
    const query = `&resourceVersion=${version}&allowWatchBookmarks=true&timeoutSeconds=2`;
    const deployments = watch(lab.standIn, DEPLOYMENTS, query);
    await deployments.ended;
    expect(deployments.events()).toEqual([
      {
        type: 'BOOKMARK',
        object: {
          kind: 'Deployment',
          apiVersion: 'apps/v1',
          metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
        },
      },
    ]);
  });

  it('of a version that is no longer known is refused with 410', async () => {
    const answer = await lab.ask('GET', `${PODS}?watch=true&resourceVersion=1`);
    expect([answer.status, answer.json.reason]).toEqual([410, 'Expired']);
  });
});

describe('what the repository holds', () => {
  it('takes its objects away with it, and brings others', async () => {
    const pushed = lab.repository.commit({
      'deploy/web.yaml': undefined,
      'deploy/api.yaml': deployment('registry.example/api:1.0', 'api'),
    });
    await lab.nudge('other objects');
    await lab.live(pushed);
    const names = (path: string) =>
      lab
        .ask('GET', path)
        .then(({ json }) => json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name));
    expect(await names(DEPLOYMENTS)).toEqual(['api']);
    expect(await names(PODS)).toEqual([expect.stringMatching(/^api-/)]);
  });

  it('and cannot be built is told in Ready, tried again, and over with the next commit', async () => {
    lab.repository.commit({ 'deploy/api.yaml': 'broken: [' });
    await lab.nudge('broken');
    const failed = await lab.standIn.until(({ status }) => JSON.stringify(status).includes('BuildFailed'));
    const ready = (object: typeof failed) => JSON.stringify(object.status?.conditions);
    expect(ready(failed)).toMatch(/kustomize build failed: .*api\.yaml/);
    await lab.standIn.until((object) => ready(object).includes('Fetching manifests'));
    const pushed = lab.repository.commit({ 'deploy/api.yaml': deployment('registry.example/api:1.1', 'api') });
    await lab.nudge('repaired');
    const live = await lab.live(pushed);
    expect(ready(live)).toContain('Applied revision: main@sha1:');
  });

  it('and is not there any more is told by the source, whose artifact stays', async () => {
    const before = (await lab.ask('GET', `${SOURCES}/config`)).json.status.artifact;
    const [from, to] = [`${lab.repository.path}/HEAD`, `${lab.repository.path}/HEAD-away`];
    renameSync(from, to);
    try {
      await lab.nudge('gone');
      const sources = watch(lab.standIn, SOURCES);
      while (!JSON.stringify(sources.events()).includes('FetchFailed')) await lab.ask('GET', '/version');
      sources.close();
      const { status } = (await lab.ask('GET', `${SOURCES}/config`)).json;
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: 'FetchFailed', status: 'True', reason: 'GitOperationFailed' }),
      );
      expect(status.artifact).toEqual(before);
    } finally {
      renameSync(to, from);
    }
  });
});

describe('an image that cannot be pulled', () => {
  it('is told by its pod, its events and its Deployment, while the old pods stay', async () => {
    const bad = await openFluxLab(fastClock(50), {
      rollout: { progressDeadline: 10_000, pullable: (image) => !image.endsWith('-bad') },
    });
    try {
      await bad.live(bad.repository.head());
      bad.repository.commit({ 'deploy/web.yaml': deployment('registry.example/web:2-bad') });
      await bad.nudge('bad');
      await bad.standIn.until(({ status }) => JSON.stringify(status).includes('HealthCheckFailed'));
      const pods = (await bad.ask('GET', PODS)).json.items;
      const states = pods.map(
        ({ status }: { status: { containerStatuses: readonly { state: { waiting?: { reason: string } } }[] } }) =>
          status.containerStatuses[0]?.state.waiting?.reason ?? 'runs',
      );
      expect(states.sort()).toEqual(['ImagePullBackOff', 'runs']);
      const stuck = pods.find(({ status }: { status: { phase: string } }) => status.phase === 'Pending').metadata.name;
      const events = (await bad.ask('GET', '/api/v1/namespaces/shop/events')).json.items;
      const warnings = events.filter(({ type }: { type: string }) => type === 'Warning');
      expect(warnings.map(({ reason }: { reason: string }) => reason)).toEqual(['Failed', 'Failed', 'BackOff']);
      expect(warnings[0].involvedObject).toMatchObject({ kind: 'Pod', name: stuck });
      const { status } = (await bad.ask('GET', `${DEPLOYMENTS}/web`)).json;
      expect(status).toMatchObject({ replicas: 2, updatedReplicas: 1, availableReplicas: 1, unavailableReplicas: 1 });
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ reason: 'ProgressDeadlineExceeded', status: 'False' }),
      );
      const log = await bad.ask('GET', `${PODS}/${stuck}/log`);
      expect([log.status, log.json.message]).toEqual([
        400,
        expect.stringContaining('trying and failing to pull image'),
      ]);
    } finally {
      await bad.close();
    }
  });
});
