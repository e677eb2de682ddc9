import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/program.ts';
import { chosen, pinned, unbuilt } from './building.ts';
import { PARTS, partsFor } from './parts.ts';
import { cacheFolder, findPlace, keepPorts, need } from './place.ts';
import { list, start, stop } from './processes.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { FLUX_SCENARIOS } from './scenarios/flux/all.ts';
import { KUBERNETES_SCENARIOS } from './scenarios/kubernetes/all.ts';
import { MIXED_SCENARIOS } from './scenarios/mixed/all.ts';
import { emptyRow, playSuite, type Suite } from './scenarios/playing.ts';
import { unlike } from './scenarios/running.ts';
import { type Row, type Scenario, expect as verdict } from './scenarios/scenario.ts';
import { tableOf, tally } from './scenarios/table.ts';

describe('the lab', () => {
  it('is kept where the environment says', () => {
    expect(cacheFolder({ DRAWBRIDGE_LAB: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/drawbridge-lab');
  });

  it('pins a version of every part, and holds the module and its sums', () => {
    for (const part of PARTS) {
      expect(pinned(part)).toMatch(/^v\d+\.\d+\.\d+$/);
      expect(existsSync(join(part.module, 'go.sum'))).toBe(true);
    }
  });

  it('tells what is not built, and refuses a part that does not exist', async () => {
    using folder = temporaryFolder();
    const place = await findPlace({ DRAWBRIDGE_LAB: folder.path });
    expect(await unbuilt(place, partsFor({ argocd: '3.5' }))).toHaveLength(6);
    expect(await unbuilt(place, partsFor({ flux: true }))).toHaveLength(7);
    expect(chosen([]).map(({ name }) => name)).not.toContain('argocd-2.14');
    expect(() => chosen(['argocd-1.0'])).toThrow(/There is no part argocd-1\.0\. Parts: kubernetes, kwok/);
  });

  it('counts ports from the one that is given, keeps them, and refuses what is none', async () => {
    using folder = temporaryFolder();
    const environment = { LAB_STATE: join(folder.path, 'state'), LAB_PORT_BASE: '20000' };
    const place = await findPlace(environment);
    expect([place.port('etcd'), place.port('etcd-peer')]).toEqual([20_000, 20_001]);
    keepPorts(place);
    expect((await findPlace({ ...environment, LAB_PORT_BASE: '30000' })).port('etcd')).toBe(20_000);
    await expect(findPlace({ LAB_STATE: '/nonexistent', LAB_PORT_BASE: 'many' })).rejects.toThrow(/LAB_PORT_BASE/);
  });

  it('names every program that is missing, and what brings it', async () => {
    await expect(need(['sh', 'no-such-program', 'no-other'])).rejects.toThrow(
      /not on PATH:\n {2}no-such-program: .*\n {2}no-other: /,
    );
  });

  it('ends what it has started', async () => {
    using folder = temporaryFolder();
    const place = await findPlace({ LAB_STATE: folder.path });
    await start(place, { name: 'sleeper', program: 'sleep', args: ['600'] });
    expect(list(place)).toMatchObject([{ name: 'sleeper', alive: true }]);
    await stop(place, ['sleeper']);
    expect(list(place)).toEqual([]);
  });
});

describe('the scenarios', () => {
  it('have names of their own', () => {
    for (const list of [SCENARIOS, FLUX_SCENARIOS, KUBERNETES_SCENARIOS, MIXED_SCENARIOS]) {
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
    }
  });

  it('are shown as a table, and counted', () => {
    const row: Row = {
      scenario: 'a',
      version: '3.2.11',
      expected: 'landed 0',
      verdict: 'landed 0',
      seconds: 1,
      other: '',
      problem: '',
    };
    const rows = [row, { ...row, scenario: 'b', problem: 'it said no' }, { ...row, scenario: 'c', skipped: 'not yet' }];
    expect(tally(rows)).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(tableOf(rows).split('\n').slice(2)).toEqual([
      expect.stringMatching(/\| a +\| landed 0 +\| landed 0 +\| 1\.0 /),
      expect.stringMatching(/\| b .*\| FAILED \|$/),
      expect.stringMatching(/\| c .*skipped, not yet/),
    ]);
  });

  it('are played in order, without those that are extra or not there yet, and one that breaks is a row', async () => {
    const rows: Row[] = [];
    const scenario = (name: string, more: Partial<Scenario<null>> = {}): Scenario<null> => ({
      ...{ name, expected: verdict('landed'), play: async () => void rows.push(name as never), ...more },
    });
    const broken = async () => {
      throw new Error('no server');
    };
    const scenarios = [
      scenario('slow', { alone: true }),
      scenario('good'),
      scenario('long', { extra: true }),
      scenario('later', { notYet: 'not built' }),
      scenario('broken', { play: broken }),
    ];
    const suite = {
      version: '1',
      scenarios,
      open: (_: string, one: Scenario<null>) => ({ rows: one.play === broken ? [] : [emptyRow(one, '1')], close }),
      lacks: async () => undefined,
    };
    const close = async () => {};
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const choice = { only: [], jobs: 2, notYet: false, all: false, say };
    const played = await playSuite(suite as unknown as Suite<{ rows: Row[]; close: typeof close }>, choice);
    expect(played.map(({ scenario: name, skipped, problem }) => [name, skipped ?? problem])).toEqual([
      ['slow', ''],
      ['good', ''],
      ['long', 'only with --all'],
      ['later', 'not yet: not built'],
      ['broken', 'Error: no server'],
    ]);
    expect(rows).toEqual(['good', 'slow']);
    expect(said).toContainEqual(expect.stringMatching(/^FAILED 1 .* broken .*\n +Error: no server$/));
  });

  it('say what is unlike the expected verdict', () => {
    const result = { exit: 1, verdict: 'failed', seconds: 5, words: 'bad image', memory: [], outputs: {} };
    expect(unlike(verdict('failed', { says: /bad/ }), result)).toBe('');
    expect(unlike(verdict('landed'), result)).toMatch(/^it said: bad image/);
    expect(unlike(verdict('landed', { or: { verdict: 'failed', exit: 1 } }), result)).toBe('');
    expect(unlike(verdict('failed', { says: /good/ }), result)).toMatch(/do not hold/);
    expect(unlike(verdict('failed', { within: 4 }), result)).toBe('it took 5.0 s, more than 4');
  });
});
