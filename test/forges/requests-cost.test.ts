import { afterEach, describe, expect, it } from '@jest/globals';
import { createKilledStage, type KilledStage, SERVERS } from '../support/killed-run.ts';

const stages: KilledStage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

/** Names of all requests of one bump, those of Git as well. */
async function requestsOf(forge: keyof typeof SERVERS, others: number): Promise<readonly string[]> {
  const more = Array.from({ length: others }, (_, index) => [
    `apps/other-${index}/app.yaml`,
    `image: other:${index}\n`,
  ]);
  const stage = await createKilledStage(() => SERVERS[forge](Object.fromEntries(more)));
  stages.push(stage);
  expect(await stage.run('commit', { files: 'apps/shop/**' })).toMatchObject({
    exitCode: 0,
    outputs: { changed: 'true' },
  });
  return stage.proxy.requests.map(({ name }) => name.replace(/\?.*/, ''));
}

describe('what a bump of one image in a known file asks of the server', () => {
  it.each([
    ['github', 6],
    ['gitlab', 12],
    ['git', 10],
  ] as const)('%s: %i requests at most, however many files there are beside it', async (forge, most) => {
    const few = await requestsOf(forge, 0);
    expect(few.length).toBeLessThanOrEqual(most);
    expect(await requestsOf(forge, 600)).toEqual(few);
  });
});
