import { afterEach, describe, expect, it } from '@jest/globals';
import { bump } from '../../../src/commands/bump.ts';
import { connectForge } from '../../../src/forges/registry.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { type GithubServer, TOKEN } from '../../support/github-server.ts';
import { createRealHost } from '../../support/real-host.ts';
import { BRANCH, deployment, SHOP } from '../../support/request-stage.ts';
import { createStage } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

const FILES = { [SHOP]: deployment('acme/api:1.0.0') };

/** The command as a user runs it, with the forge found by its name. */
async function run(server: GithubServer, image: string, more: Readonly<Record<string, string>> = {}) {
  const host = createRealHost({ random: () => 0.5 });
  const unused = () => {
    throw new Error('not in this test');
  };
  const inputs = parseInputs('bump', {
    flags: { images: image, 'config-repository': server.url, strategy: 'pull-request', forge: 'github', ...more },
    env: { DRAWBRIDGE_TOKEN: TOKEN },
  });
  const outcome = await bump(inputs, {
    host,
    connectForge: (access, address, wanted) => connectForge(access, address, wanted),
    connectEngine: unused,
    run: unused,
  } as Parameters<typeof bump>[1]);
  expect(JSON.stringify([outcome, host.lines])).not.toContain('canary');
  return outcome;
}

describe('bump by pull request on GitHub', () => {
  it('opens one, updates the same one, and gives the revision as merged', async () => {
    const server = await stage.server({ files: FILES });
    await run(server, 'acme/api:1.1.0');
    const first = server.repository.head(BRANCH);
    server.repository.commit({ 'other.yaml': 'x\n' });
    await run(server, 'acme/api:1.2.0');
    expect(server.state.pulls).toMatchObject([{ number: 1, state: 'open', title: expect.stringContaining('1.2.0') }]);
    expect(server.repository.head(BRANCH)).not.toBe(first);
    expect(server.repository.git('log', '--format=%an', `main..${BRANCH}`)).toBe('octo');
    const outcome = await run(server, 'acme/api:1.2.0', { 'auto-merge': 'squash', 'wait-for-merge': 'true' });
    expect(outcome.outputs).toMatchObject({ merged: 'true', revision: server.repository.head() });
    expect(server.repository.text(SHOP)).toContain('acme/api:1.2.0');
    expect(server.repository.git('log', '-1', '--format=%B')).toContain('Image: ');
  });

  it('does not open again what a person closed, nor write over what a person added', async () => {
    const server = await stage.server({ files: FILES });
    await run(server, 'acme/api:1.1.0');
    server.pull(1).lastHead = server.repository.head(BRANCH);
    server.pull(1).state = 'closed';
    await run(server, 'acme/api:1.1.0');
    expect(server.state.pulls).toHaveLength(1);
    await run(server, 'acme/api:1.2.0');
    const theirs = server.repository.commit({ 'fix.txt': 'a fix\n' }, { branch: BRANCH });
    await run(server, 'acme/api:1.3.0');
    expect(server.repository.head(BRANCH)).toBe(theirs);
    expect(server.repository.text(SHOP, `${BRANCH}-2`)).toContain('acme/api:1.3.0');
  });

  it.each([/POST git\/refs/, /createCommit/, /POST pulls$/, /PUT pulls.*merge/])(
    'ends the same when the answer to %s gets lost and it is run again',
    async (when) => {
      const server = await stage.server({ files: FILES });
      server.fault({ when, cut: 'after' });
      const flags = { 'auto-merge': 'squash', 'wait-for-merge': 'true' };
      await run(server, 'acme/api:1.1.0', flags).catch((error) => expect(error).toMatchObject({ code: 'temporary' }));
      await run(server, 'acme/api:1.1.0', flags);
      expect(server.state.pulls).toMatchObject([{ state: 'closed', mergeCommit: server.repository.head() }]);
      expect(server.repository.history()).toHaveLength(2);
      expect(server.repository.text(SHOP)).toContain('acme/api:1.1.0');
    },
  );
});
