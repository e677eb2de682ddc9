import { describe, expect, it } from '@jest/globals';
import { createGiteaStage, isGiteaThere, scopedToken } from '../support/gitea-stage.ts';
import { deployment, SHOP } from '../support/request-stage.ts';
import { describeForge } from './contract.ts';
import { runBump } from './contract-stage.ts';

/** A real Gitea: `test/lab/gitea.sh run npm test`. */
if (isGiteaThere) {
  describeForge('a real Gitea', createGiteaStage);
  describe('a token of the owner on a real Gitea', describeScopes);
} else {
  describe('a real Gitea', () =>
    it.skip('the contract of all forges (skipped: GITEA_URL does not say where one is)', () => undefined));
}

function describeScopes(): void {
  it.each([
    [['read:repository'], { code: 'denied', hint: expect.stringMatching(/the scope write:repository/) }],
    [['write:issue', 'read:repository'], { code: 'denied', hint: expect.stringMatching(/the scope write:repository/) }],
    [['write:repository'], undefined],
    [['write:repository', 'write:issue'], undefined],
  ])('of the scopes %j opens a request, or says which it lacks', async (scopes, failure) => {
    const plain = await createGiteaStage({ [SHOP]: deployment('acme/api:1.0.0') });
    const stage = { ...plain, tokens: { ...plain.tokens, writer: await scopedToken(scopes) } };
    const bumped = runBump(stage, 'acme/api:1.1.0', { strategy: 'pull-request', labels: 'bump' });
    if (failure !== undefined) await expect(bumped).rejects.toMatchObject(failure);
    else {
      const { host } = await bumped;
      const mayLabel = scopes.includes('write:issue');
      expect(host.lines.join('\n').includes('The labels bump could not be set')).toBe(!mayLabel);
      expect(await stage.requests?.all()).toMatchObject([{ state: 'open', labels: mayLabel ? ['bump'] : [] }]);
    }
    await plain.end();
  });
}
