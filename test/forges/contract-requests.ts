import { describe, expect, it } from '@jest/globals';
import { parseMarker } from '../../src/forges/request-marker.ts';
import { BRANCH, deployment, SHOP } from '../support/request-stage.ts';
import {
  type RequestsStage,
  type Run,
  type RunOptions,
  runBump,
  type SeenRequest,
  type Stage,
  type Way,
} from './contract-stage.ts';

const BY_REQUEST = { strategy: 'pull-request' };
const MERGED_NOW = { 'wait-for-merge': 'true', timeout: '2m' };

type Scene = Stage & { readonly requests: RequestsStage };

/** Tells the story on a forge with requests; on one without, what it says in place of them. */
function story(title: string, open: () => Promise<Stage>, tell: (stage: Scene) => Promise<void>): void {
  it(title, async () => {
    const stage = await open();
    const { requests } = stage;
    if (requests !== undefined) return tell({ ...stage, requests });
    const failure = {
      code: 'input',
      message: expect.stringContaining('which has no'),
      hint: expect.stringContaining('strategy commit'),
    };
    await expect(propose(stage, 'acme/api:1.1.0')).rejects.toMatchObject(failure);
    expect(stage.repository.history()).toHaveLength(1);
  });
}

function propose(stage: Stage, image: string, flags: object = {}, options: RunOptions = {}): Promise<Run> {
  return runBump(stage, image, { ...BY_REQUEST, ...flags }, options);
}

/** The one request that there is. */
async function only({ requests }: Scene): Promise<SeenRequest> {
  const [one, ...others] = await requests.all();
  if (one === undefined || others.length > 0) throw new Error(`there are ${others.length} more requests`);
  return one;
}

const states = async ({ requests }: Scene) => (await requests.all()).map(({ state }) => state);

export function describeRequests(open: () => Promise<Stage>): void {
  describe('as it comes to be', () => describeProposing(open));
  describe('where people are', () => describePeople(open));
  describe('and its merge', () => describeMerging(open));
}

function describeProposing(open: () => Promise<Stage>): void {
  story('opens one of one commit, with a description; run again, nothing new is made', open, async (stage) => {
    const base = stage.repository.head();
    const first = await propose(stage, 'acme/api:1.1.0');
    const request = await only(stage);
    expect(request).toMatchObject({ number: 1, state: 'open', branch: BRANCH, draft: false });
    expect(request.title).toContain('acme/api to 1.1.0');
    expect(request.body).toContain('drawbridge rollback');
    expect(parseMarker(request.body)?.head).toBe(stage.repository.head(BRANCH));
    expect(stage.repository.git('rev-list', `main..${BRANCH}`)).toBe(first.outputs['head-revision']);
    expect(first.outputs).toMatchObject({ changed: 'true', 'pull-request-number': '1', merged: 'false', revision: '' });
    const again = await propose(stage, 'acme/api:1.1.0');
    expect(again.outputs).toMatchObject({ changed: 'false', 'head-revision': first.outputs['head-revision'] });
    expect(await stage.requests.all()).toEqual([request]);
    expect(stage.repository.head()).toBe(base);
  });

  story(
    'is a draft with labels, reviewers and assignees where they are asked for, and warns of those that are none',
    open,
    async (stage) => {
      const { colleague } = stage.requests;
      const people = { reviewers: [colleague], assignees: [colleague, 'nobody-of-this-name'] };
      const outcome = await propose(stage, 'acme/api:1.1.0', { draft: 'true', labels: 'bump', ...people });
      expect(await only(stage)).toMatchObject({ draft: true, labels: ['bump'], reviewers: [colleague] });
      expect(outcome.exitCode).toBe(0);
      if (stage.forge !== 'memory') expect(outcome.host.lines.join('\n')).toMatch(/nobody-of-this-name/);
      await propose(stage, 'acme/api:1.2.0', { draft: 'true', labels: 'bump' });
      expect(await only(stage)).toMatchObject({
        draft: true,
        labels: ['bump'],
        title: expect.stringContaining('1.2.0'),
      });
    },
  );

  story('is brought up to date in place: one request, one commit, on the base branch of now', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    const base = stage.repository.commit({ 'notes.txt': 'others go on\n' });
    const outcome = await propose(stage, 'acme/api:1.2.0');
    const request = await only(stage);
    expect(request).toMatchObject({ number: 1, state: 'open', title: expect.stringContaining('1.2.0') });
    expect(stage.repository.git('rev-list', '--parents', `main..${BRANCH}`)).toBe(
      `${outcome.outputs['head-revision']} ${base}`,
    );
    expect(stage.repository.text(SHOP, BRANCH)).toContain('acme/api:1.2.0');
    expect(parseMarker(request.body)?.head).toBe(stage.repository.head(BRANCH));
  });

  story('goes on proposing what an earlier run did for another image', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    await propose(stage, 'acme/worker:1.1.0');
    expect((await only(stage)).state).toBe('open');
    expect(stage.repository.text(SHOP, BRANCH)).toBe(deployment('acme/api:1.1.0', 'acme/worker:1.1.0').trimEnd());
  });

  story('is closed with a word where the base branch holds the values by now', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    stage.repository.commit({ [SHOP]: deployment('acme/api:1.1.0', 'acme/worker:1.0.0') });
    const outcome = await propose(stage, 'acme/api:1.1.0');
    expect(outcome.outputs).toMatchObject({ changed: 'false', revision: stage.repository.head() });
    expect(await only(stage)).toMatchObject({ state: 'closed', comments: [expect.stringContaining('since')] });
    expect(stage.repository.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
  });

  story('is denied to a reader, with the next step, and nothing is left behind', open, async (stage) => {
    const denied = { code: 'denied', hint: expect.stringMatching(/token|access|right|Permission/i) };
    await expect(propose(stage, 'acme/api:1.1.0', {}, { who: 'reader' })).rejects.toMatchObject(denied);
    expect(await stage.requests.all()).toEqual([]);
    expect(stage.repository.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
  });
}

function describePeople(open: () => Promise<Stage>): void {
  story('is not opened again for the values that a person said no to, but for newer ones', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    await stage.requests.close(1);
    const again = await propose(stage, 'acme/api:1.1.0');
    expect(again).toMatchObject({ result: 'failed', headline: expect.stringContaining('a person closed') });
    expect(await states(stage)).toEqual(['closed']);
    await propose(stage, 'acme/api:1.2.0');
    expect(await states(stage)).toEqual(['closed', 'open']);
    expect(stage.repository.git('rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  });

  story('is left alone with what a person added to it, and says so in a new one', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    const theirs = stage.repository.commit({ 'fix.txt': 'a fix\n' }, { branch: BRANCH });
    const outcome = await propose(stage, 'acme/api:1.2.0');
    expect(outcome.notes.join('\n')).toMatch(/holds a commit by somebody else/);
    expect(stage.repository.head(BRANCH)).toBe(theirs);
    expect(await states(stage)).toEqual(['open', 'open']);
    expect(stage.repository.text(SHOP, `${BRANCH}-2`)).toContain('acme/api:1.2.0');
    expect((await propose(stage, 'acme/api:1.2.0')).outputs.changed).toBe('false');
    expect(await states(stage)).toEqual(['open', 'open']);
  });

  story('loses nothing of a person who pushes in the same moment', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    let theirs = '';
    const commit = (count: number) => {
      if (count === 1) theirs = stage.repository.commit({ 'fix.txt': 'a fix\n' }, { branch: BRANCH });
    };
    await propose(stage, 'acme/api:1.2.0', {}, { before: { commit } });
    expect(stage.repository.head(BRANCH)).toBe(theirs);
    expect(stage.repository.text(SHOP, `${BRANCH}-2`)).toContain('acme/api:1.2.0');
  });

  story('closes the one that it takes the place of, with a link, and deletes its branch', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    const ours = stage.repository.head(BRANCH);
    stage.repository.commit({ 'fix.txt': 'a fix\n' }, { branch: BRANCH });
    await propose(stage, 'acme/api:1.2.0');
    stage.repository.move(BRANCH, ours);
    await propose(stage, 'acme/api:1.3.0');
    const [first, second] = await stage.requests.all();
    expect(first).toMatchObject({ state: 'open', title: expect.stringContaining('1.3.0') });
    expect(second).toMatchObject({ state: 'closed', comments: [expect.stringContaining('Superseded by ')] });
    expect(parseMarker(second?.body ?? '')?.superseded).toBe(true);
    expect(stage.repository.git('for-each-ref', '--format=%(refname)', `refs/heads/${BRANCH}-2`)).toBe('');
  });

  story('ends when a person closes it while its merge is waited for', open, async (stage) => {
    const read = (count: number) => (count === 2 ? stage.requests.close(1) : undefined);
    const outcome = await propose(stage, 'acme/api:1.1.0', MERGED_NOW, { before: { read } });
    expect(outcome).toMatchObject({ result: 'failed', headline: expect.stringContaining('closed by a person') });
    expect(stage.repository.history()).toHaveLength(1);
  });
}

function describeMerging(open: () => Promise<Stage>): void {
  for (const method of ['merge', 'squash', 'rebase'] as const) {
    story(`that is clean is merged at once by ${method}, and gives the revision as merged`, open, async (stage) => {
      const flags = { 'auto-merge': method, ...MERGED_NOW };
      if (method === 'rebase' && stage.forge === 'gitlab') await refusesRebase(stage);
      const outcome = await propose(stage, 'acme/api:1.1.0', flags);
      expectMerged(stage, outcome);
      expect(stage.repository.git('log', '-1', '--format=%B', 'main')).toMatch(/^Image: acme\/api:1\.1\.0$/m);
      const commits = stage.repository.git('rev-list', 'main').split('\n');
      if (method !== 'rebase')
        expect(commits.includes(outcome.outputs['head-revision'] ?? '')).toBe(method === 'merge');
      const again = await propose(stage, 'acme/api:1.1.0', flags);
      expect(again.outputs).toMatchObject({ changed: 'false', revision: outcome.outputs.revision });
      expect(await states(stage)).toEqual(['merged']);
    });
  }

  story('is the way to a base branch that takes no pushes', open, async (stage) => {
    await stage.protect();
    await expect(runBump(stage, 'acme/api:1.1.0')).rejects.toMatchObject({ code: 'denied' });
    expectMerged(stage, await propose(stage, 'acme/api:1.1.0', { 'auto-merge': 'squash', ...MERGED_NOW }));
  });

  story('where only a fast-forward is allowed keeps the very commit', open, async (stage) => {
    if (stage.requests.fastForwardOnly === undefined) {
      const asked = propose(stage, 'acme/api:1.1.0', { 'auto-merge': 'fast-forward' });
      await expect(asked).rejects.toMatchObject({ code: 'input', problems: [expect.stringContaining('rebase')] });
      return;
    }
    await stage.requests.fastForwardOnly();
    const outcome = await propose(stage, 'acme/api:1.1.0', { 'auto-merge': 'rebase', ...MERGED_NOW });
    expectMerged(stage, outcome);
    expect(outcome.outputs.revision).toBe(outcome.outputs['head-revision']);
  });

  for (const way of ['merge', 'squash', 'rebase', 'fast-forward'] as const) {
    story(`by a person (${way}) is waited for, and gives the revision as merged`, open, (stage) => waitFor(stage, way));
  }

  story('that checks hold back is armed, and happens by itself when they pass', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    await stage.requests.checks('pending');
    const armed = await propose(stage, 'acme/api:1.1.0', { 'auto-merge': 'squash' });
    expect(armed).toMatchObject({ exitCode: 0, headline: expect.stringContaining('merged when its conditions hold') });
    expect(await states(stage)).toEqual(['open']);
    const read = (count: number) => (count === 2 ? stage.requests.checks('passed') : undefined);
    const flags = { 'auto-merge': 'squash', ...MERGED_NOW };
    const outcome = await propose(stage, 'acme/api:1.1.0', flags, { before: { read } });
    expectMerged(stage, outcome);
    expect(stage.repository.git('log', '-1', '--format=%B', 'main')).toMatch(/^Image: acme\/api:1\.1\.0$/m);
  });

  story('that the server has not decided about yet is asked for again', open, async (stage) => {
    await propose(stage, 'acme/api:1.1.0');
    await stage.requests.checks('undecided');
    const merge = (count: number) => (count === 3 ? stage.requests.checks('passed') : undefined);
    const flags = { 'auto-merge': 'squash', ...MERGED_NOW };
    expectMerged(stage, await propose(stage, 'acme/api:1.1.0', flags, { before: { merge } }));
  });

  story('in a way that is not allowed leaves it open, and says why', open, async (stage) => {
    const sentence = await stage.requests.forbid('squash');
    const outcome = await propose(stage, 'acme/api:1.1.0', { 'auto-merge': 'squash' });
    expect(outcome).toMatchObject({ result: 'blocked', headline: expect.stringMatching(sentence) });
    expect(await states(stage)).toEqual(['open']);
  });
}

/** There, whether there is a merge commit is a setting of the project and no choice of a request. */
async function refusesRebase(stage: Scene): Promise<void> {
  const outcome = await propose(stage, 'acme/api:1.1.0', { 'auto-merge': 'rebase' });
  expect(outcome).toMatchObject({
    result: 'blocked',
    headline: expect.stringMatching(/makes a merge commit for every/),
  });
  await stage.requests.fastForwardOnly?.();
}

function expectMerged({ repository }: Scene, { exitCode, outputs }: Run): void {
  expect([exitCode, outputs.merged, outputs.revision]).toEqual([0, 'true', repository.head()]);
  expect(repository.text(SHOP)).toContain('acme/api:1.1.0');
}

/** The base branch goes on meanwhile, but for a fast-forward, which could not be made any more. */
async function waitFor(stage: Scene, way: Way): Promise<void> {
  const read = async (count: number) => {
    if (count !== 2) return;
    if (way !== 'fast-forward') stage.repository.commit({ 'notes.txt': 'others go on\n' });
    await stage.requests.merge(1, way);
  };
  const outcome = await propose(stage, 'acme/api:1.1.0', MERGED_NOW, { before: { read } });
  expectMerged(stage, outcome);
  const isSame = outcome.outputs.revision === outcome.outputs['head-revision'];
  expect(isSame).toBe(way === 'fast-forward');
}
