import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import { race } from '../../src/forges/race.ts';
import { systemClock } from '../../src/host/clock.ts';
import type { Clock } from '../../src/host.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { startGitServer } from '../support/git-server.ts';
import { runCli } from '../support/program.ts';
import { filesFor, flagsOf, problemsOf, raceBumps, type Spread } from '../support/racing.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** The same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const LOST = () => new ToolError('temporary', 'lost');

interface Model {
  readonly writers: number;
  /** Milliseconds from reading to writing, when nobody else is at work. */
  readonly took: number;
  /** How many the server can work for at the same speed; more share it. */
  readonly width: number;
}

/** Writers of one counter by compare-and-set, on a server that gets slower the more of them are at work. */
async function simulate({ writers, took, width }: Model, clock = virtualClock(), random = seeded(7)) {
  let value = 0;
  let busy = 0;
  const host = { clock, random, signal: new AbortController().signal };
  const attempt = async (tries: number) => {
    const read = value;
    busy++;
    await clock.sleep(took * Math.max(1, busy / width) * (0.9 + 0.2 * random()));
    busy--;
    if (read !== value) return { conflict: 'moved', branch: 'main' };
    value++;
    return { won: tries };
  };
  const runs = Array.from({ length: writers }, () => race({ host, conflictTimeout: 600_000, attempt, lost: LOST }));
  const tries = await clock.run(Promise.all(runs));
  return { value, tries, seconds: clock.monotonic() / 1000 };
}

describe('64 writers in a model of a server', () => {
  it.each([
    ['a quick API', { took: 300, width: 64 }],
    ['a slow API', { took: 3_000, width: 64 }],
    ['a server with two processors', { took: 400, width: 2 }],
  ])('all win within ten minutes, and none needs many more tries than another: %s', async (_what, model) => {
    const { value, tries, seconds } = await simulate({ writers: 64, ...model });
    expect(value).toBe(64);
    expect(Math.max(...tries)).toBeLessThanOrEqual(40);
    expect(tries.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(64 * 15);
    expect(seconds).toBeLessThanOrEqual(540);
  });

  it('ten writers need no more than a handful of tries each', async () => {
    const { value, tries } = await simulate({ writers: 10, took: 500, width: 10 });
    expect(value).toBe(10);
    expect(Math.max(...tries)).toBeLessThanOrEqual(10);
  });
});

describe('the pauses of a race', () => {
  /** Loses every try, each of which takes so long. */
  async function lose(took: number, conflictTimeout: number) {
    let now = 0;
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => {
      slept.push(milliseconds);
      now += milliseconds;
    };
    const clock: Clock = { now: () => now, monotonic: () => now, sleep };
    const attempt = async () => {
      now += took;
      return { conflict: 'moved', branch: 'main' };
    };
    const host = { clock, random: () => 1, signal: new AbortController().signal };
    await expect(race({ host, conflictTimeout, attempt, lost: LOST })).rejects.toMatchObject({ message: 'lost' });
    return { slept, ended: now };
  }

  it('grow from 0.4 s at most to 8 s where tries are quick', async () => {
    expect((await lose(0, 30_000)).slept).toEqual([400, 800, 1_600, 3_200, 6_400, 8_000, 8_000, 1_600]);
  });

  it('grow with what a try takes where tries are slow, to sixteen tries', async () => {
    const { slept } = await lose(2_000, 600_000);
    expect(slept.slice(0, 8)).toEqual([4_000, 8_000, 16_000, 32_000, 32_000, 32_000, 32_000, 32_000]);
  });

  it('take up no more than a quarter of the time that is left', async () => {
    const { slept } = await lose(20_000, 600_000);
    expect(slept.slice(0, 5)).toEqual([40_000, 80_000, 105_000, 73_750, 50_312.5]);
    expect(slept.length).toBeGreaterThanOrEqual(8);
  });

  it('leave time for a last try, which ends before the time is up', async () => {
    expect((await lose(2_000, 15_000)).ended).toBe(15_000);
    expect((await lose(9_000, 10_000)).ended).toBe(9_000);
  });
});

/** What a fresh clone would find. */
function finalHead(repository: BareRepository) {
  expect(repository.git('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  return { history: repository.history(), read: (path: string) => repository.git('show', `main:${path}`).concat('\n') };
}

describe('a race of bumps on one branch of a real Git server', () => {
  /** Tries are real, pauses are shorter. */
  const clock: Clock = {
    ...systemClock,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 4, signal),
  };

  it.each<[number, Spread]>([
    [8, 'one file'],
    [4, 'a file each'],
  ])(
    '%i writers, %s: a commit each, none lost, none doubled',
    async (writers, spread) => {
      const repository = createBareRepository(filesFor(writers, spread));
      const server = await startGitServer({ root: dirname(repository.path) });
      undo.push(repository.remove, server.close);
      const raced = await raceBumps({ forge: 'git', address: server.url, writers, spread, host: { clock } });
      expect(await problemsOf(raced, spread, finalHead(repository))).toEqual([]);
      // A try is lost only to a commit that landed, or to one that is just landing.
      expect(Math.max(...raced.tries)).toBeLessThanOrEqual(2 * writers);
    },
    120_000,
  );

  it('4 processes of the program, on a path: a commit each, none lost, none doubled', async () => {
    const repository = createBareRepository(filesFor(4, 'one file'));
    undo.push(repository.remove);
    const ends = await Promise.all(
      [0, 1, 2, 3].map((writer) => {
        const flags = Object.entries(flagsOf(writer, 'one file')).flatMap(([name, value]) => [`--${name}`, value]);
        return runCli(['bump', '--forge', 'git', '--config-repository', repository.path, ...flags]);
      }),
    );
    expect(ends.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual([0, 0, 0, 0]);
    const { history, read } = finalHead(repository);
    expect(history).toHaveLength(5);
    for (const writer of [0, 1, 2, 3])
      expect(await read('apps/all.yaml')).toContain(`acme/app-${writer}:2.0.${writer}\n`);
  }, 120_000);
});
