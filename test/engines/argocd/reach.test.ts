import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ArgocdServerOptions, connectArgocd } from '../../../src/engines/argocd/index.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { application } from '../../support/applications.ts';
import { authority, HAS_OPENSSL } from '../../support/certificates.ts';
import { createRealHost, temporaryFolder } from '../../support/real-host.ts';

const whenOpenssl = HAS_OPENSSL ? describe : describe.skip;
const skipped = HAS_OPENSSL ? '' : ' (skipped: openssl is not installed)';
const PASSWORD = 'the password of ci';

interface Stage {
  readonly port: number;
  readonly ca: string;
  readonly proxy: string;
  readonly tunnels: string[];
  /** Ends all sessions. */
  readonly expire: () => void;
  readonly logins: () => number;
  readonly close: () => void;
}

const listening = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

/** Argo CD below /argocd, with a certificate of an authority of its own that names argocd.internal and this machine. */
async function opened(folder: string): Promise<Stage> {
  const { ca, vouch } = authority(folder);
  const { certificate: cert, key } = vouch('server', 'subjectAltName=DNS:argocd.internal,IP:127.0.0.1');
  let [logins, valid] = [0, 0];
  const server = createServer({ cert, key }, (request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/argocd/api/v1/session') {
      const { username, password } = JSON.parse(Buffer.concat(chunks).toString());
      if (username !== 'ci' || password !== PASSWORD) {
        say(401, { error: 'Invalid username or password', code: 16, message: 'Invalid username or password' });
        return;
      }
      valid = ++logins;
      say(200, { token: `session-${logins}` });
      return;
    }
    const isKnown = request.headers.authorization === `Bearer session-${valid}`;
    if (!request.url?.startsWith('/argocd/api/v1/applications/shop')) say(404, {});
    else say(isKnown ? 200 : 401, isKnown ? application({}) : { error: 'invalid session', code: 16 });
  }
  const tunnels: string[] = [];
  const proxy = createPlainServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    onward.pipe(socket).pipe(onward);
    for (const end of [onward, socket]) end.on('error', () => undefined);
  });
  const port = await listening(server);
  const proxyPort = await listening(proxy);
  return {
    port,
    ca,
    proxy: `http://127.0.0.1:${proxyPort}`,
    tunnels,
    expire: () => {
      valid = 0;
    },
    logins: () => logins,
    close: () => {
      for (const one of [server, proxy]) one.close();
      server.closeAllConnections();
    },
  };
}

whenOpenssl(`an Argo CD within a company${skipped}`, () => {
  const folder = temporaryFolder();
  let stage: Stage;
  beforeAll(async () => {
    stage = await opened(folder.path);
  });
  afterAll(() => {
    stage.close();
    folder.remove();
  });

  function connected(options: Partial<ArgocdServerOptions> = {}, env: Readonly<Record<string, string>> = {}) {
    const host = createRealHost({ env });
    const credentials = { kind: 'password', username: 'ci', password: PASSWORD } as const;
    const server = `https://127.0.0.1:${stage.port}/argocd`;
    const engine = connectArgocd(
      { server, credentials, ca: stage.ca, normaliseRepository: normaliseRepositoryUrl, ...options },
      host,
    );
    const look = async (signal = host.signal) => (await engine.sources(engine.parseTarget('shop'), signal)).length;
    return { host, look };
  }

  it('is reached below a path, with an authority of its own, as a user with a password', async () => {
    const { look, host } = connected();
    const before = stage.logins();
    expect([await look(), await look()]).toEqual([1, 1]);
    expect(stage.logins() - before).toBe(1);
    expect(host.secrets).toEqual([PASSWORD, `session-${stage.logins()}`]);
  });

  it('is logged in to again when the session has ended', async () => {
    const { look } = connected();
    await look();
    stage.expire();
    expect(await look()).toBe(1);
  });

  it('is logged in to once for many, and not given up with the first of them', async () => {
    const { look, host } = connected();
    const before = stage.logins();
    const cancelled = new AbortController();
    const first = look(cancelled.signal);
    const others = [look(host.signal), look(host.signal)];
    cancelled.abort(new Error('no longer wanted'));
    await expect(first).rejects.toThrow('no longer wanted');
    expect(await Promise.all(others)).toEqual([1, 1]);
    expect(stage.logins() - before).toBe(1);
  });

  it('is reached through the proxy of the environment', async () => {
    const { look } = connected({ server: 'https://argocd.internal/argocd' }, { HTTPS_PROXY: stage.proxy });
    expect(await look()).toBe(1);
    expect(new Set(stage.tunnels)).toEqual(new Set(['argocd.internal:443']));
  });

  it.each<[string, Partial<ArgocdServerOptions>, object]>([
    [
      'another password',
      { credentials: { kind: 'password', username: 'ci', password: 'another one' } },
      { code: 'denied', message: expect.stringContaining('Invalid username or password') },
    ],
    ['a token of nobody', { credentials: { kind: 'token', token: 'a-token-of-nobody' } }, { code: 'denied' }],
  ])('is not entered with %s', async (_what, options, error) => {
    await expect(connected(options).look()).rejects.toMatchObject(error);
  });

  it('is not believed under a name that its certificate does not hold', async () => {
    const { look } = connected({ server: `https://localhost:${stage.port}/argocd` });
    await expect(look()).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
      hint: expect.stringContaining('It is for other names'),
    });
  });

  it('is not believed without its authority', async () => {
    const host = createRealHost();
    const server = `https://127.0.0.1:${stage.port}/argocd`;
    const engine = connectArgocd({ server, normaliseRepository: normaliseRepositoryUrl }, host);
    await expect(engine.sources(engine.parseTarget('shop'), host.signal)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('certificate'),
    });
  });
});
