import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Forge } from '../../../src/forges/forge-client.ts';
import { createGitlabScene, type GitlabScene } from '../../support/gitlab-server-scene.ts';

let scene: GitlabScene;
beforeEach(async () => {
  scene = await createGitlabScene();
});
afterEach(() => scene.end());

function statusesOf({ statuses }: Forge) {
  if (statuses?.deployment === undefined) throw new Error('there are no statuses');
  return { ...statuses, deployment: statuses.deployment };
}

const draft = () => ({
  ...{ environment: 'production', revision: scene.repository.head(), branch: 'main', description: '' },
  environmentUrl: 'https://shop.test/',
});

describe('words about commits on GitLab', () => {
  it('are no deployment of their own in a job that is one', async () => {
    const { forge } = await scene.connect({ env: { CI_ENVIRONMENT_NAME: 'production' } });
    const { deployment } = statusesOf(forge);
    expect(await deployment.begin(draft())).toBeUndefined();
    expect(await deployment.begin({ ...draft(), environment: 'staging' })).toBeDefined();
    expect(scene.server.state.words.deployments.map(({ environment }) => environment)).toEqual(['staging']);
  });

  it('leave the address of the environment alone where it is right', async () => {
    const { forge } = await scene.connect();
    const { deployment } = statusesOf(forge);
    await deployment.begin(draft());
    await deployment.begin(draft());
    expect(scene.server.calls.filter((call) => call.includes('environments/'))).toHaveLength(1);
  });

  it('cannot be told by the token of a job, unless the job is a deployment', async () => {
    scene.server.token('glcbt-canary', { kind: 'job' });
    const env = { CI_JOB_TOKEN: 'glcbt-canary', CI_ENVIRONMENT_NAME: 'production' };
    const { forge } = await scene.connect({ token: 'glcbt-canary', env });
    const { deployment, post, list } = statusesOf(forge);
    expect(await deployment.begin(draft())).toBeUndefined();
    const refusal = { code: 'denied', hint: expect.stringContaining('DRAWBRIDGE_TOKEN') };
    const { revision } = draft();
    await expect(deployment.begin({ ...draft(), environment: 'staging' })).rejects.toMatchObject(refusal);
    await expect(post(revision, { context: 'x', state: 'pending', description: '' })).rejects.toMatchObject(refusal);
    await expect(list(revision)).rejects.toMatchObject(refusal);
  });

  it('tell the states of CI jobs as well', async () => {
    const { forge } = await scene.connect();
    const sha = scene.repository.head();
    const states = ['created', 'running', 'success', 'failed', 'canceled', 'skipped', 'manual'];
    for (const [id, status] of states.entries()) {
      scene.server.state.words.statuses.push({ id, sha, name: status, status, description: null, target_url: null });
    }
    const listed = await statusesOf(forge).list(sha);
    expect(Object.fromEntries(listed.map(({ context, state }) => [context, state]))).toEqual({
      ...{ created: 'pending', running: 'pending', success: 'success', failed: 'failure' },
      ...{ canceled: 'error', skipped: 'inactive', manual: 'inactive' },
    });
  });
});
