import { afterEach, expect, it } from '@jest/globals';
import { changeOf } from '../../support/forge-fixture.ts';
import { createStage } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

it('a bump of one image in one known file takes six requests at most', async () => {
  const server = await stage.server();
  const { repository } = await stage.connect(server);
  const { revision } = await repository.head();
  await repository.readFiles((path) => path === 'a.yaml', revision);
  await repository.commit('main', changeOf({ 'a.yaml': 'image: a:2\n' }), revision);
  expect(server.requests.length + server.gitRequests.length).toBeLessThanOrEqual(6);
});
