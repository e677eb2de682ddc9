import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { changeOf, createFixture } from '../../support/forge-fixture.ts';
import { temporaryFolder } from '../../support/real-host.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const describeWhereOpenssl = hasOpenssl ? describe : describe.skip;
const where = hasOpenssl ? '' : ' (openssl is not installed)';

const fixture = createFixture();
afterEach(() => fixture.cleanUp());

const folder = temporaryFolder();
const file = (name: string) => join(folder.path, name);
afterAll(() => folder.remove());

/** A certificate for 127.0.0.1 that nobody but itself vouches for. */
beforeAll(() => {
  if (!hasOpenssl) return;
  const subject = ['-subj', '/CN=drawbridge-test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file('key.pem')];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, '-out', file('ca.pem'), ...subject], {
    stdio: 'pipe',
  });
});

/** The Git server behind TLS. */
async function secured() {
  const repository = fixture.repository({ 'a.yaml': 'image: a:1\n' });
  const plain = await fixture.server(repository);
  const server = createServer(
    { key: readFileSync(file('key.pem')), cert: readFileSync(file('ca.pem')) },
    (request, response) => {
      const onward = forward(
        `${plain.origin}${request.url}`,
        { method: request.method, headers: request.headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(onward);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/config.git`;
  return { repository, url, close: () => server.close() };
}

describeWhereOpenssl(`a certificate authority of its own${where}`, () => {
  it('is refused without ca-certificate, in words that name what to do', async () => {
    const { url, close } = await secured();
    const { forge } = await fixture.connect(url);
    await expect(forge.repository.head()).rejects.toMatchObject({
      code: 'denied',
      hint: expect.stringMatching(/ca-certificate/),
    });
    close();
  });

  it('given as PEM, Git reads and pushes, and nothing of it stays behind', async () => {
    const { url, close, repository } = await secured();
    const { forge, host } = await fixture.connect(url, { ca: readFileSync(file('ca.pem'), 'utf8') });
    const { revision } = await forge.repository.head();
    const made = await forge.repository.commit('main', changeOf({ 'a.yaml': 'image: a:2\n' }), revision);
    expect(made).toEqual({ kind: 'committed', revision: repository.head() });
    await forge.close();
    expect(host.leftOver()).toEqual([]);
    close();
  });

  it('given as PEM is trusted beside the file of GIT_SSL_CAINFO, not in its place', async () => {
    const { url, close } = await secured();
    const env = { GIT_SSL_CAINFO: file('ca.pem') };
    const { forge } = await fixture.connect(url, { env });
    expect((await forge.repository.head()).branch).toBe('main');
    const both = await fixture.connect(url, { env, ca: readFileSync(file('ca.pem'), 'utf8') });
    await both.forge.repository.head();
    const used = both.host.started.flatMap(({ args }) => args).find((arg) => arg.startsWith('http.sslCAInfo='));
    const text = readFileSync(used?.slice('http.sslCAInfo='.length) ?? '', 'utf8');
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    close();
  });
});
