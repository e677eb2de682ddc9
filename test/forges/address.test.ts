import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveConfigRepository } from '../../src/forges/address.ts';
import { type BareRepository, git } from '../support/bare-repository.ts';
import { createFixture } from '../support/forge-fixture.ts';
import { createRealHost, temporaryFolder } from '../support/real-host.ts';

const fixture = createFixture();
let folder: ReturnType<typeof temporaryFolder>;
let bare: BareRepository;

beforeEach(() => {
  folder = temporaryFolder();
  bare = fixture.repository();
});
afterEach(async () => {
  folder.remove();
  await fixture.cleanUp();
});

function checkout(remotes: Readonly<Record<string, string>>, name = 'work'): string {
  const path = join(folder.path, name);
  git(folder.path, ['init', '--quiet', path]);
  for (const [remote, url] of Object.entries(remotes)) git(path, ['config', `remote.${remote}.url`, url]);
  return path;
}

function resolveIn(workingDirectory: string, text?: string, env = {}, forgeUrl?: string) {
  const host = createRealHost({ workingDirectory, env });
  return resolveConfigRepository(host, text, forgeUrl === undefined ? {} : { forgeUrl });
}

const GITHUB = { GITHUB_SERVER_URL: 'https://github.example' };

describe('where the config repository is', () => {
  it.each([
    'https://github.com/acme/config.git',
    'https://user:password@host.test/x.git',
    'ssh://git@host.test:22/acme/config',
    'git@github.com:acme/config.git',
    'http://127.0.0.1:3000/acme/config',
    'http://[::1]:3000/acme/config',
  ])('a URL: %s', async (url) => {
    expect(await resolveIn(folder.path, url)).toEqual({ kind: 'url', url });
  });

  it('a path or a file URL of a bare repository is the repository itself', async () => {
    expect(await resolveIn(folder.path, bare.path)).toEqual({ kind: 'path', path: bare.path });
    expect(await resolveIn(join(bare.path, '..'), 'config.git')).toEqual({ kind: 'path', path: bare.path });
    expect(await resolveIn(folder.path, `file://${bare.path}`)).toEqual({ kind: 'url', url: `file://${bare.path}` });
  });

  it("a path of a checkout stands for the checkout's own remote", async () => {
    const path = checkout({ origin: 'git@github.com:acme/config.git', fork: 'git@github.com:me/config.git' });
    const expected = { kind: 'url', url: 'git@github.com:acme/config.git' };
    expect(await resolveIn(folder.path, path)).toEqual(expected);
    expect(await resolveIn(folder.path, 'work')).toEqual(expected);
    expect(await resolveIn(folder.path, `${path}/.git`)).toEqual(expected);
    expect(await resolveIn(folder.path, `file://${path}`)).toEqual(expected);
  });

  it('nothing stands for the checkout around the working directory, detached or shallow too', async () => {
    bare.commit({ 'a.yaml': '1' });
    git(folder.path, ['clone', '--quiet', '--depth=1', `file://${bare.path}`, 'clone']);
    const path = join(folder.path, 'clone');
    git(path, ['checkout', '--quiet', '--detach']);
    mkdirSync(join(path, 'deep/down'), { recursive: true });
    expect(await resolveIn(join(path, 'deep/down'))).toEqual({ kind: 'path', path: bare.path });
  });

  it('a linked work tree has the remote of its repository', async () => {
    git(folder.path, ['clone', '--quiet', bare.path, 'clone']);
    git(join(folder.path, 'clone'), ['worktree', 'add', '--quiet', '../linked', '-b', 'linked']);
    expect(await resolveIn(join(folder.path, 'linked'))).toEqual({ kind: 'path', path: bare.path });
  });

  it('a remote that is a relative path, and a checkout of a checkout', async () => {
    const path = checkout({ origin: '../second' });
    checkout({ only: bare.path }, 'second');
    expect(await resolveIn(path)).toEqual({ kind: 'path', path: bare.path });
  });

  it("leaves out the user's name that some hosts write into https addresses", async () => {
    const path = checkout({ origin: 'https://jane.doe@bitbucket.test/acme/config.git' });
    expect(await resolveIn(path)).toEqual({ kind: 'url', url: 'https://bitbucket.test/acme/config.git' });
  });

  it('owner/name is on the server that the CI system names, or on forge-url', async () => {
    const url = 'https://github.example/acme/config.git';
    expect(await resolveIn(folder.path, 'acme/config', GITHUB)).toEqual({ kind: 'url', url });
    expect(await resolveIn(folder.path, 'acme/config.git', { CI_SERVER_URL: 'https://github.example/' })).toEqual({
      kind: 'url',
      url,
    });
    const subgroup = await resolveIn(folder.path, 'acme/a/config', GITHUB, 'https://gitlab.example/git');
    expect(subgroup).toEqual({ kind: 'url', url: 'https://gitlab.example/git/acme/a/config.git' });
  });

  it('a folder that Git knows goes before owner/name', async () => {
    mkdirSync(join(folder.path, 'acme'));
    checkout({ origin: bare.path }, 'acme/config');
    expect(await resolveIn(folder.path, 'acme/config', GITHUB)).toEqual({ kind: 'path', path: bare.path });
  });

  it('leaves no temporary folder, and starts nothing but a reading of the configuration file', async () => {
    const host = createRealHost({ workingDirectory: checkout({ origin: bare.path }) });
    await resolveConfigRepository(host, undefined);
    expect(host.started.map(({ args }) => args.slice(-7, -4))).toEqual([['config', '--file', expect.any(String)]]);
    expect(host.leftOver()).toEqual([]);
  });
});

describe('an address that is refused', () => {
  it.each([
    'ext::sh -c touch% canary',
    'fd::17',
    '-oProxyCommand=touch canary',
    '--upload-pack=touch canary',
    'ssh://-oProxyCommand=x/y',
    'ssh://host/-x',
    'git@-host:x',
    '-user@host:x',
    'ssh://git:password@host/x',
    'https://github.com@evil.test/acme/config',
    'https://github.com%2facme@evil.test/config',
    'https://github.com\\@evil.test/config',
    'https://a@b@evil.test/config',
    'https://host.test/acme/config\r',
    'https://host.test/acme/con\nfig',
    'https://host.test/acme\u202e/config',
    'https://gіthub.com/acme/config',
    'https://host.test/acme/config?ref=main',
    'https://host.test/acme/con fig',
    'https://host.test',
    'https://host.test/',
    'https:///acme/config',
    'http://host.test/acme/config',
    'http://127.0.0.1.evil.test/acme/config',
    'git://host.test/acme/config',
    'ftp://host.test/acme/config',
    'file://host.test/acme/config',
  ])('%j', async (text) => {
    await expect(resolveIn(folder.path, text, GITHUB)).rejects.toMatchObject({
      code: 'input',
      hint: expect.any(String),
    });
  });

  it('never prints a password', async () => {
    const error = await resolveIn(folder.path, 'http://jane:canary-canary@host.test/x').catch(String);
    expect(error).toMatch(/plain http/);
    expect(error).not.toContain('canary');
  });

  it('owner/name with no server or with two', async () => {
    await expect(resolveIn(folder.path, 'acme/config')).rejects.toMatchObject({
      code: 'input',
      hint: expect.stringContaining('forge-url'),
    });
    await expect(
      resolveIn(folder.path, 'acme/config', { ...GITHUB, CI_SERVER_URL: 'https://gitlab.test' }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('both'),
    });
    await expect(resolveIn(folder.path, 'acme/config', {}, 'http://host.test')).rejects.toMatchObject({
      code: 'input',
    });
  });

  it.each([
    ['nothing outside of a checkout', undefined, 'is not in a Git repository'],
    ['a path that does not exist', './nowhere', 'does not exist'],
    ['a folder that is no repository', '.', 'is not a Git repository'],
    ['a file URL that leads nowhere', 'file:///nowhere/at/all', 'no Git repository'],
  ])('%s', async (_title, text, message) => {
    await expect(resolveIn(folder.path, text)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('https://'),
    });
  });

  it('a checkout without a remote, or with several and no origin', async () => {
    const none = checkout({}, 'none');
    const two = checkout({ b: 'https://b.test/x/y', a: 'https://a.test/x/y' }, 'two');
    await expect(resolveIn(none)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('has no remote'),
    });
    await expect(resolveIn(two)).rejects.toMatchObject({ message: expect.stringContaining('but a, b') });
  });

  it('a checkout whose remote would run a program', async () => {
    const path = checkout({ origin: `ext::sh -c touch% ${folder.path}/canary` });
    await expect(resolveIn(path)).rejects.toMatchObject({ code: 'input' });
  });

  it('a checkout whose configuration cannot be read', async () => {
    const path = checkout({ origin: bare.path });
    writeFileSync(join(path, '.git/config'), '[remote "origin"\nurl = x');
    await expect(resolveIn(path)).rejects.toMatchObject({ name: 'ToolError' });
  });
});
