import { afterEach, describe, expect, it } from '@jest/globals';
import { parseMarker } from '../../src/forges/request-marker.ts';
import { tipOf } from '../support/memory-repository.ts';
import {
  another,
  BRANCH,
  createStage,
  deployment,
  SHOP,
  type Stage,
  type StageOptions,
} from '../support/request-stage.ts';

const made: Stage[] = [];
function stage(options: StageOptions = {}): Stage {
  const one = createStage(options);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const { bare } of made.splice(0)) bare.remove();
});

const branches = ({ bare }: Stage) => bare.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
const states = ({ memory }: Stage) => memory.requests.map(({ number, state }) => `${number} ${state}`).sort();
const commitsOn = ({ bare }: Stage, branch: string) => Number(bare.git('rev-list', '--count', `main..${branch}`));
const containers = (...images: string[]) => deployment(...images).trimEnd();

describe('a race', () => {
  it('of two runs with the same values makes one branch, one request, one commit', async () => {
    const one = stage();
    const outcomes = await Promise.all([one.bump('acme/api:1.1.0'), another(one).bump('acme/api:1.1.0')]);
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect([states(one), commitsOn(one, BRANCH), branches(one)]).toEqual([['1 open'], 1, [BRANCH, 'main']]);
  });

  it('of eight runs with eight images loses none', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `acme/app${index}`);
    const one = stage({ files: { [SHOP]: deployment(...names.map((name) => `${name}:1.0.0`)) } });
    const runs = names.map((name) => another(one).bump(`${name}:2.0.0`, { 'conflict-timeout': '1h' }));
    expect((await Promise.all(runs)).map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
    expect([states(one), commitsOn(one, BRANCH), branches(one)]).toEqual([['1 open'], 1, [BRANCH, 'main']]);
    expect(one.bare.text(SHOP, BRANCH)).toBe(containers(...names.map((name) => `${name}:2.0.0`)));
    expect(parseMarker(one.memory.requests[0]?.body ?? '')).toMatchObject({
      values: names.map((name) => `${name}:2.0.0`),
      head: one.bare.head(BRANCH),
    });
  });

  it('with a person who pushes right before our commit keeps their commit', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    let theirs = '';
    one.memory.beforeCall = (_, name) => {
      if (name === 'commit' && theirs === '') theirs = one.memory.people.push(BRANCH, { 'fix.txt': 'x\n' });
    };
    const { outputs } = await one.bump('acme/api:1.2.0');
    expect([one.bare.head(BRANCH), outputs.branch]).toEqual([theirs, `${BRANCH}-2`]);
  });

  it('that is lost to a newer version ends without taking it back, and its description is the right one', async () => {
    const one = stage();
    let raced = false;
    one.memory.beforeCall = async (_, name) => {
      if (name !== 'open' || raced) return;
      raced = true;
      await another(one).bump('acme/api:1.3.0');
    };
    await expect(one.bump('acme/api:1.2.0')).rejects.toMatchObject({ code: 'data' });
    const [request] = one.memory.requests;
    expect([states(one), commitsOn(one, BRANCH)]).toEqual([['1 open'], 1]);
    expect(request?.title).toContain('1.3.0');
    expect(request?.body).not.toContain('1.2.0');
    expect(parseMarker(request?.body ?? '')?.head).toBe(one.bare.head(BRANCH));
  });

  it('gives up after conflict-timeout with code temporary', async () => {
    const one = stage();
    one.memory.beforeCall = (number, name) => {
      if (name !== 'commit') return;
      if (tipOf(one.bare, BRANCH) !== undefined) one.bare.git('update-ref', '-d', `refs/heads/${BRANCH}`);
      else one.bare.git('update-ref', `refs/heads/${BRANCH}`, 'main');
      expect(number).toBeGreaterThan(0);
    };
    await expect(one.bump('acme/api:1.1.0', { 'conflict-timeout': '10s' })).rejects.toMatchObject({
      code: 'temporary',
    });
  });
});

describe('auto-merge and wait-for-merge', () => {
  it.each(['merge', 'squash', 'rebase'] as const)(
    'merges at once by %s where nothing is in the way',
    async (method) => {
      const one = stage();
      const { exitCode, outputs } = await one.bump('acme/api:1.1.0', { 'auto-merge': method });
      expect([exitCode, outputs.merged, outputs.revision]).toEqual([0, 'true', one.bare.head()]);
      expect(one.bare.text(SHOP)).toBe(containers('acme/api:1.1.0', 'acme/worker:1.0.0'));
      expect(one.bare.git('log', '-1', '--format=%(trailers:key=Image)', 'main')).toBe('Image: acme/api:1.1.0');
      expect(one.memory.merges).toEqual([expect.objectContaining({ number: 1, method })]);
    },
  );

  it('arms it where checks have to pass first, and says so', async () => {
    const one = stage();
    one.memory.policy = { kind: 'checks' };
    const { exitCode, headline, outputs } = await one.bump('acme/api:1.1.0', { 'auto-merge': 'squash' });
    expect([exitCode, outputs.merged, outputs.revision]).toEqual([0, 'false', '']);
    expect(headline).toContain('it is merged when its conditions hold');
  });

  it('ends as blocked with the reason where the forge refuses to', async () => {
    const one = stage();
    one.memory.policy = { kind: 'refused', reason: 'auto-merge is not allowed in this repository' };
    const { result, exitCode, headline } = await one.bump('acme/api:1.1.0', { 'auto-merge': 'squash' });
    expect([result, exitCode, states(one)]).toEqual(['blocked', 4, ['1 open']]);
    expect(headline).toContain('auto-merge is not allowed in this repository');
  });

  it('asks again while the forge has not decided', async () => {
    const one = stage();
    one.memory.policy = { kind: 'not-yet', times: 3 };
    const { exitCode, outputs } = await one.bump('acme/api:1.1.0', { 'auto-merge': 'squash' });
    expect([exitCode, outputs.merged, one.memory.merges.length]).toEqual([0, 'true', 4]);
  });

  it.each(['merge', 'squash', 'rebase'] as const)('waits until a person has merged it by %s', async (method) => {
    const one = stage();
    let reads = 0;
    one.memory.beforeCall = (_, name) => {
      if (name === 'read' && ++reads === 4) one.memory.people.merge(1, method);
    };
    const { exitCode, outputs, headline, notes } = await one.bump('acme/api:1.1.0', { 'wait-for-merge': 'true' });
    expect([exitCode, outputs.merged, outputs.revision]).toEqual([0, 'true', one.bare.head()]);
    expect(headline).toContain('is merged into main');
    expect(notes).toEqual([`Wait for it: drawbridge wait --revision ${one.bare.head()}`]);
  });

  it('waits for what it armed, and asks again for what was not decided', async () => {
    const one = stage();
    one.memory.policy = { kind: 'not-yet', times: 12 };
    const { exitCode, outputs } = await one.bump('acme/api:1.1.0', {
      'auto-merge': 'squash',
      'wait-for-merge': 'true',
    });
    expect([exitCode, outputs.merged, outputs.revision]).toEqual([0, 'true', one.bare.head()]);
  });

  it('fails with the reason when a person closes it', async () => {
    const one = stage();
    let reads = 0;
    one.memory.beforeCall = (_, name) => {
      if (name === 'read' && ++reads === 2) one.memory.people.close(1);
    };
    const { result, exitCode, headline, outputs } = await one.bump('acme/api:1.1.0', { 'wait-for-merge': 'true' });
    expect([result, exitCode, outputs.merged, outputs.revision]).toEqual(['failed', 1, 'false', '']);
    expect(headline).toBe('https://forge.test/acme/config/pull/1 was closed by a person without being merged');
  });

  it('ends at the deadline, which names the phase', async () => {
    const one = stage();
    const { result, exitCode, headline, outputs } = await one.bump('acme/api:1.1.0', {
      'wait-for-merge': 'true',
      timeout: '90s',
    });
    expect([result, exitCode, outputs.merged]).toEqual(['timed-out', 124, 'false']);
    expect(headline).toBe('merge: https://forge.test/acme/config/pull/1 was not merged within 90 s');
    expect(one.host.lines).toContain('https://forge.test/acme/config/pull/1 is still open.');
  });

  it('is superseded when other values were merged with it', async () => {
    const one = stage({ files: { [SHOP]: deployment('acme/api:a', 'acme/worker:1.0.0') } });
    let reads = 0;
    one.memory.beforeCall = async (_, name) => {
      if (name !== 'read' || ++reads !== 2) return;
      await another(one).bump('acme/api:c');
      one.memory.people.merge(1, 'squash');
    };
    const { result, exitCode, outputs } = await one.bump('acme/api:b', { 'wait-for-merge': 'true' });
    expect([result, exitCode, outputs.merged]).toEqual(['superseded', 3, 'true']);
  });
});

describe('rollback --strategy pull-request', () => {
  async function bumped(method: 'merge' | 'squash' | 'rebase') {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const merged = one.memory.people.merge(1, method);
    return { one, merged };
  }

  it.each(['merge', 'rebase'] as const)('proposes the inverse of the last bump, merged by %s', async (method) => {
    const { one, merged } = await bumped(method);
    const { outputs, exitCode } = await one.rollback();
    expect([exitCode, outputs.changed, outputs['pull-request-number']]).toEqual([0, 'true', '2']);
    const branch = outputs.branch ?? '';
    expect(branch).toBe(`drawbridge/main/rollback-${merged.slice(0, 12)}`);
    expect(one.bare.text(SHOP, branch)).toBe(containers('acme/api:1.0.0', 'acme/worker:1.0.0'));
    expect((await one.rollback()).outputs.changed).toBe('false');
    one.memory.people.merge(2, method);
    expect((await one.rollback()).headline).toContain('was undone by');
    expect(states(one)).toEqual(['1 merged', '2 merged']);
  });

  it('finds a squash merge that kept the message', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0', { 'auto-merge': 'squash' });
    const { outputs } = await one.rollback({ 'auto-merge': 'squash' });
    expect([outputs.merged, outputs.revision]).toEqual(['true', one.bare.head()]);
    expect(one.bare.text(SHOP)).toBe(containers('acme/api:1.0.0', 'acme/worker:1.0.0'));
  });

  it('is a request of its own beside an open bump', async () => {
    const { one } = await bumped('rebase');
    await one.bump('acme/api:1.2.0');
    await one.rollback();
    expect(states(one)).toEqual(['1 merged', '2 open', '3 open']);
  });
});
