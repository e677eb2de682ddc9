import { afterEach, describe, expect, it } from '@jest/globals';
import type { Change } from '../../../src/forges/forge-client.ts';
import { changeOf, createFixture } from '../../support/forge-fixture.ts';

const fixture = createFixture();
afterEach(() => fixture.cleanUp());

const FILES = {
  'apps/api.yaml': 'image: api:1\n',
  'run.sh': { mode: '100755', text: 'old\n' },
  'other.txt': 'other\n',
};
const CHANGE = changeOf({ 'apps/api.yaml': 'image: api:2\n' }, 'chore: bump api\n\nImage: api:2');

async function overHttp(options: { hook?: string } = {}) {
  const repository = fixture.repository(FILES);
  if (options.hook !== undefined) repository.hook('pre-receive', options.hook);
  const server = await fixture.server(repository);
  const { forge, host } = await fixture.connect(server.url);
  const head = await forge.repository.head();
  await forge.repository.readFiles((path) => path.endsWith('.yaml'), head.revision);
  return { repository, server, forge, host, head };
}

describe('a commit', () => {
  it.each(['path', 'file', 'http'])('lands on the branch over %s, and changes nothing else', async (way) => {
    const repository = fixture.repository(FILES);
    const server = await fixture.server(repository, { password: 'a-long-password' });
    const address =
      way === 'path'
        ? ({ kind: 'path', path: repository.path } as const)
        : way === 'file'
          ? `file://${repository.path}`
          : server.url;
    const { forge, host } = await fixture.connect(address, { token: 'a-long-password' });
    const before = repository.head();
    const change = changeOf({ 'apps/api.yaml': 'image: api:2\n', 'run.sh': 'new\n' }, 'chore: bump\n\nImage: api:2');
    const result = await forge.repository.commit('main', change, before);
    expect(result).toEqual({ kind: 'committed', revision: repository.head() });
    expect(repository.history()).toEqual([repository.head(), before]);
    expect(
      repository
        .git('diff', '--raw', '--no-abbrev', before, 'main')
        .split('\n')
        .map((line) => line.slice(0, 14)),
    ).toEqual([':100644 100644', ':100755 100755']);
    expect(repository.text('run.sh')).toBe('new');
    expect(repository.git('show', '--no-patch', '--format=%an <%ae> %cn <%ce> %at %B', 'main')).toBe(
      `Drawbridge <drawbridge@localhost> Drawbridge <drawbridge@localhost> ${host.clock.now() / 1000} chore: bump\n\nImage: api:2`,
    );
  });

  it('has the author that was asked for, and no line of its own in the name', async () => {
    const repository = fixture.repository(FILES);
    const author = { name: 'A <b>\nevil', email: 'a@b>c\n' };
    const { forge } = await fixture.connect(`file://${repository.path}`, { author });
    await forge.repository.commit('main', CHANGE, repository.head());
    expect(repository.git('show', '--no-patch', '--format=%an|%ae|%cn', 'main')).toBe('A bevil|a@bc|A bevil');
  });

  it('works in a repository of SHA-256 and on a branch with odd characters', async () => {
    const repository = fixture.repository(FILES, ['--object-format=sha256']);
    const branch = 'a$(id);`x`\'"|&é';
    repository.git('branch', branch);
    const { forge } = await fixture.connect(`file://${repository.path}`);
    const result = await forge.repository.commit(branch, CHANGE, repository.head());
    expect(result).toEqual({ kind: 'committed', revision: repository.head(branch) });
    expect(repository.history()).toHaveLength(1);
  });

  it('keeps bytes and odd names as they are', async () => {
    const path = 'a "b\\c/ü ::x.yaml';
    const repository = fixture.repository({ [path]: 'x' });
    const { forge } = await fixture.connect(`file://${repository.path}`);
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const change: Change = { ...CHANGE, files: [{ path, bytes, mode: '100644' }] };
    const result = await forge.repository.commit('main', change, repository.head());
    expect(result.kind).toBe('committed');
    const { files } = await forge.repository.readFiles(() => true, repository.head());
    expect(files.map((file) => [file.path, [...file.bytes]])).toEqual([[path, [...bytes]]]);
  });

  it('sends the new objects only', async () => {
    const { server, forge, head, repository } = await overHttp();
    const before = server.requests.length;
    await forge.repository.commit('main', CHANGE, head.revision);
    expect(server.requests.slice(before)).toEqual([
      'GET /config.git/info/refs?service=git-receive-pack',
      'POST /config.git/git-receive-pack',
      'GET /config.git/info/refs?service=git-upload-pack',
      'POST /config.git/git-upload-pack',
    ]);
    expect(repository.history()).toHaveLength(2);
  });
});

describe('a conflict is a value, and nothing is written', () => {
  it('when the branch moved on', async () => {
    const { repository, forge, head } = await overHttp();
    const theirs = repository.commit({ 'other.txt': 'theirs' });
    const result = await forge.repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'conflict', reason: expect.stringContaining(theirs) });
    expect(repository.head()).toBe(theirs);
  });

  it('when the branch was reset to an older commit: the dropped one does not come back', async () => {
    const repository = fixture.repository(FILES);
    const first = repository.head();
    const dropped = repository.commit({ 'other.txt': 'a secret that was taken out' });
    const { forge } = await fixture.connect(`file://${repository.path}`);
    await forge.repository.readFiles(() => true, dropped);
    repository.git('update-ref', 'refs/heads/main', first);
    const result = await forge.repository.commit('main', CHANGE, dropped);
    expect(result.kind).toBe('conflict');
    expect(repository.head()).toBe(first);
  });

  it('when another push comes between the advertisement and ours', async () => {
    const { repository, server, forge, head } = await overHttp();
    let theirs = '';
    server.fault({
      when: /POST .*receive-pack/,
      before: () => {
        theirs = repository.commit({ 'other.txt': 'theirs' });
      },
    });
    const result = await forge.repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'conflict', reason: expect.stringContaining(theirs) });
    expect(repository.history()).toEqual([theirs, head.revision]);
  });

  it('when the branch is locked by another writer', async () => {
    const { forge, head, host } = await overHttp({ hook: 'touch refs/heads/main.lock' });
    const result = await forge.repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'conflict', reason: expect.stringContaining('could not be locked') });
    expect(host.started.filter(({ args }) => args.includes('push'))).toHaveLength(1);
  });
});

describe('a fresh read decides', () => {
  it('when the answer is lost after the commit landed', async () => {
    const { repository, server, forge, head } = await overHttp();
    server.fault({ when: /POST .*receive-pack/, cutAfter: 0 });
    const result = await forge.repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'committed', revision: repository.head() });
    expect(repository.history()).toHaveLength(2);
    expect(server.requests.filter((line) => line === 'POST /config.git/git-receive-pack')).toHaveLength(1);
  });

  it('when the answer is lost and somebody has committed on top since', async () => {
    const { repository, server, forge, head } = await overHttp();
    let ours = '';
    const after = () => {
      ours = repository.head();
      repository.commit({ 'other.txt': 'theirs' });
    };
    server.fault({ when: /POST .*receive-pack/, cutAfter: 0, after });
    const result = await forge.repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'committed', revision: ours });
    expect(repository.history()).toHaveLength(3);
  });

  it('when the connection broke before anything was written', async () => {
    const { repository, server, forge, head } = await overHttp();
    server.fault({ when: /POST .*receive-pack/, status: 502 });
    await expect(forge.repository.commit('main', CHANGE, head.revision)).rejects.toMatchObject({ code: 'temporary' });
    expect(repository.head()).toBe(head.revision);
  });

  it('when the server cannot be read any more: done or not is said to be unknown', async () => {
    const { repository, server, forge, head } = await overHttp();
    server.fault({ when: /POST .*receive-pack/, cutAfter: 0 });
    server.fault({ when: /upload-pack/, status: 503, times: 100 });
    await expect(forge.repository.commit('main', CHANGE, head.revision)).rejects.toMatchObject({
      code: 'temporary',
      message: expect.stringContaining('whether it is there is not known'),
    });
    expect(repository.history()).toHaveLength(2);
  });

  it('when a replica shows the old tip for a while', async () => {
    const { repository, server, forge, head, host } = await overHttp();
    const hide = () => {
      repository.git('update-ref', 'refs/hidden', 'refs/heads/main');
      repository.git('update-ref', 'refs/heads/main', head.revision);
    };
    server.fault({ when: /POST .*receive-pack/, after: hide });
    let reads = 0;
    host.beforeProcess = (args) => {
      if (args.includes('ls-remote') && ++reads === 4) repository.git('update-ref', 'refs/heads/main', 'refs/hidden');
    };
    const result = await forge.repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'committed', revision: repository.head() });
    expect(repository.head()).not.toBe(head.revision);
  });

  it('when the server acknowledged what it never shows', async () => {
    const { repository, server, forge, head } = await overHttp();
    const drop = () => repository.git('update-ref', 'refs/heads/main', head.revision);
    server.fault({ when: /POST .*receive-pack/, after: () => void drop() });
    await expect(forge.repository.commit('main', CHANGE, head.revision)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('a fresh read does not show it'),
    });
  });
});

describe('a refusal', () => {
  it("of a hook ends with the server's own words, cleaned, and is not tried again", async () => {
    const hook = 'printf "\\033[31mGH006: Protected branch update failed\\033[0m\\n::error::x\\n" >&2; exit 1';
    const { repository, forge, head, host } = await overHttp({ hook });
    const attempt = forge.repository.commit('main', CHANGE, head.revision);
    await expect(attempt).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(
        /on branch main: pre-receive hook declined. It says: GH006: Protected branch update failed/,
      ),
      hint: expect.stringContaining('another branch'),
    });
    await expect(attempt).rejects.toMatchObject({ message: expect.not.stringMatching(/[\x00-\x1f]/) });
    expect(repository.head()).toBe(head.revision);
    expect(host.started.filter(({ args }) => args.includes('push'))).toHaveLength(1);
  });

  it('of a bare repository by its path: its hooks are heard as a server is', async () => {
    const repository = fixture.repository(FILES);
    repository.hook('update', 'echo "only releases on $1" >&2; exit 1');
    const { forge } = await fixture.connect({ kind: 'path', path: repository.path });
    await expect(forge.repository.commit('main', CHANGE, repository.head())).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('only releases on refs/heads/main'),
    });
  });

  it.each([401, 403])('with status %i at the push is told at once', async (status) => {
    const { repository, server, forge, head, host } = await overHttp();
    server.fault({ when: /service=git-receive-pack/, status });
    await expect(forge.repository.commit('main', CHANGE, head.revision)).rejects.toMatchObject({ code: 'denied' });
    expect(repository.head()).toBe(head.revision);
    expect(host.started.at(-1)?.args).toContain('push');
  });

  it('of a branch that was deleted meanwhile: it is not made again', async () => {
    const { repository, forge, head } = await overHttp();
    repository.git('update-ref', '-d', 'refs/heads/main');
    await expect(forge.repository.commit('main', CHANGE, head.revision)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('deleted'),
    });
    expect(repository.git('for-each-ref')).toBe('');
  });
});

describe('a change that is not safe', () => {
  const file = (path: string, mode: '100644' | '120000' = '100644') => ({ path, mode, bytes: Buffer.from('x') });

  it('is refused before anything is sent, with every problem', async () => {
    const repository = fixture.repository({
      ...FILES,
      'link.yaml': { mode: '120000', text: '/etc/passwd' },
      module: { mode: '160000', text: 'a'.repeat(40) },
    });
    const { forge, host } = await fixture.connect(`file://${repository.path}`);
    const paths = [
      'link.yaml',
      'module',
      '../x',
      '/etc/x',
      'a/../../x',
      '.git/config',
      'a/.GIT/hooks/x',
      'link.yaml/x',
      'a\nb',
      '',
    ];
    const change = { ...CHANGE, files: [...paths.map((path) => file(path)), file('other.txt', '120000')] };
    const error = await forge.repository.commit('main', change, repository.head()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'data', problems: Array(paths.length + 1).fill(expect.any(String)) });
    expect(host.started.some(({ args }) => args.includes('push'))).toBe(false);
    expect(repository.history()).toHaveLength(1);
  });

  it('without files is an error of the caller', async () => {
    const repository = fixture.repository(FILES);
    const { forge } = await fixture.connect(`file://${repository.path}`);
    await expect(forge.repository.commit('main', changeOf({}), repository.head())).rejects.toMatchObject({
      code: 'internal',
    });
  });
});
