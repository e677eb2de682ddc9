import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { BRANCH, deployment, SHOP } from '../support/request-stage.ts';
import { describeRequests } from './contract-requests.ts';
import { type OpenStage, runBump, runRollback, type Stage } from './contract-stage.ts';
import { describeStatuses } from './contract-statuses.ts';

/** Milliseconds for one story; each starts dozens of Git processes. */
const PATIENCE = 120_000;
const FILES = { [SHOP]: deployment('acme/api:1.0.0', 'acme/worker:1.0.0'), 'notes.txt': 'notes\n' };

/**
 * What every forge must do, told once and run on each: from reading the repository to the revision as merged. What a forge
 * cannot do, it must say.
 */
export function describeForge(name: string, open: OpenStage): void {
  jest.setTimeout(PATIENCE);
  const opened: Stage[] = [];
  const stage = async (): Promise<Stage> => {
    const one = await open(FILES);
    opened.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) expect(await one.end()).toEqual([]);
  });
  describe(`a bump by commit on ${name}`, () => describeCommits(stage));
  describe(`a bump by request on ${name}`, () => describeRequests(stage));
  describe(`statuses on ${name}`, () => describeStatuses(stage));
}

function describeCommits(open: () => Promise<Stage>): void {
  it('reads the branch, and makes one commit of one scalar on it', async () => {
    const stage = await open();
    const first = stage.repository.head();
    const outcome = await runBump(stage, 'acme/api:1.1.0');
    expect(outcome).toMatchObject({ exitCode: 0, outputs: { changed: 'true', revision: stage.repository.head() } });
    expect(stage.repository.history()).toEqual([outcome.outputs.revision, first]);
    expect(stage.repository.git('diff', '--numstat', first, 'main')).toBe(`1\t1\t${SHOP}`);
    expect(stage.repository.text(SHOP)).toBe(deployment('acme/api:1.1.0', 'acme/worker:1.0.0').trimEnd());
    expect(stage.repository.git('log', '-1', '--format=%B', 'main')).toMatch(/^Image: acme\/api:1\.1\.0$/m);
  });

  it('run again makes nothing new, and names the same revision', async () => {
    const stage = await open();
    const first = await runBump(stage, 'acme/api:1.1.0');
    const again = await runBump(stage, 'acme/api:1.1.0');
    expect(again.outputs).toMatchObject({ changed: 'false', revision: first.outputs.revision });
    expect(stage.repository.history()).toHaveLength(2);
  });

  it('plans without writing anything in a dry run', async () => {
    const stage = await open();
    const outcome = await runBump(stage, 'acme/api:1.1.0', { 'dry-run': 'true' });
    expect(outcome.edits.map(({ after }) => after)).toEqual(['acme/api:1.1.0']);
    expect(stage.repository.history()).toHaveLength(1);
  });

  it('reads and plans again when somebody was quicker, and both commits stay', async () => {
    const stage = await open();
    let theirs = '';
    const commit = (count: number) => {
      if (count === 1) theirs = stage.repository.commit({ [SHOP]: deployment('acme/api:1.0.0', 'acme/worker:2.0.0') });
    };
    const outcome = await runBump(stage, 'acme/api:1.1.0', {}, { before: { commit } });
    expect(stage.repository.history().slice(0, 2)).toEqual([outcome.outputs.revision, theirs]);
    expect(stage.repository.text(SHOP)).toBe(deployment('acme/api:1.1.0', 'acme/worker:2.0.0').trimEnd());
  });

  it('writes nothing when somebody was quicker with the same value', async () => {
    const stage = await open();
    const commit = () => void stage.repository.commit({ [SHOP]: deployment('acme/api:1.1.0', 'acme/worker:1.0.0') });
    const outcome = await runBump(stage, 'acme/api:1.1.0', {}, { before: { commit } });
    expect(outcome.outputs).toMatchObject({ changed: 'false', revision: stage.repository.head() });
    expect(stage.repository.history()).toHaveLength(2);
  });

  it('that the branch refuses is denied in the words of the server', async () => {
    const stage = await open();
    const first = stage.repository.head();
    const sentence = await stage.protect();
    const failure = { code: 'denied', message: expect.stringMatching(sentence), hint: expect.stringMatching(/./) };
    await expect(runBump(stage, 'acme/api:1.1.0')).rejects.toMatchObject(failure);
    expect(stage.repository.head()).toBe(first);
  });

  it.each(['reader', 'nobody'] as const)('is denied to a %s, with the next step', async (who) => {
    const stage = await open();
    const first = stage.repository.head();
    const failure = { code: 'denied', hint: expect.stringMatching(/token|password|access|right|Permission/i) };
    await expect(runBump(stage, 'acme/api:1.1.0', {}, { who })).rejects.toMatchObject(failure);
    expect(stage.repository.head()).toBe(first);
  });

  it('names the branch that is missing, before it reads and between reading and writing', async () => {
    const stage = await open();
    const missing = { code: 'missing', message: expect.stringContaining('release') };
    const flags = { 'base-branch': 'release' };
    await expect(runBump(stage, 'acme/api:1.1.0', flags)).rejects.toMatchObject(missing);
    stage.repository.commit({ 'notes.txt': 'of the release\n' }, { branch: 'release', from: stage.repository.head() });
    const commit = () => stage.repository.move('release', undefined);
    await expect(runBump(stage, 'acme/api:1.1.0', flags, { before: { commit } })).rejects.toMatchObject(missing);
    expect(stage.repository.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
  });

  it('is undone by a commit that writes the old values back', async () => {
    const stage = await open();
    const before = stage.repository.text(SHOP);
    await runBump(stage, 'acme/api:1.1.0');
    const outcome = await runRollback(stage);
    expect(outcome.outputs).toMatchObject({ changed: 'true', revision: stage.repository.head() });
    expect(stage.repository.text(SHOP)).toBe(before);
    expect(stage.repository.history()).toHaveLength(3);
    expect((await runRollback(stage)).outputs.changed).toBe('false');
  });

  it('leaves other branches alone', async () => {
    const stage = await open();
    const other = stage.repository.commit({ 'x.txt': 'x\n' }, { branch: BRANCH, from: stage.repository.head() });
    await runBump(stage, 'acme/api:1.1.0');
    expect(stage.repository.head(BRANCH)).toBe(other);
  });
}
