import { describe, expect, it } from '@jest/globals';
import { SERVERS } from '../support/killed-run.ts';
import { sweep } from '../support/killed-sweep.ts';

/** Every request and every fault: `requests-killed.lab.test.ts`. */
describe('a run whose every write is broken off, and that is run again', () => {
  it.each([
    ['github', 'commit', ['502-after', 'dead-after']],
    ['github', 'pull-request', ['dead-after']],
    ['gitlab', 'commit', ['502-after', 'dead-after']],
    ['gitlab', 'pull-request', ['dead-after']],
    ['git', 'commit', ['cut-before', '502-after', 'dead-after']],
  ] as const)(
    'on %s by %s: nothing lost, nothing doubled, no success that is none',
    async (forge, strategy, faults) => {
      const met = await sweep({ serve: () => SERVERS[forge](), strategy, faults, at: ({ isWrite }) => isWrite });
      expect(met).toBeGreaterThanOrEqual(faults.length);
    },
    120_000,
  );
});
