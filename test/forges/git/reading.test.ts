import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { GIT_ENVIRONMENT } from '../../support/bare-repository.ts';
import { createFixture, textOf } from '../../support/forge-fixture.ts';

const fixture = createFixture();
afterEach(() => fixture.cleanUp());

const FILES = {
  'apps/api.yaml': 'image: api:1\n',
  'apps/web.yaml': 'image: web:1\n',
  'run.sh': { mode: '100755', text: '#!/bin/sh\n' },
  'link.yaml': { mode: '120000', text: 'apps/api.yaml' },
  module: { mode: '160000', text: 'a'.repeat(40) },
  'big.bin': 'x'.repeat(50_000),
};
const isYaml = (path: string) => path.endsWith('.yaml') || path.endsWith('.sh');

describe('head and files', () => {
  it.each(['path', 'file', 'http'])('are read over %s', async (way) => {
    const repository = fixture.repository(FILES);
    const server = await fixture.server(repository, { password: 'a-long-password' });
    const addresses = {
      path: { kind: 'path', path: repository.path },
      file: { kind: 'url', url: `file://${repository.path}` },
      http: { kind: 'url', url: server.url },
    } as const;
    const { forge } = await fixture.connect(addresses[way as keyof typeof addresses], { token: 'a-long-password' });
    const head = await forge.repository.head();
    expect(head).toEqual({ branch: 'main', revision: repository.head() });
    const snapshot = await forge.repository.readFiles(isYaml, head.revision);
    expect(snapshot.revision).toBe(repository.head());
    expect([...snapshot.paths].sort()).toEqual(['apps/api.yaml', 'apps/web.yaml', 'big.bin', 'link.yaml', 'run.sh']);
    expect(snapshot.files.map(({ path, mode, bytes }) => [path, mode, textOf(bytes)])).toEqual([
      ['apps/api.yaml', '100644', 'image: api:1\n'],
      ['apps/web.yaml', '100644', 'image: web:1\n'],
      ['link.yaml', '120000', 'apps/api.yaml'],
      ['run.sh', '100755', '#!/bin/sh\n'],
    ]);
  });

  it('fetches all the wanted files in one request, and no other file', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`apps/${index}.yaml`, `v: ${index}\n`]));
    const repository = fixture.repository({ ...files, 'big.bin': randomText(300_000) });
    const server = await fixture.server(repository);
    const { forge, host } = await fixture.connect(server.url);
    const head = await forge.repository.head();
    const { files: read } = await forge.repository.readFiles((path) => path.endsWith('.yaml'), head.revision);
    expect(read).toHaveLength(40);
    expect(server.requests.filter((line) => line.startsWith('POST'))).toHaveLength(3); // ls-refs, tree, files
    const [, workspace = ''] = host.leftOver();
    const sizes = readdirSync(workspace, { recursive: true }).map(
      (name) => statSync(join(workspace, String(name))).size,
    );
    expect(sizes.length).toBeGreaterThan(10);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
  });

  it('works with a server that knows no filters', async () => {
    const repository = fixture.repository(FILES);
    repository.git('config', 'uploadpack.allowFilter', 'false');
    const server = await fixture.server(repository);
    const { forge } = await fixture.connect(server.url);
    const { files } = await forge.repository.readFiles(isYaml, repository.head());
    expect(files).toHaveLength(4);
    expect(server.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1); // everything at this commit
  });

  it('reads a second head after the first', async () => {
    const repository = fixture.repository(FILES);
    const { forge } = await fixture.connect({ kind: 'path', path: repository.path });
    const first = await forge.repository.head();
    await forge.repository.readFiles(isYaml, first.revision);
    repository.commit({ 'apps/api.yaml': 'image: api:2\n' });
    const second = await forge.repository.head('main');
    const { files } = await forge.repository.readFiles((path) => path === 'apps/api.yaml', second.revision);
    expect(textOf(files[0]?.bytes)).toBe('image: api:2\n');
  });

  it('keeps names that are hard to write', async () => {
    const names = ['a b.yaml', 'ü"\\.yaml', '::error::x.yaml', '-rf.yaml', 'tab\there.yaml'];
    const repository = fixture.repository({ 'x.yaml': '' });
    const tree = execFileSync('git', ['mktree', '-z'], {
      cwd: repository.path,
      env: { ...GIT_ENVIRONMENT },
      input: Buffer.concat([
        ...[...names].sort().map((name) => Buffer.from(`100644 blob ${emptyBlob(repository.path)}\t${name}\0`)),
        Buffer.from(`100644 blob ${emptyBlob(repository.path)}\t`),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('.yaml\0'),
      ]),
      encoding: 'utf8',
    }).trim();
    repository.git('update-ref', 'refs/heads/main', repository.git('commit-tree', tree, '-m', 'names'));
    const { forge } = await fixture.connect({ kind: 'path', path: repository.path });
    const { files, paths } = await forge.repository.readFiles(() => true, repository.head());
    expect(files.map(({ path }) => path).sort()).toEqual([...names].sort());
    expect(paths).toHaveLength(names.length + 1); // the one that is not UTF-8 is counted, never read
  });

  it('reads a repository of SHA-256', async () => {
    const repository = fixture.repository({ 'a.yaml': 'a: 1\n' }, ['--object-format=sha256']);
    const { forge } = await fixture.connect({ kind: 'path', path: repository.path });
    const head = await forge.repository.head();
    expect(head.revision).toHaveLength(64);
    const { files } = await forge.repository.readFiles(() => true, head.revision);
    expect(files.map(({ path }) => path)).toEqual(['a.yaml']);
  });

  it('takes the branch and not a tag of the same name', async () => {
    const repository = fixture.repository();
    const first = repository.head();
    repository.git('branch', 'release', first);
    repository.commit({ 'x.yaml': 'x' });
    repository.git('tag', 'release', 'main');
    const { forge } = await fixture.connect({ kind: 'path', path: repository.path });
    expect(await forge.repository.head('release')).toEqual({ branch: 'release', revision: first });
  });
});

describe('what cannot be read', () => {
  it('names the branches that there are', async () => {
    const repository = fixture.repository();
    repository.git('branch', 'staging');
    const { forge } = await fixture.connect({ kind: 'path', path: repository.path });
    await expect(forge.repository.head('prod')).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('has no branch prod'),
      hint: 'It has main, staging.',
    });
  });

  it('an empty repository', async () => {
    const repository = fixture.repository();
    repository.git('update-ref', '-d', 'refs/heads/main');
    const { forge } = await fixture.connect({ kind: 'path', path: repository.path });
    await expect(forge.repository.head()).rejects.toMatchObject({
      code: 'missing',
      hint: expect.stringContaining('base-branch'),
    });
    await expect(forge.repository.head('main')).rejects.toMatchObject({
      hint: expect.stringContaining('no branch at all'),
    });
  });

  it.each(['-x', '--upload-pack=touch x', '@{u}', 'HEAD', 'refs/heads/x', ':x', '+x', 'x.lock', 'a b', 'a\nb'])(
    'a branch called %j, before Git is asked',
    async (branch) => {
      const { forge, host } = await fixture.connect({ kind: 'path', path: '/nowhere' });
      await expect(forge.repository.head(branch)).rejects.toMatchObject({ code: 'input' });
      expect(host.started).toEqual([]);
    },
  );

  it('a commit that is not there', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository);
    for (const address of [server.url, `file://${repository.path}`]) {
      const { forge } = await fixture.connect(address);
      await expect(forge.repository.readFiles(() => true, 'b'.repeat(40))).rejects.toMatchObject({ code: 'missing' });
    }
  });

  it.each([
    ['a wrong password', { password: 'the-right-password' }, 'denied'],
    ['a repository that is not there', {}, 'missing'],
  ])('%s', async (_title, options, code) => {
    const repository = fixture.repository();
    const server = await fixture.server(repository, options);
    const url = code === 'missing' ? server.url.replace('config.git', 'other.git') : server.url;
    const { forge, host } = await fixture.connect(url, { token: 'the-wrong-password' });
    await expect(forge.repository.head()).rejects.toMatchObject({ code, hint: expect.any(String) });
    expect(host.started).toHaveLength(1);
  });

  it('a server that nobody listens at is asked five times', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository);
    await server.close();
    const { forge, host } = await fixture.connect(server.url);
    await expect(forge.repository.head()).rejects.toMatchObject({ code: 'temporary' });
    expect(host.started).toHaveLength(5);
  });

  it('a server that fails for a moment is asked again', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository);
    server.fault({ when: /info\/refs/, status: 502, times: 2 });
    server.fault({ when: /POST .*upload-pack/, cutAfter: 20 });
    const { forge } = await fixture.connect(server.url);
    expect((await forge.repository.head()).revision).toBe(repository.head());
    expect(server.unmet()).toBe(0);
  });

  it('an address that has moved is told, and the token does not follow', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository);
    const elsewhere = await fixture.server(repository);
    const location = `${elsewhere.url}/info/refs?service=git-upload-pack`;
    server.fault({ when: /./, status: 301, headers: { location } });
    const { forge } = await fixture.connect(server.url, { token: 'a-long-password' });
    await expect(forge.repository.head()).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('moved'),
    });
    expect(elsewhere.requests).toEqual([]);
  });

  it('a login page in place of a repository', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository);
    server.fault({ when: /./, status: 200, headers: { 'content-type': 'text/html' }, body: '<html>sign in</html>' });
    const { forge } = await fixture.connect(server.url);
    await expect(forge.repository.head()).rejects.toMatchObject({ name: 'ToolError' });
  });
});

describe('the paths that a commit changed', () => {
  it('are those against its first parent, whatever their names', async () => {
    const repository = fixture.repository({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'c.yaml': 'c: 1\n' });
    const first = repository.head();
    const second = repository.commit({
      'ü ".yaml': '1',
      'a.yaml': undefined,
      'c.yaml': { mode: '100755', text: 'c: 1\n' },
    });
    repository.commit({ 'b.yaml': 'b: 2\n' });
    const { forge } = await fixture.connect(`file://${repository.path}`);
    expect(await forge.repository.changedPaths(second)).toEqual(['a.yaml', 'c.yaml', 'ü ".yaml']);
    expect(await forge.repository.changedPaths(first)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    await expect(forge.repository.changedPaths('d'.repeat(40))).rejects.toMatchObject({ code: 'missing' });
    await expect(forge.repository.changedPaths('main')).rejects.toMatchObject({ code: 'input' });
  });
});

describe('the log', () => {
  const bump = (version: string) => `chore: bump api to ${version}\n\nImage: api:${version}\n`;

  it('reads commits with parents, author, time and whole message, newest first', async () => {
    const repository = fixture.repository();
    const first = repository.head();
    const second = repository.commit({ 'a.yaml': '1' }, { message: bump('1') });
    const third = repository.commit({ 'a.yaml': '2' }, { message: bump('2') });
    const { forge } = await fixture.connect(`file://${repository.path}`);
    const log = await forge.repository.log({ from: third, limit: 2 });
    expect(log.map(({ revision, parents }) => [revision, parents])).toEqual([
      [third, [second]],
      [second, [first]],
    ]);
    expect(log[0]).toMatchObject({ author: 'Somebody <somebody@example.test>', message: bump('2') });
    expect(log[0]?.committedAt).toBeGreaterThan(Date.now() - 60_000);
  });

  it('finds commits by any of some trailers, however far back', async () => {
    const repository = fixture.repository();
    const wanted = repository.commit({ 'a.yaml': '1' }, { message: bump('1') });
    const set = repository.commit({ 'a.yaml': '2' }, { message: 'chore: set a\n\nSet: a.yaml#a=2\n' });
    for (let index = 0; index < 20; index++)
      repository.commit({ 'b.yaml': `${index}` }, { message: `other ${index}\n\nImages: no` });
    const { forge } = await fixture.connect(`file://${repository.path}`);
    const found = async (...trailers: string[]) => {
      const log = await forge.repository.log({ from: repository.head(), limit: 2, trailers });
      return log.map(({ revision }) => revision);
    };
    expect(await found('Image')).toEqual([wanted]);
    expect(await found('Image', 'Set')).toEqual([set, wanted]);
  });

  it('does not have commits of an unknown history', async () => {
    const repository = fixture.repository();
    const { forge } = await fixture.connect(`file://${repository.path}`);
    await expect(forge.repository.log({ from: 'c'.repeat(40), limit: 1 })).rejects.toMatchObject({ code: 'missing' });
  });
});

function emptyBlob(path: string): string {
  return execFileSync('git', ['hash-object', '-w', '--stdin'], {
    cwd: path,
    env: { ...GIT_ENVIRONMENT },
    input: '',
    encoding: 'utf8',
  }).trim();
}

function randomText(length: number): string {
  return Array.from({ length }, () => String.fromCharCode(32 + Math.floor(Math.random() * 90))).join('');
}
