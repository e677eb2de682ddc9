import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { clusterAccess } from '../../../src/engines/kubernetes-api/access.ts';
import { kubernetesClient } from '../../../src/engines/kubernetes-api/client.ts';
import type { ResourceType } from '../../../src/engines/kubernetes-api/cluster.ts';
import { follow } from '../../../src/engines/kubernetes-api/follow.ts';
import { keyOf, printKey, resourceVersionOf } from '../../../src/engines/kubernetes-api/objects.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { startGitlabAgent } from '../../support/gitlab-agent.ts';
import { kubectl, LAB_KUBECONFIG, labKubeconfig } from '../../support/lab-cluster.ts';
import { createRealHost, temporaryFolder } from '../../support/real-host.ts';

const whenLab = LAB_KUBECONFIG === undefined ? describe.skip : describe;
const skipped = LAB_KUBECONFIG === undefined ? ' (skipped: LAB_STATE does not say where a lab runs)' : '';
/** A command that ends the API server at once and starts it again; what else runs in the lab loses it for some seconds. */
const { LAB_RESTART } = process.env;
const whenRestart = LAB_RESTART === undefined ? it.skip : it;
const noRestart = LAB_RESTART === undefined ? ' (skipped: LAB_RESTART does not say how)' : '';
/** Of this run alone: that of the one before may still be going away. */
const NAMESPACE = `api-client-${process.pid}`;
const CONFIG_MAPS: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};
const EVENTS: ResourceType = { ...CONFIG_MAPS, plural: 'events', kind: 'Event' };

interface Config {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly { readonly user: { readonly token?: string } }[];
}

async function connected(path: string) {
  const host = createRealHost({ clock: systemClock });
  const access = await clusterAccess({ kubeconfig: path, allowExec: false, namespace: NAMESPACE }, host);
  return { host, cluster: kubernetesClient(access, host) };
}

whenLab(`a real API server${skipped}`, () => {
  const folder = temporaryFolder();
  const write = (name: string, value: string) =>
    kubectl(
      ['-n', NAMESPACE, 'apply', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } }),
    );
  const signal = new AbortController().signal;

  beforeAll(() => {
    kubectl(
      ['apply', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }),
    );
  }, 60_000);
  afterAll(() => {
    kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
    folder.remove();
  }, 60_000);

  it.each([
    ['certificate', labKubeconfig()],
    ['token', labKubeconfig('token')],
  ])(
    'is read and written with a %s',
    async (name, path) => {
      write(name, '1');
      const { cluster } = await connected(path);
      const key = { namespace: NAMESPACE, name };
      expect(await cluster.get(CONFIG_MAPS, key, signal)).toMatchObject({
        kind: 'found',
        value: { data: { value: '1' } },
      });
      const patched = await cluster.patch(
        CONFIG_MAPS,
        key,
        { data: { value: '2' }, metadata: { annotations: { a: 'b' } } },
        signal,
      );
      expect(patched).toMatchObject({
        kind: 'found',
        value: { data: { value: '2' }, metadata: { annotations: { a: 'b' } } },
      });
      const stale = { metadata: { resourceVersion: '1' }, data: { value: '3' } };
      expect(await cluster.patch(CONFIG_MAPS, key, stale, signal)).toMatchObject({ kind: 'refused', status: 409 });
      expect(await cluster.get(CONFIG_MAPS, { ...key, name: 'none' }, signal)).toMatchObject({ kind: 'absent' });
    },
    60_000,
  );

  it('says forbidden to nobody, for what is there and for what is not', async () => {
    const { cluster } = await connected(labKubeconfig('nobody'));
    for (const name of ['certificate', 'none']) {
      const reading = await cluster.get(CONFIG_MAPS, { namespace: NAMESPACE, name }, signal);
      expect(reading).toMatchObject({ kind: 'forbidden', message: expect.stringContaining('lab-nobody') });
    }
    expect(await cluster.watch({ type: CONFIG_MAPS, namespace: NAMESPACE }, '0', signal)).toMatchObject({
      kind: 'forbidden',
    });
  }, 60_000);

  it('ends a run with a token that it does not know', async () => {
    const config = readFileSync(labKubeconfig('token'), 'utf8');
    const token = (load(config) as Config).users[0]?.user.token ?? '';
    writeFileSync(join(folder.path, 'wrong'), config.replace(token, 'a-token-of-nobody'));
    const { cluster } = await connected(join(folder.path, 'wrong'));
    await expect(cluster.list({ type: CONFIG_MAPS }, signal)).rejects.toMatchObject({ code: 'denied' });
  }, 60_000);

  it('serves the kinds of a group, and none of one that it does not have', async () => {
    const { cluster } = await connected(labKubeconfig());
    expect((await cluster.resources('apps', signal)).map(({ kind }) => kind)).toContain('Deployment');
    expect(await cluster.resources('none.example.com', signal)).toEqual([]);
  }, 60_000);

  it('picks events by a field', async () => {
    const { cluster } = await connected(labKubeconfig());
    const scope = { type: EVENTS, namespace: NAMESPACE, fields: 'involvedObject.kind=Pod,involvedObject.name=none' };
    expect(await cluster.list(scope, signal)).toMatchObject({ kind: 'found', value: { items: [] } });
  }, 60_000);

  it('is asked page by page for what does not fit on one', async () => {
    const items = Array.from({ length: 520 }, (_, at) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `many-${at}`, labels: { many: 'yes' } },
    }));
    kubectl(['-n', NAMESPACE, 'create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const { cluster } = await connected(labKubeconfig());
    const reading = await cluster.list({ type: CONFIG_MAPS, namespace: NAMESPACE, labels: 'many=yes' }, signal);
    expect(reading.kind === 'found' && reading.value.items.length).toBe(520);
  }, 120_000);

  it('is silent for a version of the future, and refuses one that is none', async () => {
    const { cluster } = await connected(labKubeconfig());
    const opened = await cluster.watch({ type: CONFIG_MAPS, namespace: NAMESPACE }, '999999999', signal);
    expect(opened.kind).toBe('found');
    if (opened.kind === 'found') opened.value.close();
    expect(await cluster.watch({ type: CONFIG_MAPS, namespace: NAMESPACE }, 'abc', signal)).toMatchObject({
      kind: 'refused',
    });
  }, 60_000);

  whenRestart(
    `is followed over a restart, after which early versions are too old${noRestart}`,
    async () => {
      write('restarted', '1');
      const { cluster, host } = await connected(labKubeconfig());
      const scope = { type: CONFIG_MAPS, namespace: NAMESPACE, name: 'restarted' };
      const seen: string[] = [];
      const following = follow(cluster, scope, host, host.signal, (sighting) => {
        if (sighting.kind !== 'object') return;
        const { value } = sighting.object.data as { readonly value: string };
        if (seen.at(-1) !== value) seen.push(value);
        if (value === '2') following.stop();
      });
      const run = following.run();
      await once(spawn('sh', ['-c', LAB_RESTART ?? 'false'], { stdio: 'ignore', detached: true }), 'exit');
      write('restarted', '2');
      await run;
      expect(seen).toEqual(['1', '2']);
      // Its history begins anew, so that an early version is too old, which it says inside an answer of status 200.
      const opened = await cluster.watch(scope, '1', signal);
      if (opened.kind !== 'found') throw new Error(`the watch was answered with ${opened.kind}`);
      const { value: first } = await opened.value.events[Symbol.asyncIterator]().next();
      opened.value.close();
      expect(first).toMatchObject({ kind: 'error', expired: true });
    },
    120_000,
  );

  it.each([
    ['directly', async () => labKubeconfig()],
    ['through the GitLab agent', throughAgent],
  ])(
    'is followed %s: what is there, what changes, what goes',
    async (way, path) => {
      const name = `followed-${way.split(' ')[0]}`;
      write(name, '1');
      const { cluster, host } = await connected(await path());
      const seen: string[] = [];
      const scope = { type: CONFIG_MAPS, namespace: NAMESPACE, name };
      let version = '';
      const following = follow(cluster, scope, host, host.signal, (sighting) => {
        if (sighting.kind === 'object') {
          const isNew = resourceVersionOf(sighting.object) !== version;
          version = resourceVersionOf(sighting.object);
          if (isNew) seen.push(`${sighting.via} ${printKey(keyOf(sighting.object))}`);
          // The stream stands a moment after the first list.
          if (sighting.via === 'read') setTimeout(() => write(name, '2'), 500);
          else kubectl(['-n', NAMESPACE, 'delete', 'configmap', name]);
        }
        if (sighting.kind !== 'gone') return;
        seen.push(`${sighting.via} gone ${printKey(sighting.key)}`);
        following.stop();
      });
      await following.run();
      expect(seen).toEqual([
        `read ${NAMESPACE}/${name}`,
        `stream ${NAMESPACE}/${name}`,
        `stream gone ${NAMESPACE}/${name}`,
      ]);
    },
    60_000,
  );

  async function throughAgent(): Promise<string> {
    const { clusters, users } = load(readFileSync(labKubeconfig('token'), 'utf8')) as Config;
    const { server, 'certificate-authority-data': data } = clusters[0]?.cluster ?? {
      server: '',
      'certificate-authority-data': '',
    };
    const ca = Buffer.from(data, 'base64').toString();
    const agent = await startGitlabAgent({ server, ca, token: users[0]?.user.token ?? '' });
    closing.push(agent.close);
    writeFileSync(join(folder.path, 'KUBECONFIG'), agent.kubeconfig());
    return join(folder.path, 'KUBECONFIG');
  }
});

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});
