import { describe, expect, it } from '@jest/globals';
import { FAULTS } from '../support/fault-proxy.ts';
import { serveGitea } from '../support/gitea-served.ts';
import { SERVERS, type Served } from '../support/killed-run.ts';
import { sweep } from '../support/killed-sweep.ts';

/** A real Gitea: `test/lab/gitea.sh run` says where. It takes a quarter of an hour, so that it is asked for by FAULT_SWEEP=1. */
const { GITEA_URL, GITEA_TOKEN = '', FAULT_SWEEP } = process.env;
const isAsked = GITEA_URL !== undefined && FAULT_SWEEP === '1';
const whenGitea = isAsked ? describe : describe.skip;
const skipped = isAsked ? '' : ' (skipped: it takes long, and wants FAULT_SWEEP=1 and a Gitea at GITEA_URL)';

const SERVED: Readonly<Record<'github' | 'gitlab' | 'git' | 'gitea', () => Promise<Served>>> = {
  ...SERVERS,
  gitea: () => serveGitea({ url: GITEA_URL ?? '', token: GITEA_TOKEN }),
};

whenGitea(`a run that is broken off, and that is run again${skipped}`, () => {
  const ways = [
    ['git', 'commit'],
    ['github', 'commit'],
    ['gitlab', 'commit'],
    ['gitea', 'commit'],
    ['github', 'pull-request'],
    ['gitlab', 'pull-request'],
    ['gitea', 'pull-request'],
  ] as const;

  it.each(ways)(
    'on %s by %s, killed after each request in turn',
    async (forge, strategy) => {
      const met = await sweep({ serve: SERVED[forge], strategy, faults: ['dead-after'], at: () => true });
      console.log(`${forge} ${strategy}: killed after each of ${met} requests`);
      expect(met).toBeGreaterThan(3);
    },
    600_000,
  );

  it.each(ways)(
    'on %s by %s, each write with every fault',
    async (forge, strategy) => {
      const met = await sweep({ serve: SERVED[forge], strategy, faults: FAULTS, at: ({ isWrite }) => isWrite });
      console.log(`${forge} ${strategy}: ${met} broken writes`);
      expect(met).toBeGreaterThanOrEqual(FAULTS.length);
    },
    600_000,
  );
});
