import { expect, it } from '@jest/globals';
import { kubernetesClient } from '../../../src/engines/kubernetes-api/client.ts';
import { argocdScript, json, SERVER } from '../../support/argocd-script.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

it('tells of every item of a list what it is, which the server does not', async () => {
  const clock = virtualClock();
  const script = argocdScript(clock);
  const access = { name: 'shop', server: SERVER, namespace: 'shop', tls: {}, headers: {} };
  const credentials = { credentials: async () => ({}), renew: () => false };
  const signal = new AbortController().signal;
  const host = { clock, http: script.http, random: () => 0.5, signal };
  const cluster = kubernetesClient({ ...access, ...credentials }, host);
  script.on(
    'GET /apis/apps/v1/namespaces/shop/deployments?limit=500',
    json({ kind: 'DeploymentList', apiVersion: 'apps/v1', metadata: {}, items: [{ metadata: { name: 'web' } }] }),
  );
  const type = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true };
  const reading = await clock.run(cluster.list({ type, namespace: 'shop' }, signal));
  expect(reading).toMatchObject({ value: { items: [{ apiVersion: 'apps/v1', kind: 'Deployment' }] } });
});
