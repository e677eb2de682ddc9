import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isOnGithub, placeOf } from '../../../src/forges/github/place.ts';
import { connectForge } from '../../../src/forges/registry.ts';
import { changeOf } from '../../support/forge-fixture.ts';
import { createRealHost, skippingClock } from '../../support/real-host.ts';
import { createStage, proposed } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

const url = (text: string) => ({ kind: 'url', url: text }) as const;

describe('where a repository on GitHub is', () => {
  it.each([
    ['https://github.com/acme/config.git', undefined, 'https://api.github.com', 'https://github.com'],
    ['git@github.com:acme/config.git', undefined, 'https://api.github.com', 'https://github.com'],
    ['ssh://git@ssh.github.com:443/acme/config', undefined, 'https://api.github.com', 'https://github.com'],
    ['https://acme.ghe.com/acme/config', undefined, 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://git.example.test/acme/config', undefined, 'https://git.example.test/api/v3', 'https://git.example.test'],
    [
      'ssh://git@git.example.test:2222/acme/config.git',
      undefined,
      'https://git.example.test/api/v3',
      'https://git.example.test',
    ],
    [
      'git@alias:acme/config.git',
      'https://git.example.test/api/v3/',
      'https://git.example.test/api/v3',
      'https://git.example.test',
    ],
    ['http://127.0.0.1:81/acme/config', undefined, 'http://127.0.0.1:81/api/v3', 'http://127.0.0.1:81'],
  ])('%s with %s', (address, forgeUrl, api, web) => {
    expect(placeOf(url(address), forgeUrl)).toEqual({ api, web, owner: 'acme', name: 'config' });
  });

  it.each(['https://github.com/acme', 'https://github.com/a/b/c', 'file:///srv/acme/config'])('not %s', (address) => {
    expect(() => placeOf(url(address))).toThrow(/github needs the address/);
  });

  it('is certain of github.com, of its tenants, and of the server of its own job', () => {
    const job = { GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://git.example.test' };
    expect(isOnGithub(url('git@github.com:acme/config'), {})).toBe(true);
    expect(isOnGithub(url('https://acme.ghe.com/acme/config'), {})).toBe(true);
    expect(isOnGithub(url('https://github.com.example.test/acme/config'), {})).toBe(false);
    expect(isOnGithub(url('https://git.example.test/acme/config'), {})).toBe(false);
    expect(isOnGithub(url('https://git.example.test/acme/config'), job)).toBe(true);
    expect(isOnGithub(url('https://git.example.test/acme/config'), { ...job, GITEA_ACTIONS: 'true' })).toBe(false);
    expect(isOnGithub({ kind: 'path', path: '/srv' }, job)).toBe(false);
  });

  it('is the forge that github.com gets by itself, with links and no request sent', async () => {
    const host = createRealHost();
    const forge = await connectForge({ host, token: 'github_pat_x' }, url('https://github.com/acme/config'));
    expect([forge.id, forge.location, host.started]).toEqual(['github', 'https://github.com/acme/config', []]);
    expect(forge.links?.file('a b/#.yaml', 'abc', 3)).toBe('https://github.com/acme/config/blob/abc/a%20b/%23.yaml#L3');
    expect(forge.links?.commit('abc')).toBe('https://github.com/acme/config/commit/abc');
    await forge.close();
  });
});

describe('a GitHub App', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const HOUR = 3_600_000;

  it('acts with a token for the one repository, made anew before it expires, and hidden', async () => {
    const clock = skippingClock();
    const server = await stage.server({ app: { id: 'Iv1.x', key: publicKey, lifetime: HOUR, now: clock.now } });
    const { repository, requests, host } = await stage.connect(server, {
      app: { id: 'Iv1.x', privateKey: pem },
      clock,
    });
    const { revision } = await repository.head();
    const made = await repository.commit('main', changeOf({ 'a.yaml': 'image: a:2\n' }), revision);
    expect(made.kind).toBe('committed');
    const minted = () => server.requests.filter((name) => name.includes('access_tokens')).length;
    expect(minted()).toBe(1);
    const [old] = [...server.state.tokens.keys()].filter((token) => token.startsWith('ghs_'));
    server.state.tokens.delete(old ?? '');
    await clock.sleep(HOUR - 4 * 60_000);
    expect((await repository.head()).revision).toBe(server.repository.head());
    await proposed(server, requests);
    expect(minted()).toBe(2);
    const seen = JSON.stringify([host.lines, host.started.map(({ args }) => args)]);
    for (const secret of ['canary', pem.slice(100, 140)]) expect(seen).not.toContain(secret);
    expect(host.secrets.filter((secret) => secret.startsWith('ghs_')).length).toBeGreaterThanOrEqual(2);
  });

  it('commits as its bot also where Git does it', async () => {
    const clock = skippingClock();
    const server = await stage.server({ app: { id: '1', key: publicKey, lifetime: HOUR, now: clock.now } });
    const { repository } = await stage.connect(server, { app: { id: '1', privateKey: pem }, clock });
    const { revision } = await repository.head();
    await repository.commit('main', changeOf({ 'b.yaml': 'b\n' }, 'title\nbody'), revision);
    expect(server.repository.git('log', '-1', '--format=%an <%ae>')).toBe(
      'bump[bot] <77+bump[bot]@users.noreply.github.com>',
    );
  });

  it('is not taken for the token of a job', async () => {
    const clock = skippingClock();
    const server = await stage.server({ app: { id: '1', key: publicKey, lifetime: HOUR, now: clock.now } });
    server.state.rules.protectedBranches.set('main', 'GH006: Protected branch update failed');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/shop' };
    const { repository } = await stage.connect(server, { app: { id: '1', privateKey: pem }, clock, env });
    const commit = repository.commit('main', changeOf({ 'b.yaml': 'b\n' }), server.repository.head());
    await expect(commit).rejects.toMatchObject({ code: 'denied', hint: expect.stringContaining('bypass list') });
  });

  it('says what is wrong with the key, the id, or the installation', async () => {
    const clock = skippingClock();
    const server = await stage.server({ app: { id: '1', key: publicKey, lifetime: HOUR, now: clock.now } });
    const broken = stage.connect(server, { app: { id: '1', privateKey: 'no key' }, clock });
    await expect(broken).rejects.toMatchObject({ code: 'input', message: expect.not.stringContaining('no key') });
    const wrong = stage.connect(server, { app: { id: '2', privateKey: pem }, clock });
    await expect(wrong).rejects.toMatchObject({ code: 'denied' });
    server.fault({ when: /GET installation/, status: 404, json: { message: 'Not Found' } });
    const absent = stage.connect(server, { app: { id: '1', privateKey: pem }, clock });
    await expect(absent).rejects.toMatchObject({ code: 'missing', hint: expect.stringContaining('Install it') });
  });
});

describe('the token of a job', () => {
  const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/shop', GITHUB_SERVER_URL: 'https://github.com' };

  it('that cannot reach another repository gets the sentence that helps', async () => {
    const server = await stage.server();
    const { repository, requests } = await stage.connect(server, { env, token: 'ghs_canary_of_a_job' });
    const failure = {
      code: 'denied',
      hint: expect.stringMatching(/only its own repository, acme\/shop.*acme\/config/s),
    };
    await expect(repository.head()).rejects.toMatchObject(failure);
    await expect(requests.find('x')).rejects.toMatchObject(failure);
  });

  it('gets no such sentence for a branch that is not there', async () => {
    const server = await stage.server();
    server.state.tokens.set('ghs_canary_of_an_app', { login: 'bump[bot]', id: 7, canWrite: true });
    const { repository } = await stage.connect(server, { env, token: 'ghs_canary_of_an_app' });
    await expect(repository.head('none')).rejects.toMatchObject({ code: 'missing', hint: 'It has main.' });
  });

  it('commits as the bot of Actions where Git does it', async () => {
    const server = await stage.server();
    server.state.tokens.set('ghs_canary_own', { login: 'github-actions[bot]', id: 41898282, canWrite: true });
    const own = { ...env, GITHUB_REPOSITORY: 'Acme/config' };
    const { repository } = await stage.connect(server, { env: own, token: 'ghs_canary_own' });
    const { revision } = await repository.head();
    await repository.commit('main', changeOf({ 'b.yaml': 'b\n' }, 'title\nbody'), revision);
    expect(server.repository.git('log', '-1', '--format=%an')).toBe('github-actions[bot]');
    expect(server.requests.filter((name) => name.includes('viewer'))).toEqual([]);
  });
});

describe('a server that is not GitHub', () => {
  it.each([
    ['a login page', { status: 200, headers: { 'content-type': 'text/html' }, json: 'log in' }, 'protocol'],
    [
      'a redirect',
      { status: 301, headers: { location: 'http://127.0.0.1:1/' }, json: { message: 'Moved Permanently' } },
      'missing',
    ],
    ['nonsense to GraphQL', { status: 200, json: 'hello' }, 'protocol'],
  ] as const)('with %s is told', async (what, fault, code) => {
    const server = await stage.server();
    const { requests, repository } = await stage.connect(server);
    const { revision } = await repository.head();
    if (what.includes('GraphQL')) {
      server.fault({ when: /graphql/, ...fault });
      const commit = repository.commit('main', changeOf({ 'b.yaml': 'b\n' }), revision);
      await expect(commit).rejects.toMatchObject({ code });
      return;
    }
    server.fault({ when: /GET pulls/, ...fault });
    await expect(requests.read(1)).rejects.toMatchObject({ code });
  });
});
