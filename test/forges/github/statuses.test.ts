import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Forge } from '../../../src/forges/forge-client.ts';
import type { GithubServer } from '../../support/github-server.ts';
import { skippingClock } from '../../support/real-host.ts';
import { createStage } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

function statusesOf({ statuses }: Forge) {
  if (statuses?.deployment === undefined) throw new Error('there are no statuses');
  return { ...statuses, deployment: statuses.deployment };
}

async function scene(options: Parameters<typeof stage.connect>[1] = {}) {
  const server = await stage.server();
  const { forge, host } = await stage.connect(server, options);
  return { server, host, at: server.repository.head(), words: server.state.words, ...statusesOf(forge) };
}

const checkOf = (sha: string, name: string, conclusion: string | null) =>
  ({ sha, name, status: conclusion === null ? 'in_progress' : 'completed', conclusion, title: null }) as const;

describe('statuses on GitHub', () => {
  it('are those of the API of statuses, check runs, and deployments', async () => {
    const { words, at, list, server } = await scene();
    words.statuses.push({ sha: at, context: 'flux', state: 'success', description: 'good', url: null });
    words.checks.push(checkOf(at, 'test', 'timed_out'), checkOf(at, 'lint', 'skipped'), checkOf(at, 'build', null));
    words.checks.push(checkOf(at, 'odd', 'action_required'));
    const texts = { description: '', environmentUrl: 'https://shop.test/', logUrl: '' };
    const states = ['in_progress', 'success'].map((state) => ({ state, ...texts }));
    words.deployments.push({ id: 1, sha: at, environment: 'eu', description: '', statuses: [] });
    words.deployments.push({ id: 2, sha: at, environment: 'eu', description: '', statuses: states });
    words.deployments.push({ id: 3, sha: at, environment: 'us', description: '', statuses: [] });
    const link = (name: string) => `${server.origin}/runs/${name}`;
    expect(await list(at)).toEqual([
      { kind: 'status', context: 'flux', state: 'success', description: 'good' },
      { kind: 'check', context: 'test', state: 'failure', description: 'timed_out', url: link('test') },
      { kind: 'check', context: 'lint', state: 'inactive', description: 'skipped', url: link('lint') },
      { kind: 'check', context: 'build', state: 'pending', description: 'in_progress', url: link('build') },
      { kind: 'check', context: 'odd', state: 'error', description: 'action_required', url: link('odd') },
      { kind: 'deployment', context: 'us', state: 'pending', description: 'queued' },
      { kind: 'deployment', context: 'eu', state: 'success', description: 'success', url: 'https://shop.test/' },
    ]);
  });

  it('are read over many pages of check runs', async () => {
    const { words, at, list } = await scene();
    for (let number = 0; number < 230; number++) words.checks.push(checkOf(at, `check ${number}`, 'success'));
    expect(await list(at)).toHaveLength(230);
  });

  it('are read as far as the token may, and what it may not is told once', async () => {
    const { words, at, list, host } = await scene();
    words.withheld.add('checks: read').add('deployments: read');
    words.statuses.push({ sha: at, context: 'flux', state: 'success', description: null, url: null });
    expect(await list(at)).toHaveLength(1);
    expect(await list(at)).toHaveLength(1);
    expect(host.lines.filter((line) => line.includes('are left out'))).toEqual([
      expect.stringContaining('permissions: checks: read'),
      expect.stringContaining('permissions: deployments: read'),
    ]);
    words.withheld.add('statuses: read');
    await expect(list(at)).rejects.toMatchObject({ code: 'denied', hint: expect.stringContaining('statuses: read') });
  });

  it('are told by an app with a token of its own, that may do what the app may', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const clock = skippingClock();
    const key = { id: 'Iv1.x', key: publicKey, lifetime: 3_600_000, now: clock.now };
    const server = await stage.server({ app: key });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const { forge } = await stage.connect(server, { app: { id: 'Iv1.x', privateKey: pem }, clock });
    const at = server.repository.head();
    await statusesOf(forge).post(at, { context: 'gate', state: 'success', description: '' });
    expect(server.state.words.statuses).toMatchObject([{ context: 'gate', state: 'success' }]);
    expect(server.requests.filter((name) => name.includes('access_tokens'))).toHaveLength(2);
  });

  it('say of a job token that it reaches another repository only', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/app' };
    const server = await stage.server();
    server.state.tokens.set('ghs_canary_job', { login: 'job', id: 3, canWrite: false });
    const { forge } = await stage.connect(server, { token: 'ghs_canary_job', env });
    const draft = { context: 'gate', state: 'pending', description: '' } as const;
    const hint = expect.stringMatching(/only its own repository, acme\/app.*Commit statuses and Deployments/);
    const { post, deployment } = statusesOf(forge);
    await expect(post(server.repository.head(), draft)).rejects.toMatchObject({ code: 'denied', hint });
    await expect(deployment.begin(draftAt(server))).rejects.toMatchObject({ code: 'denied', hint });
  });
});

function draftAt({ repository }: GithubServer) {
  return { environment: 'eu', revision: repository.head(), branch: 'main', description: 'Drawbridge waits' };
}

describe('deployments on GitHub', () => {
  it('are found again when the answer to their making got lost', async () => {
    const { server, words, deployment } = await scene();
    server.fault({ when: /^POST deployments$/, cut: 'after' });
    const id = await deployment.begin(draftAt(server));
    expect(words.deployments.map((one) => String(one.id))).toEqual([id]);
    expect(words.deployments[0]?.statuses.map(({ state }) => state)).toEqual(['in_progress']);
  });

  it('are not made twice where nothing tells that one was', async () => {
    const { server, words, deployment } = await scene();
    server.fault({ when: /^POST deployments$/, cut: 'before' });
    await expect(deployment.begin(draftAt(server))).rejects.toMatchObject({ code: 'temporary' });
    expect(words.deployments).toEqual([]);
  });

  it('make an earlier success of the environment inactive by their own', async () => {
    const { server, words, deployment } = await scene();
    for (const _ of [1, 2]) {
      const id = (await deployment.begin(draftAt(server))) ?? '';
      await deployment.update(id, 'success', draftAt(server));
    }
    const last = words.deployments.map(({ statuses }) => statuses.at(-1)?.state);
    expect(last).toEqual(['inactive', 'success']);
  });
});
