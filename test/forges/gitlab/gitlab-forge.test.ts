import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gitlabForge } from '../../../src/forges/gitlab/gitlab-forge.ts';
import type { Host } from '../../../src/host.ts';
import { changeOf, textOf } from '../../support/forge-fixture.ts';
import { createGitlabScene, draftOf, type GitlabScene, TOKEN } from '../../support/gitlab-server-scene.ts';
import { createRealHost } from '../../support/real-host.ts';

let scene: GitlabScene;
beforeEach(async () => {
  scene = await createGitlabScene();
});
afterEach(() => scene.end());

describe('the repository on GitLab', () => {
  it('reads, commits by the name of the token, and loses a race without writing', async () => {
    const { forge, host } = await scene.connect();
    const head = await forge.repository.head();
    const { files } = await forge.repository.readFiles((path) => path === 'README.md', head.revision);
    expect([head.branch, textOf(files[0]?.bytes)]).toEqual(['main', 'hello\n']);
    const made = await forge.repository.commit('main', changeOf({ 'a.txt': '1' }), head.revision);
    expect(made).toEqual({ kind: 'committed', revision: scene.repository.head() });
    const author = scene.repository.git('log', '-1', '--format=%an <%ae>', 'main');
    expect(author).toBe('Release Bot <project_7_bot@noreply.example.test>');
    const late = await forge.repository.commit('main', changeOf({ 'b.txt': '1' }), head.revision);
    expect(late.kind).toBe('conflict');
    expect(scene.repository.history()).toHaveLength(2);
    expect(host.secrets).toContain(TOKEN);
    expect(scene.server.calls.toSorted()).toEqual(['GET personal_access_tokens/self', 'GET user']);
  });

  it('a token that may only push code commits, and is told its scope for requests', async () => {
    scene.server.token('glpat-canary-writer', { scope: 'write_repository' });
    const { forge, requests } = await scene.connect({ token: 'glpat-canary-writer' });
    const { revision } = await forge.repository.head();
    const made = await forge.repository.commit('main', changeOf({ 'a.txt': '1' }), revision);
    expect(made.kind).toBe('committed');
    await expect(requests.find('drawbridge/a')).rejects.toMatchObject({
      code: 'denied',
      hint: 'Give the token the scope api.',
    });
  });

  it('tells a wrong token, a project that is not there, and a page that is not the API', async () => {
    const wrong = await scene.connect({ token: 'glpat-canary-unknown' });
    await expect(wrong.requests.find('x')).rejects.toMatchObject({ code: 'denied' });
    const url = scene.server.url.replace('config.git', 'other.git');
    const other = await scene.connect({ url });
    await expect(other.requests.find('x')).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('acme/platform/other'),
    });
    const { requests } = await scene.connect();
    scene.server.fault({ when: /^GET .*merge_requests$/, answer: { status: 200, html: '<h1>Sign in</h1>' } });
    await expect(requests.find('x')).rejects.toMatchObject({ code: 'protocol' });
  });

  it('commits by the given author', async () => {
    const author = { name: 'Ann', email: 'ann@example.test' };
    const { forge } = await scene.connect({ author });
    const { revision } = await forge.repository.head();
    await forge.repository.commit('main', changeOf({ 'a.txt': '1' }), revision);
    expect(scene.repository.git('log', '-1', '--format=%an <%ae>', 'main')).toBe('Ann <ann@example.test>');
  });

  it('gives links to its pages', async () => {
    const { forge } = await scene.connect();
    const page = `${scene.server.web}/acme/platform/config/-`;
    expect(forge.links?.commit('a1')).toBe(`${page}/commit/a1`);
    expect(forge.links?.file('a b/c#.yaml', 'a1', 3)).toBe(`${page}/blob/a1/a%20b/c%23.yaml#L3`);
    expect([forge.id, forge.words.pullRequest]).toEqual(['gitlab', 'merge request']);
  });
});

describe('a token that ends soon', () => {
  // The clock of the test host stands at 2023-11-14.
  it.each([
    ['2023-11-20', 'ends on 2023-11-20, in 6 days'],
    ['2023-11-15', 'in 1 day:'],
  ])('on %s is warned about once', async (expiresAt, text) => {
    scene.server.token(TOKEN, { expiresAt });
    const { host, requests } = await scene.connect();
    await requests.find('x');
    expect(host.lines.filter((line) => line.includes(text))).toHaveLength(1);
  });

  it.each(['2023-12-24', null])('on %s is not', async (expiresAt) => {
    scene.server.token(TOKEN, { expiresAt });
    expect((await scene.connect()).host.lines.filter((line) => line.includes('ends on'))).toEqual([]);
  });

  it('is no trouble where the server does not tell', async () => {
    scene.server.fault({ when: /self$/, answer: { status: 404, json: { message: '404 Not Found' } } });
    const { forge } = await scene.connect();
    expect((await forge.repository.head()).branch).toBe('main');
  });
});

describe('the token of a CI job', () => {
  const JOB = 'eyJhbGciOi.canary-job.c2ln';
  const env = (project: string) => ({
    GITLAB_CI: 'true',
    CI_JOB_TOKEN: JOB,
    CI_PROJECT_PATH: project,
    CI_SERVER_URL: scene.server.web,
    GITLAB_USER_NAME: 'Ann',
    GITLAB_USER_EMAIL: 'ann@example.test',
  });

  it('commits to its own project in the name of whoever started the job', async () => {
    scene.server.token(JOB, { kind: 'job' });
    const { forge } = await scene.connect({ token: JOB, env: env('acme/platform/config') });
    const { revision } = await forge.repository.head();
    const made = await forge.repository.commit('main', changeOf({ 'a.txt': '1' }), revision);
    expect(made.kind).toBe('committed');
    expect(scene.repository.git('log', '-1', '--format=%an <%ae>', 'main')).toBe('Ann <ann@example.test>');
    expect(scene.server.calls).toEqual([]);
  });

  it('is told the setting where it may not push', async () => {
    scene.server.token(JOB, { kind: 'job', role: 'reporter' });
    const { forge } = await scene.connect({ token: JOB, env: env('acme/platform/config') });
    const { revision } = await forge.repository.head();
    const commit = forge.repository.commit('main', changeOf({ 'a.txt': '1' }), revision);
    await expect(commit).rejects.toMatchObject({
      code: 'denied',
      hint: expect.stringContaining('Allow Git push requests'),
    });
  });

  it('is refused at once for requests and for another project, with the token that can', async () => {
    scene.server.token(JOB, { kind: 'job' });
    const { forge, requests } = await scene.connect({ token: JOB, env: env('acme/app') });
    const hint = expect.stringMatching(/project or group access token with the scope api and the role Developer/);
    const { revision } = await forge.repository.head();
    const commit = forge.repository.commit('main', changeOf({ 'a.txt': '1' }), revision);
    await expect(commit).rejects.toMatchObject({ code: 'denied', hint });
    await expect(forge.repository.deleteBranch('main', revision)).rejects.toMatchObject({ code: 'denied', hint });
    for (const call of [requests.find('x'), requests.open(draftOf()), requests.read(1), requests.close(1, 'x')]) {
      await expect(call).rejects.toMatchObject({ code: 'denied', hint });
    }
    expect(scene.repository.history()).toHaveLength(1);
    expect(scene.server.calls).toEqual([]);
  });

  it('does not stand in the way of an ssh key', async () => {
    const git = await scene.connect();
    const access = { host: createRealHost({ env: env('acme/app') }), token: JOB };
    const address = { kind: 'url', url: 'git@gitlab.com:acme/config.git' } as const;
    const forge = await gitlabForge.connect(address, access, async () => git.forge);
    expect(forge.repository).toBe(git.forge.repository);
    await expect(forge.requests?.find('x')).rejects.toMatchObject({ code: 'denied' });
  });

  it('is known as well where the runner wrote it into the address', async () => {
    scene.server.token(JOB, { kind: 'job' });
    const url = scene.server.url.replace('://', `://gitlab-ci-token:${JOB}@`);
    const { CI_JOB_TOKEN: _, ...rest } = env('acme/platform/config');
    const { forge, requests } = await scene.connect({ url, token: '', env: rest });
    expect((await forge.repository.head()).branch).toBe('main');
    await expect(requests.find('x')).rejects.toMatchObject({ code: 'denied' });
    const given = await scene.connect({ url, env: rest });
    expect(await given.requests.find('x')).toEqual([]);
  });
});

describe('a GitLab below a path', () => {
  it('is found by forge-url, and by the variables of the job', async () => {
    const below = await createGitlabScene({ below: '/tools/gitlab' });
    const { requests, forge } = await below.connect({ forgeUrl: `${below.server.web}/api/v4/` });
    expect(await requests.find('x')).toEqual([]);
    expect((await forge.repository.head()).branch).toBe('main');
    const inJob = await below.connect({ env: { GITLAB_CI: 'true', CI_SERVER_URL: below.server.web } });
    expect(await inJob.requests.find('x')).toEqual([]);
    await below.end();
  });
});

describe('a private certificate authority', () => {
  const FILE = '/etc/gitlab-runner/certs/ca.crt';
  const env = { CI_SERVER_URL: 'https://git.acme.test/', CI_SERVER_TLS_CA_FILE: FILE };

  it.each([
    ['is the given one', 'https://git.acme.test/a/b.git', { ca: 'GIVEN' }, 'GIVEN'],
    ['is that of the runner for its own server', 'https://git.acme.test/a/b.git', {}, 'RUNNER'],
    ['is none for another server', 'https://other.test/a/b.git', {}, undefined],
  ])('%s', async (_, url, given, expected) => {
    const base = createRealHost({ env });
    const trusted: (string | undefined)[] = [];
    const refused = { status: 403, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
    const host: Host = {
      ...base,
      files: { ...base.files, read: async (path) => (path === FILE ? Buffer.from('RUNNER') : undefined) },
      http: {
        ...base.http,
        send: async ({ ca }) => {
          trusted.push(ca);
          return refused;
        },
      },
    };
    const git = await scene.connect();
    await gitlabForge.connect({ kind: 'url', url }, { host, token: TOKEN, ...given }, async () => git.forge);
    expect(trusted).toEqual([expected, expected]);
  });
});
