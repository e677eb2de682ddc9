import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bump } from '../../../src/commands/bump.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { connectForge } from '../../../src/forges/registry.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { createGitlabScene, type GitlabScene, TOKEN } from '../../support/gitlab-server-scene.ts';
import { passPipeline } from '../../support/gitlab-server-state.ts';
import { createRealHost } from '../../support/real-host.ts';
import { BRANCH, deployment, SHOP } from '../../support/request-stage.ts';

let scene: GitlabScene;
let lines: string[];
beforeEach(async () => {
  scene = await createGitlabScene();
  scene.repository.commit({ [SHOP]: deployment('acme/api:1.0.0') });
  lines = [];
});
afterEach(() => scene.end());

/** `bump --strategy pull-request` as a user would run it. */
async function run(image: string, flags: Readonly<Record<string, string>> = {}) {
  const host = createRealHost({ random: () => 0.5 });
  const unused = () => {
    throw new Error('not in this test');
  };
  const context: CommandContext = { host, connectForge, connectEngine: unused, run: unused };
  const given = { images: image, forge: 'gitlab', strategy: 'pull-request', 'config-repository': scene.server.url };
  try {
    return await bump(
      parseInputs('bump', { flags: { ...given, ...flags }, env: { DRAWBRIDGE_TOKEN: TOKEN } }),
      context,
    );
  } finally {
    lines.push(...host.lines, ...host.started.flatMap(({ args }) => args));
  }
}

describe('a bump by merge request on GitLab', () => {
  it('is opened, updated in place, armed, and merged by itself', async () => {
    await run('acme/api:1.1.0');
    expect(scene.server.merges).toHaveLength(1);
    const [merge] = scene.server.merges;
    if (merge === undefined) throw new Error('no merge request');
    Object.assign(merge, { pipeline: 'running', statuses: ['checking', 'ci_still_running'] });
    await run('acme/api:1.2.0', { 'auto-merge': 'squash', labels: 'bump' });
    expect(scene.server.merges).toHaveLength(1);
    expect(merge).toMatchObject({ source: BRANCH, state: 'opened', labels: ['bump'] });
    expect(merge.title).toContain('1.2.0');
    expect(merge.armed).toMatchObject({ squash: true, sha: scene.repository.head(BRANCH) });
    passPipeline(scene.server.state, merge);
    expect(scene.repository.text(SHOP)).toContain('acme/api:1.2.0');
    expect(scene.repository.git('log', '-1', '--format=%B', 'main')).toContain('Image: acme/api:1.2.0');
    const again = await run('acme/api:1.2.0', { 'auto-merge': 'squash' });
    expect([again.outputs.changed, scene.server.merges.length]).toEqual(['false', 1]);
    expect(lines.join('\n')).not.toContain('canary');
  });

  it('that a person closed is not opened again', async () => {
    await run('acme/api:1.1.0');
    Object.assign(scene.server.merges[0] ?? {}, { state: 'closed', lastHead: scene.repository.head(BRANCH) });
    await run('acme/api:1.1.0');
    expect(scene.server.merges.map(({ state }) => state)).toEqual(['closed']);
  });

  it.each([0, 1])('whose answer %i is cut off ends, after another run, with one request of one commit', async (nth) => {
    scene.server.fault({ when: /^(POST|PUT) /, answer: 'cut', skip: nth });
    Object.assign(scene.server.rules, { firstStatuses: ['ci_still_running'] });
    const flags = { labels: 'bump', reviewers: 'ann' };
    await run('acme/api:1.1.0', flags).catch(() => undefined);
    await run('acme/api:1.1.0', flags);
    expect(scene.server.merges).toHaveLength(1);
    expect(scene.server.merges[0]).toMatchObject({ state: 'opened', labels: ['bump'], reviewers: [11] });
    expect(scene.repository.git('rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  });
});
