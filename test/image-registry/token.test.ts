import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseChallenge } from '../../src/image-registry/challenge.ts';
import { findManifest } from '../../src/image-registry/registry.ts';
import { createRealHost } from '../support/real-host.ts';

describe('what a registry asks for', () => {
  it.each([
    [
      'Bearer realm="https://auth.example.test/token",service="registry",scope="repository:a/b:pull,push"',
      {
        kind: 'bearer',
        realm: 'https://auth.example.test/token',
        service: 'registry',
        scope: 'repository:a/b:pull,push',
      },
    ],
    ['bearer realm=https://auth.example.test/token', { kind: 'bearer', realm: 'https://auth.example.test/token' }],
    ['Basic realm="registry"', { kind: 'basic' }],
    ['Bearer service="x"', undefined],
    ['Bearer realm="not a url"', undefined],
    ['Digest realm="x"', undefined],
    ['', undefined],
  ])('%s', (header, expected) => {
    expect(parseChallenge(header)).toEqual(expected);
  });

  it('is read in linear time, whatever it is', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseChallenge(`Bearer ${text}`)));
    const started = performance.now();
    parseChallenge(`Bearer ${'realm="'.repeat(50_000)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('a registry with tokens', () => {
  let server: Server;
  afterEach(() => void server.close());

  /** Answers as the token protocol says, and keeps what it was asked. */
  async function start(): Promise<{ readonly registry: string; readonly asked: string[] }> {
    const asked: string[] = [];
    server = createServer((request, response) => {
      const { authorization = 'none' } = request.headers;
      asked.push(`${request.method} ${request.url} ${authorization}`);
      const origin = `http://${request.headers.host}`;
      if (request.url?.startsWith('/token')) return void response.end(JSON.stringify({ token: 'pull-token-0123' }));
      if (authorization === 'Bearer pull-token-0123')
        return void response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
      response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="${origin}/token",service="reg",scope="repository:a/b:pull"`,
        })
        .end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return { registry: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  it('is asked for a token with the login, and then with the token alone', async () => {
    const { registry, asked } = await start();
    const env = { DRAWBRIDGE_REGISTRY_USERNAME: 'robot', DRAWBRIDGE_REGISTRY_PASSWORD: 'password-0123' };
    const found = await findManifest(createRealHost({ env }), { registry, repository: 'a/b', tag: '1' }, '1');
    expect(found).toEqual({ digest: DIGEST });
    const basic = `Basic ${Buffer.from('robot:password-0123').toString('base64')}`;
    expect(asked).toEqual([
      'HEAD /v2/a/b/manifests/1 none',
      `GET /token?service=reg&scope=repository%3Aa%2Fb%3Apull ${basic}`,
      'HEAD /v2/a/b/manifests/1 Bearer pull-token-0123',
    ]);
  });

  it('is asked for an anonymous token where there is no login', async () => {
    const { registry, asked } = await start();
    expect(await findManifest(createRealHost(), { registry, repository: 'a/b' }, DIGEST)).toEqual({ digest: DIGEST });
    expect(asked[1]).toMatch(/^GET \/token\?.* none$/);
  });
});
