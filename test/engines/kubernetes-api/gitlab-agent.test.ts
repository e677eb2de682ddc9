import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { clusterAccess } from '../../../src/engines/kubernetes-api/access.ts';
import { kubernetesClient } from '../../../src/engines/kubernetes-api/client.ts';
import { follow } from '../../../src/engines/kubernetes-api/follow.ts';
import { keyOf, printKey, resourceVersionOf } from '../../../src/engines/kubernetes-api/objects.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { type GitlabAgent, startGitlabAgent } from '../../support/gitlab-agent.ts';
import { writeAll } from '../../support/kubeconfigs.ts';
import { createRealHost, temporaryFolder } from '../../support/real-host.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true };
const PATH = '/apis/apps/v1/namespaces/shop/deployments';
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

function deployment(version: number) {
  return { kind: 'Deployment', metadata: { name: 'api', namespace: 'shop', resourceVersion: String(version) } };
}

/** A small API server: one Deployment, which changes a moment after somebody watches. */
async function apiServer(): Promise<string> {
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    response.setHeader('content-type', 'application/json');
    if (url.pathname !== PATH) return response.writeHead(404).end('{}');
    if (url.searchParams.get('watch') === null) {
      return response.end(JSON.stringify({ metadata: { resourceVersion: '10' }, items: [deployment(7)] }));
    }
    response.flushHeaders();
    setTimeout(() => response.write(`${JSON.stringify({ type: 'MODIFIED', object: deployment(12) })}\n`), 50);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A job of GitLab that was given a kubeconfig for these agents. */
async function job(agents?: readonly string[]) {
  const agent: GitlabAgent = await startGitlabAgent({ server: await apiServer() });
  const folder = temporaryFolder();
  ends.push(agent.close, () => folder.remove());
  writeAll(folder.path, { 'builds/KUBECONFIG': agent.kubeconfig(agents) });
  const env = { GITLAB_CI: 'true', KUBECONFIG: `${folder.path}/builds/KUBECONFIG` };
  const host = createRealHost({ env, clock: systemClock });
  const open = (context?: string) => clusterAccess({ allowExec: true, ...(context && { context }) }, host);
  return { agent, host, open };
}

describe('behind the GitLab agent', () => {
  it('a workload is followed, by the only context there is and below the path of the agent', async () => {
    const { agent, host, open } = await job();
    const access = await open();
    expect([access.name, access.namespace]).toEqual(['acme/agents:production', 'shop']);
    const seen: string[] = [];
    const scope = { type: DEPLOYMENTS, namespace: access.namespace };
    const following = follow(kubernetesClient(access, host), scope, host, host.signal, (sighting) => {
      if (sighting.kind !== 'object') return;
      seen.push(`${sighting.via} ${printKey(keyOf(sighting.object))} ${resourceVersionOf(sighting.object)}`);
      if (sighting.via === 'stream') following.stop();
    });
    await following.run();
    expect(seen).toEqual(['read shop/api 7', 'stream shop/api 12']);
    expect(agent.refused).toEqual([]);
    expect(agent.passed[0]).toBe(`GET /-/kubernetes-agent/k8s-proxy${PATH}?limit=500`);
  });

  it('the context is asked for where there are several, in the words of GitLab', async () => {
    const { open } = await job(['acme/agents:production', 'acme/agents:test']);
    await expect(open()).rejects.toMatchObject({
      code: 'input',
      message: expect.stringMatching(/^kube-context: the kubeconfig \/\S+ has no current context$/),
      hint: 'Contexts: acme/agents:production, acme/agents:test. Give one as kube-context.',
    });
    expect((await open('acme/agents:test')).name).toBe('acme/agents:test');
  });

  it('a token that ended with its job is told as such', async () => {
    const { agent, host, open } = await job();
    const cluster = kubernetesClient(await open(), host);
    expect(await cluster.list({ type: DEPLOYMENTS, namespace: 'shop' }, host.signal)).toMatchObject({ kind: 'found' });
    agent.endJob();
    await expect(cluster.list({ type: DEPLOYMENTS, namespace: 'shop' }, host.signal)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('does not accept the credentials of acme/agents:production: HTTP 401'),
      hint: expect.stringContaining('ends with its job'),
    });
    expect(agent.refused).toEqual(['job has ended']);
  });

  it('the token is kept out of every output', async () => {
    const { host, open } = await job();
    await open();
    expect(host.secrets).toEqual(['ci:4711:glcbt-64_a-token-of-this-job']);
  });
});
