import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clusterAccess } from '../../../src/engines/kubernetes-api/access.ts';
import { kubernetesClient } from '../../../src/engines/kubernetes-api/client.ts';
import { authority, HAS_OPENSSL, type Pair } from '../../support/certificates.ts';
import { kubeconfigOf, writeAll } from '../../support/kubeconfigs.ts';
import { createRealHost, temporaryFolder } from '../../support/real-host.ts';

const whenOpenssl = HAS_OPENSSL ? describe : describe.skip;
const skipped = HAS_OPENSSL ? '' : ' (skipped: openssl is not installed)';
const PODS = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

interface Stage {
  readonly port: number;
  readonly ca: string;
  readonly other: string;
  readonly user: Pair;
  /** `host:port` of each tunnel that was opened. */
  readonly tunnels: string[];
  readonly proxy: string;
  readonly close: () => void;
}

const listening = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

/** A server whose certificate is good for inner.example.com alone; it answers with what it was asked, and by whom. */
async function opened(folder: string): Promise<Stage> {
  writeAll(folder, { 'one/x': '', 'two/x': '' });
  const [one, two] = [authority(`${folder}/one`), authority(`${folder}/two`)];
  const { certificate: cert, key } = one.vouch('server', 'subjectAltName=DNS:inner.example.com');
  const tls = { cert, key, ca: one.ca, requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls, (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate();
    const groups = request.rawHeaders.filter((_value, at, all) => at % 2 === 1 && all[at - 1] === 'impersonate-group');
    const { url, headers } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ url, by: peer.subject?.CN, token: headers.authorization, groups }));
  });
  const tunnels: string[] = [];
  const proxy = createPlainServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    onward.pipe(socket).pipe(onward);
    for (const end of [onward, socket]) end.on('error', () => undefined);
  });
  const port = await listening(server);
  const proxyPort = await listening(proxy);
  const close = () => {
    for (const one of [server, proxy]) one.close();
    server.closeAllConnections();
  };
  const user = one.vouch('ann', 'extendedKeyUsage=clientAuth');
  return { port, ca: one.ca, other: two.ca, user, tunnels, proxy: `http://127.0.0.1:${proxyPort}`, close };
}

whenOpenssl(`a connection to an API server${skipped}`, () => {
  const folder = temporaryFolder();
  let stage: Stage;
  beforeAll(async () => {
    stage = await opened(folder.path);
  });
  afterAll(() => {
    stage.close();
    folder.remove();
  });

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const inner = () => ({ 'certificate-authority-data': base64(stage.ca), 'tls-server-name': 'inner.example.com' });

  /** What the server was asked for one pod, and by whom. */
  async function ask(cluster: object, user: object = {}, server = `https://127.0.0.1:${stage.port}`) {
    writeAll(folder.path, { config: kubeconfigOf({ server, ...cluster }, { ...user }) });
    const host = createRealHost({ workingDirectory: folder.path });
    const access = await clusterAccess({ kubeconfig: 'config', allowExec: false }, host);
    const reading = await kubernetesClient(access, host).get(PODS, { namespace: 'shop', name: 'x' }, host.signal);
    return reading.kind === 'found' ? reading.value : reading;
  }

  it('goes by the name and the authority of the kubeconfig, and shows a token', async () => {
    expect(await ask(inner(), { token: 'a-long-token' })).toEqual({
      url: '/api/v1/namespaces/shop/pods/x',
      token: 'Bearer a-long-token',
      groups: [],
    });
  });

  it('shows a certificate', async () => {
    const { certificate, key } = stage.user;
    const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
    expect(await ask(inner(), user)).toMatchObject({ by: 'ann' });
  });

  it('keeps the path of the address, as behind Rancher or the GitLab agent', async () => {
    const asked = await ask(inner(), {}, `https://127.0.0.1:${stage.port}/k8s/clusters/c-1/`);
    expect(asked).toMatchObject({ url: '/k8s/clusters/c-1/api/v1/namespaces/shop/pods/x' });
  });

  it('goes through the proxy of the kubeconfig', async () => {
    await ask({ ...inner(), 'proxy-url': stage.proxy }, {}, 'https://far.example.com:6443');
    expect(stage.tunnels).toEqual(['far.example.com:6443']);
  });

  it('names each group of another user in a line of its own', async () => {
    expect(await ask(inner(), { as: 'robot', 'as-groups': ['a', 'b,c'] })).toMatchObject({ groups: ['a', 'b,c'] });
  });

  it('is not vouched for by a public authority where the kubeconfig names another', async () => {
    const before = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...before, stage.ca]);
    try {
      const other = { ...inner(), 'certificate-authority-data': base64(stage.other) };
      await expect(ask(other)).rejects.toMatchObject({ code: 'denied' });
      expect(await ask({ 'tls-server-name': 'inner.example.com' })).toMatchObject({ groups: [] });
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });

  it.each<[string, () => object]>([
    ['a name that is not in its certificate', () => ({ ...inner(), 'tls-server-name': 'outer.example.com' })],
    ['another authority', () => ({ ...inner(), 'certificate-authority-data': base64(stage.other) })],
    ['no authority', () => ({ 'tls-server-name': 'inner.example.com' })],
  ])('is not made with %s', async (_what, cluster) => {
    await expect(ask(cluster())).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('certificate'),
    });
  });
});
