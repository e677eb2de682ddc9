import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ToolError } from '../../../src/errors.ts';
import { resolveConfigRepository } from '../../../src/forges/address.ts';
import { publish } from '../../../src/forges/publish.ts';
import { connectForge } from '../../../src/forges/registry.ts';
import { type BareRepository, git } from '../../support/bare-repository.ts';
import { changeOf, createFixture } from '../../support/forge-fixture.ts';
import { createRealHost, type RealHost, temporaryFolder } from '../../support/real-host.ts';

const fixture = createFixture();
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  folder.remove();
  await fixture.cleanUp();
});

const CHANGE = changeOf({ 'a.yaml': 'image: a:2\n' }, 'chore: bump');

/** The whole of what a bump does, from the address to the commit. */
async function bump(host: RealHost, text: string | undefined, token?: string) {
  const address = await resolveConfigRepository(host, text);
  const forge = await connectForge({ host, ...(token === undefined ? {} : { token }) }, address);
  const plan = () => ({ kind: 'change', change: CHANGE }) as const;
  try {
    const request = { host, wanted: () => true, plan, conflictTimeout: 1_000, write: true };
    const published = await publish(forge, request);
    await forge.repository.log({ from: published.revision, limit: 5, trailers: ['Image'] });
    await forge.repository.relation(published.revision, published.snapshot.revision);
    return published;
  } finally {
    await forge.close();
  }
}

describe('a hostile repository', () => {
  const canary = () => join(folder.path, 'canary');
  const touch = () => `touch '${canary()}'`;

  function hostileRepository(): BareRepository {
    const repository = fixture.repository({
      'a.yaml': 'image: a:1\n',
      '.gitattributes': '* filter=evil diff=evil merge=evil export-subst\n*.yaml filter=lfs\n',
      '.gitmodules': `[submodule "x"]\n\tpath = module\n\turl = ext::sh -c ${touch()}\n\tupdate = !${touch()}\n`,
      module: { mode: '160000', text: 'a'.repeat(40) },
      '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:1/\n',
      '.githooks/pre-push': { mode: '100755', text: `#!/bin/sh\n${touch()}\n` },
      escape: { mode: '120000', text: '/etc' },
    });
    repository.git('config', 'uploadpack.packObjectsHook', touch());
    return repository;
  }

  /** Everything in a checkout's own configuration and hooks that Git would run there. */
  function hostileCheckout(repository: BareRepository): string {
    git(folder.path, ['clone', '--quiet', '--no-checkout', repository.path, 'checkout']);
    const path = join(folder.path, 'checkout');
    const settings = {
      'core.fsmonitor': touch(),
      'core.hooksPath': join(path, '.git/hooks'),
      'core.sshCommand': touch(),
      'core.gitProxy': touch(),
      'core.askPass': touch(),
      'core.editor': touch(),
      'core.pager': touch(),
      'credential.helper': `!${touch()}`,
      'filter.evil.clean': touch(),
      'filter.evil.smudge': touch(),
      'diff.evil.textconv': touch(),
      'remote.origin.uploadpack': touch(),
      'remote.origin.receivepack': touch(),
      'gpg.program': touch(),
      'commit.gpgSign': 'true',
      'include.path': join(folder.path, 'included'),
    };
    for (const [key, value] of Object.entries(settings))
      execFileSync('git', ['config', '--file', `${path}/.git/config`, key, value]);
    writeFileSync(join(folder.path, 'included'), '[remote "origin"]\n\turl = ext::sh\n');
    for (const hook of ['pre-push', 'post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc']) {
      writeFileSync(join(path, '.git/hooks', hook), `#!/bin/sh\n${touch()}\n`);
      chmodSync(join(path, '.git/hooks', hook), 0o755);
    }
    return path;
  }

  it('has none of its hooks, filters, monitors, helpers and submodules run', async () => {
    const repository = hostileRepository();
    const workingDirectory = hostileCheckout(repository);
    const env = {
      GIT_DIR: join(workingDirectory, '.git'),
      GIT_SSH: touch(),
      GIT_EXTERNAL_DIFF: touch(),
      GIT_CONFIG_PARAMETERS: `'core.hooksPath=${workingDirectory}/.git/hooks'`,
      GIT_EXEC_PATH: folder.path,
      GIT_TEMPLATE_DIR: join(workingDirectory, '.git'),
      GIT_ASKPASS: touch(),
      SSH_ASKPASS: touch(),
      EDITOR: touch(),
      PAGER: touch(),
    };
    const host = createRealHost({ workingDirectory, env });
    const published = await bump(host, undefined);
    expect(published.revision).toBe(repository.head());
    expect(existsSync(canary())).toBe(false);
    expect(repository.git('diff', '--name-only', 'main~1', 'main')).toBe('a.yaml');
    expect(repository.git('ls-tree', 'main', 'module', 'escape').split('\n')).toHaveLength(2);
  });

  it('the canary does sing where Git works in that checkout', () => {
    const path = hostileCheckout(hostileRepository());
    try {
      execFileSync('git', ['status'], { cwd: path, stdio: 'ignore' });
    } catch {
      // Only what it ran on the way matters.
    }
    expect(existsSync(canary())).toBe(true);
  });

  it('no process gets an argument or a variable that was not foreseen', async () => {
    const repository = hostileRepository();
    const host = createRealHost({
      workingDirectory: hostileCheckout(repository),
      env: { SECRET: 'x', GIT_TRACE: '1', LANG: 'de_DE' },
    });
    let home = '';
    host.beforeProcess = () => {
      home = host.started.at(-1)?.env.HOME ?? '';
      if (existsSync(home)) expect(readdirSync(home)).toEqual([]);
    };
    await bump(host, undefined);
    expect(home).not.toBe('');
    for (const { program, args, env } of host.started) {
      expect(program).toBe('git');
      expect(args.join(' ')).toContain('-c core.hooksPath=/dev/null -c core.fsmonitor=false');
      expect(args).toContain('protocol.allow=never');
      const names = [
        'GIT_ATTR_NOSYSTEM',
        'GIT_CEILING_DIRECTORIES',
        'GIT_CONFIG_GLOBAL',
        'GIT_CONFIG_NOSYSTEM',
        'GIT_TERMINAL_PROMPT',
      ];
      expect(Object.keys(env).sort()).toEqual([...names, 'HOME', 'LC_ALL', 'PATH', 'XDG_CONFIG_HOME']);
    }
  });
});

describe("the user's checkout", () => {
  it('is exactly as it was', async () => {
    const repository = fixture.repository({ 'a.yaml': 'image: a:1\n', 'b.yaml': 'b\n' });
    git(folder.path, ['clone', '--quiet', repository.path, 'checkout']);
    const path = join(folder.path, 'checkout');
    writeFileSync(join(path, 'b.yaml'), 'not committed\n');
    writeFileSync(join(path, 'new.yaml'), 'not known\n');
    git(path, ['add', 'b.yaml']);
    git(path, ['checkout', '--quiet', '--detach']);
    const before = everyFile(path);
    await bump(createRealHost({ workingDirectory: path }), undefined);
    expect(everyFile(path)).toEqual(before);
    expect(repository.history()).toHaveLength(2);
  });
});

describe('a token', () => {
  const TOKEN = 'canary/+token&0123456789';
  const forms = [
    TOKEN,
    encodeURIComponent(TOKEN),
    Buffer.from(TOKEN).toString('base64'),
    Buffer.from(`x-access-token:${TOKEN}`).toString('base64'),
  ];

  function expectNoToken(text: string): void {
    for (const form of forms) expect(text).not.toContain(form);
  }

  it.each(['token', 'url'])('given as %s stands in the environment of network processes only', async (way) => {
    const repository = fixture.repository({ 'a.yaml': 'image: a:1\n' });
    const server = await fixture.server(repository, { password: TOKEN });
    const url = way === 'url' ? server.url.replace('//', `//x-access-token:${encodeURIComponent(TOKEN)}@`) : server.url;
    const host = createRealHost();
    host.beforeProcess = () => {
      for (const left of host.leftOver())
        for (const file of readableFiles(left)) expectNoToken(readFileSync(file, 'latin1'));
    };
    const published = await bump(host, url, way === 'token' ? TOKEN : undefined);
    expect(published.revision).toBe(repository.head());
    let withToken = 0;
    for (const { args, env, result } of host.started) {
      expectNoToken(args.join('\n'));
      expectNoToken(`${Buffer.from(result?.stdout ?? '').toString('latin1')}${result?.stderr}`);
      const carriers = Object.entries(env).filter(([, value]) => forms.some((form) => value.includes(form)));
      const network = args.some((arg) => ['ls-remote', 'fetch', 'push'].includes(arg));
      expect(carriers.map(([name]) => name)).toEqual(network ? ['GIT_CONFIG_VALUE_0'] : []);
      if (network) expect(env.GIT_CONFIG_KEY_0).toBe(`http.${server.origin}/.extraHeader`);
      withToken += carriers.length;
    }
    expect(withToken).toBeGreaterThan(3);
    expectNoToken(host.lines.join('\n'));
    expect(host.secrets).toEqual(expect.arrayContaining([TOKEN, forms.at(-1)]));
  });

  it('appears in no error, and in no location', async () => {
    const repository = fixture.repository();
    repository.hook('pre-receive', 'env >&2; exit 1');
    const server = await fixture.server(repository, { password: 'another-password' });
    const url = server.url.replace('//', `//x-access-token:${encodeURIComponent(TOKEN)}@`);
    const { forge, host } = await fixture.connect(url);
    const errors: unknown[] = [await forge.repository.head().catch((reason: unknown) => reason)];
    for (const status of [401, 403, 404, 500, 301]) {
      server.fault({ when: /./, status, times: 5, body: `you sent ${TOKEN}` });
      errors.push(await forge.repository.readFiles(() => true, repository.head()).catch((reason: unknown) => reason));
    }
    expectNoToken(forge.location + host.lines.join('\n'));
    for (const error of errors) {
      expect(error).toBeInstanceOf(ToolError);
      const { message, hint, problems } = error as ToolError;
      expectNoToken([message, hint, ...problems].join('\n'));
    }
  });

  it('that is empty is none: what stands in the address is used', async () => {
    const repository = fixture.repository({ 'a.yaml': 'image: a:1\n' });
    const server = await fixture.server(repository, { user: 'gitlab-ci-token', password: TOKEN });
    const url = server.url.replace('//', `//gitlab-ci-token:${encodeURIComponent(TOKEN)}@`);
    const { forge } = await fixture.connect(url, { token: '' });
    expect((await forge.repository.head()).revision).toBe(repository.head());
  });

  it('goes to the host that the address names as the job token that it is', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository, { user: 'gitlab-ci-token', password: TOKEN });
    const env = { CI_JOB_TOKEN: TOKEN };
    const { forge } = await fixture.connect(server.url, { token: TOKEN, env });
    expect((await forge.repository.head()).revision).toBe(repository.head());
  });

  it("of the runner in a checkout's address gives way to one that was given", async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository, { password: TOKEN });
    const { forge } = await fixture.connect(server.url.replace('//', '//gitlab-ci-token:job-token-of-the-runner@'), {
      token: TOKEN,
    });
    expect((await forge.repository.head()).revision).toBe(repository.head());
  });
});

describe('ssh', () => {
  it("uses the user's own command, agent and home, and no token", async () => {
    const repository = fixture.repository({ 'a.yaml': 'image: a:1\n' });
    const script = join(folder.path, 'ssh');
    // Stands in for ssh: runs the command that it is given on this machine.
    writeFileSync(
      script,
      `#!/bin/sh\nenv > '${folder.path}/env'\necho "$@" > '${folder.path}/args'\nfor last; do :; done\nexec sh -c "$last"\n`,
    );
    chmodSync(script, 0o755);
    const env = { GIT_SSH_COMMAND: script, SSH_AUTH_SOCK: '/agent', HOME: folder.path };
    const host = createRealHost({ env });
    const published = await bump(host, `git@host.test:${repository.path}`, 'a-token-for-https');
    expect(published.revision).toBe(repository.head());
    expect(readFileSync(join(folder.path, 'args'), 'utf8')).toMatch(
      /^(-o SendEnv=GIT_PROTOCOL )?git@host\.test git-upload-pack '/,
    );
    const seen = readFileSync(join(folder.path, 'env'), 'utf8');
    expect(seen).toContain(`HOME=${folder.path}\n`);
    expect(seen).toContain('SSH_AUTH_SOCK=/agent\n');
    expect(JSON.stringify(host.started)).not.toContain('a-token-for-https');
  });
});

describe('a run that is cancelled', () => {
  it.each(['fetch', 'cat-file', 'fast-import'])('at %s leaves no folder, no process and no commit', async (command) => {
    const repository = fixture.repository({ 'a.yaml': 'image: a:1\n' });
    const server = await fixture.server(repository);
    const abort = new AbortController();
    const reason = new ToolError('interrupted', 'Cancelled.');
    const host = createRealHost({ signal: abort.signal });
    host.beforeProcess = (args) => {
      if (args.includes(command)) setImmediate(() => abort.abort(reason));
    };
    await expect(bump(host, server.url)).rejects.toBe(reason);
    expect(host.leftOver()).toEqual([]);
    expect(processesOf(server.origin)).toEqual([]);
    expect(repository.history()).toHaveLength(1);
  });

  it('while a server keeps it waiting ends at once', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository);
    const abort = new AbortController();
    const reason = new ToolError('terminated', 'Ended.');
    server.fault({ when: /./, before: () => new Promise(() => abort.abort(reason)) });
    const host = createRealHost({ signal: abort.signal });
    await expect(bump(host, server.url)).rejects.toBe(reason);
    expect(host.leftOver()).toEqual([]);
    expect(processesOf(server.origin)).toEqual([]);
  });

  it('while it pushes lets the push end, so that the outcome is known', async () => {
    const repository = fixture.repository({ 'a.yaml': 'image: a:1\n' });
    const server = await fixture.server(repository);
    const abort = new AbortController();
    const clock = await patientClock();
    const { forge } = await fixture.connect(server.url, { signal: abort.signal, clock });
    const head = await forge.repository.head();
    server.fault({
      when: /POST .*receive-pack/,
      before: () => abort.abort(new ToolError('interrupted', 'Cancelled.')),
    });
    const result = await forge.repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'committed', revision: repository.head() });
  });

  it('before it pushes sends nothing', async () => {
    const repository = fixture.repository({ 'a.yaml': 'image: a:1\n' });
    const server = await fixture.server(repository);
    const abort = new AbortController();
    const reason = new ToolError('interrupted', 'Cancelled.');
    const { forge, host } = await fixture.connect(server.url, { signal: abort.signal });
    const head = await forge.repository.head();
    host.afterProcess = (args) => {
      if (args.includes('fast-import')) abort.abort(reason);
    };
    await expect(forge.repository.commit('main', CHANGE, head.revision)).rejects.toBe(reason);
    expect(server.requests.join('\n')).not.toContain('receive-pack');
  });
});

/** A clock whose long sleeps never end by themselves: only the signal ends them. */
async function patientClock() {
  const { systemClock } = await import('../../../src/host/clock.ts');
  return { ...systemClock, sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(60_000, signal) };
}

function processesOf(text: string): string[] {
  const found = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return found.filter((line) => line.includes(text) && !line.startsWith('ps '));
}

function readableFiles(path: string): string[] {
  return (readdirSync(path, { recursive: true }) as string[])
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

function everyFile(path: string): Record<string, string> {
  mkdirSync(path, { recursive: true });
  return Object.fromEntries(
    readableFiles(path).map((file) => [file, `${statSync(file).mtimeMs} ${readFileSync(file, 'base64')}`]),
  );
}
