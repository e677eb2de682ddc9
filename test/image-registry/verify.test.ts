import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseWantedImages } from '../../src/image/wanted-image.ts';
import { verifyImages } from '../../src/image-registry/verify.ts';
import { createRealHost } from '../support/real-host.ts';

/** Debian's docker-registry (`apt-get install docker-registry`): a real registry on loopback. */
const hasRegistry = spawnSync('docker-registry', ['--version']).status === 0;
const whenRegistry = hasRegistry ? describe : describe.skip;
const PASSWORD = 'canary-password-0123';
/** bcrypt of the password above, as htpasswd writes it; the registry takes no other hash. */
const HTPASSWD_ARGS = ['-Bbn', 'robot', PASSWORD];

const INDEX = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] });
const DIGEST = `sha256:${createHash('sha256').update(INDEX).digest('hex')}`;

whenRegistry(hasRegistry ? 'a real registry' : 'a real registry (skipped: docker-registry is not installed)', () => {
  let folder: string;
  let registry: string;
  let stop: () => void;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'image-registry-'));
    const port = await freePort();
    registry = `127.0.0.1:${port}`;
    const htpasswd = spawnSync('htpasswd', HTPASSWD_ARGS);
    if (htpasswd.status === 0) writeFileSync(join(folder, 'htpasswd'), htpasswd.stdout);
    const auth = htpasswd.status === 0 ? `auth:\n  htpasswd: {realm: test, path: ${folder}/htpasswd}\n` : '';
    writeFileSync(
      join(folder, 'config.yml'),
      `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: "${registry}"}\n${auth}`,
    );
    const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
    stop = () => void child.kill('SIGKILL');
    await until(async () => (await fetch(`http://${registry}/v2/`)).status < 500);
    await push('acme/shop', '1.0.0');
  });
  afterAll(() => {
    stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const authorization = `Basic ${Buffer.from(`robot:${PASSWORD}`).toString('base64')}`;
  async function push(repository: string, tag: string): Promise<void> {
    const headers = { authorization, 'content-type': 'application/vnd.oci.image.index.v1+json' };
    const answer = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
      method: 'PUT',
      headers,
      body: INDEX,
    });
    if (answer.status !== 201) throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
  }

  const login = { DRAWBRIDGE_REGISTRY_USERNAME: 'robot', DRAWBRIDGE_REGISTRY_PASSWORD: PASSWORD };
  const hostWith = (env: Record<string, string>) => createRealHost({ env });
  const wanted = (text: string) => parseWantedImages([`${registry}/${text}`]);

  it('lets an image pass that exists, and pins the digest of the index', async () => {
    const host = hostWith(login);
    expect(await verifyImages(host, wanted('acme/shop:1.0.0'), { verify: 'tag', pin: false })).toEqual(
      wanted('acme/shop:1.0.0'),
    );
    const [pinned] = await verifyImages(host, wanted('acme/shop:1.0.0'), { verify: 'off', pin: true });
    expect(pinned?.ref).toMatchObject({ tag: '1.0.0', digest: DIGEST });
    expect(host.lines.join('\n')).not.toContain(PASSWORD);
  });

  it('names every image that was never pushed', async () => {
    const images = [...wanted('acme/shop:2.0.0'), ...wanted('acme/other:1.0.0')];
    await expect(verifyImages(hostWith(login), images, { verify: 'tag', pin: false })).rejects.toMatchObject({
      code: 'missing',
      problems: [expect.stringContaining('acme/shop:2.0.0'), expect.stringContaining('acme/other:1.0.0')],
    });
  });

  it('finds a tag that is pushed while it waits', async () => {
    const host = hostWith(login);
    const clock = { ...host.clock, sleep: () => push('acme/late', '1.0.0') };
    await expect(
      verifyImages({ ...host, clock }, wanted('acme/late:1.0.0'), { verify: 'tag', pin: false }),
    ).resolves.toHaveLength(1);
  });

  it('refuses a digest that is not what the tag points at', async () => {
    const other = `acme/shop:1.0.0@sha256:${'0'.repeat(64)}`;
    await expect(verifyImages(hostWith(login), wanted(other), { verify: 'digest', pin: false })).rejects.toMatchObject({
      code: 'data',
      problems: [expect.stringContaining(DIGEST)],
    });
    await expect(
      verifyImages(hostWith(login), wanted(`acme/shop:1.0.0@${DIGEST}`), { verify: 'digest', pin: false }),
    ).resolves.toHaveLength(1);
  });

  it('takes the login from the Docker configuration, and from its helpers', async () => {
    const auth = Buffer.from(`robot:${PASSWORD}`).toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry]: { auth } } }));
    await expect(
      verifyImages(hostWith({ DOCKER_CONFIG: folder }), wanted('acme/shop:1.0.0'), { verify: 'tag', pin: false }),
    ).resolves.toHaveLength(1);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    const answer = JSON.stringify({ Username: 'robot', Secret: PASSWORD });
    writeFileSync(join(folder, 'bin', 'docker-credential-test'), `#!/bin/sh\ncat >/dev/null\necho '${answer}'\n`, {
      mode: 0o755,
    });
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ credHelpers: { [registry]: 'test' } }));
    const env = { DOCKER_CONFIG: folder, PATH: `${folder}/bin:${process.env.PATH}` };
    await withPath(env.PATH, () =>
      expect(
        verifyImages(hostWith(env), wanted('acme/shop:1.0.0'), { verify: 'tag', pin: false }),
      ).resolves.toHaveLength(1),
    );
  });

  it('says what to do without a login', async () => {
    await expect(
      verifyImages(hostWith({}), wanted('acme/shop:1.0.0'), { verify: 'tag', pin: false }),
    ).rejects.toMatchObject({ code: 'denied', hint: expect.stringContaining('docker login') });
  });
});

/** A child is looked for on this process's own PATH. */
async function withPath(path: string, body: () => Promise<unknown>): Promise<void> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    await body();
  } finally {
    process.env.PATH = before;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await condition().catch(() => false)) return;
    spawnSync('sleep', ['0.05']);
  }
  throw new Error('it did not come to that');
}
