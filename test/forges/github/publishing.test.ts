import { afterEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../../src/forges/forge-client.ts';
import { type PublishRequest, publish } from '../../../src/forges/publish.ts';
import { changeOf, textOf } from '../../support/forge-fixture.ts';
import { createStage } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

/** Plans one more line in the file, unless it is there. */
function lineOf(writer: string): Pick<PublishRequest, 'plan' | 'wanted' | 'conflictTimeout' | 'write'> {
  return {
    wanted: (path) => path === 'a.yaml',
    conflictTimeout: 600_000,
    write: true,
    plan: ({ files }: Snapshot) => {
      const text = textOf(files[0]?.bytes) ?? '';
      return text.includes(`${writer}\n`)
        ? { kind: 'nothing' }
        : { kind: 'change', change: changeOf({ 'a.yaml': `${text}${writer}\n` }, `chore: ${writer}`) };
    },
  };
}

describe('publishing to GitHub', () => {
  it('three writers on one branch: three commits, none lost, none doubled', async () => {
    const server = await stage.server();
    const names = Array.from({ length: 3 }, (_, index) => `writer-${index}`);
    const published = await Promise.all(
      names.map(async (name) => {
        const { forge, host } = await stage.connect(server);
        return publish(forge, { host, ...lineOf(name) });
      }),
    );
    expect(new Set(published.map(({ revision }) => revision)).size).toBe(3);
    const subjects = server.repository.git('log', '--format=%s', 'main').split('\n');
    expect(subjects.toSorted()).toEqual([...names.map((name) => `chore: ${name}`), 'first'].toSorted());
    expect(server.repository.text('a.yaml').split('\n').slice(1).toSorted()).toEqual(names);
  }, 120_000);
});
