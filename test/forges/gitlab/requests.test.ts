import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeOf } from '../../support/forge-fixture.ts';
import {
  type Connected,
  createGitlabScene,
  draftOf,
  type GitlabScene,
  propose,
} from '../../support/gitlab-server-scene.ts';
import { addMerge } from '../../support/gitlab-server-state.ts';

let scene: GitlabScene;
let connected: Connected;
beforeEach(async () => {
  scene = await createGitlabScene();
  connected = await scene.connect();
});
afterEach(() => scene.end());

const CREATE = /^POST .*\/merge_requests$/;

describe('merge requests', () => {
  it('are opened as asked', async () => {
    const { request, revision } = await propose(connected, scene.server);
    expect(request).toEqual({
      number: 1,
      url: `${scene.server.web}/acme/platform/config/-/merge_requests/1`,
      state: 'open',
      title: 'chore: bump a to 2',
      body: 'text',
      draft: false,
      headBranch: 'drawbridge/a',
      headRevision: revision,
      baseBranch: 'main',
      sameRepository: true,
      labels: [],
    });
  });

  it('are adopted when one is open from the same branch to the same base', async () => {
    await propose(connected, scene.server);
    const again = await connected.requests.open(draftOf({ title: 'another' }));
    expect([again.number, again.title, scene.server.merges.length]).toEqual([1, 'chore: bump a to 2', 1]);
    scene.repository.git('branch', 'other', 'main');
    const other = await connected.requests.open(draftOf({ baseBranch: 'other' }));
    expect(other.number).toBe(2);
  });

  it('name what the server did not take', async () => {
    await propose(connected, scene.server);
    await expect(connected.requests.open(draftOf({ baseBranch: 'none' }))).rejects.toMatchObject({
      code: 'data',
      message: expect.stringContaining('The branch none does not exist.'),
    });
  });

  it.each([
    ['cut', 'cut'],
    ['502', { status: 502, json: { message: 'Bad gateway' } }],
  ] as const)('are opened once when the answer is lost (%s)', async (name, answer) => {
    scene.server.fault({ when: CREATE, answer });
    const opened = propose(connected, scene.server);
    if (name === 'cut') expect((await opened).request.number).toBe(1);
    else await expect(opened).rejects.toMatchObject({ code: 'temporary' });
    expect(scene.server.merges).toHaveLength(name === 'cut' ? 1 : 0);
    expect(scene.server.writes()).toHaveLength(1);
    expect((await connected.requests.open(draftOf())).number).toBe(1);
    expect(scene.server.merges).toHaveLength(1);
  });

  it('keep a draft a draft, and its title without the prefix', async () => {
    const { request, merge } = await propose(connected, scene.server, { draft: true });
    expect([request.draft, request.title, merge.title]).toEqual([
      true,
      'chore: bump a to 2',
      'Draft: chore: bump a to 2',
    ]);
    const updated = await connected.requests.update(1, { title: 'new' });
    expect([updated.draft, updated.title, merge.title]).toEqual([true, 'new', 'Draft: new']);
    merge.title = 'ready';
    expect((await connected.requests.update(1, { title: 'newer' })).draft).toBe(false);
  });

  it('are updated in place; labels and people are added to those that are there', async () => {
    const people = { reviewers: ['Ann', 'nobody'], assignees: ['ben'], labels: ['bump'] };
    const { merge } = await propose(connected, scene.server, people);
    expect([merge.reviewers, merge.assignees, merge.labels]).toEqual([[11], [12], ['bump']]);
    expect(connected.host.lines.join('\n')).toContain('GitLab knows no user nobody, so the reviewer is left out.');
    merge.labels.push('human');
    merge.reviewers.push(99);
    const updated = await connected.requests.update(1, { title: 'new', body: 'more', labels: ['extra'] });
    expect(updated).toMatchObject({ title: 'new', body: 'more', labels: ['bump', 'human', 'extra'] });
    await connected.requests.open(draftOf({ reviewers: ['ben'] }));
    expect(merge.reviewers).toEqual([11, 99, 12]);
  });

  it('tell that the free tier keeps one reviewer, and go on', async () => {
    scene.server.rules.free = true;
    const { merge } = await propose(connected, scene.server, { reviewers: ['ann', 'ben'] });
    expect(merge.reviewers).toEqual([11]);
    expect(connected.host.lines.join('\n')).toContain('Premium');
  });

  it('are there although labels are refused', async () => {
    scene.server.fault({
      when: /^PUT .*merge_requests\/1$/,
      answer: { status: 403, json: { message: '403 Forbidden' } },
    });
    const { request } = await propose(connected, scene.server, { labels: ['bump'] });
    expect(request.state).toBe('open');
    expect(connected.host.lines.join('\n')).toMatch(/\(bump\) could not be set: .*403 Forbidden/);
  });

  it.each(['title', 'closing'])('take a lost answer to the %s for what it was', async (what) => {
    await propose(connected, scene.server);
    scene.server.fault({ when: /^PUT .*merge_requests\/1$/, answer: 'cut' });
    if (what === 'title') expect((await connected.requests.update(1, { title: 'new' })).title).toBe('new');
    else await connected.requests.close(1, 'superseded');
    const failure = { status: 500, json: { message: 'Internal error' } };
    scene.server.fault({ when: /^PUT .*merge_requests\/1$/, answer: failure });
    await expect(connected.requests.update(1, { title: 'newer' })).rejects.toMatchObject({ code: 'temporary' });
  });

  it('are closed with one note, also when the first try broke off', async () => {
    const { merge } = await propose(connected, scene.server);
    scene.server.fault({ when: /^POST .*notes$/, answer: 'cut' });
    scene.server.fault({
      when: /^PUT .*merge_requests\/1$/,
      answer: { status: 403, json: { message: '403 Forbidden' } },
    });
    await expect(connected.requests.close(1, 'superseded by !2')).rejects.toMatchObject({ code: 'denied' });
    await connected.requests.close(1, 'superseded by !2');
    await connected.requests.close(1, 'superseded by !2');
    expect([merge.state, merge.notes]).toEqual(['closed', ['superseded by !2']]);
    expect((await connected.requests.read(1)).state).toBe('closed');
  });

  it('are found by their branch in every state and on every page, newest first, without forks', async () => {
    const { server } = scene;
    await propose(connected, server);
    for (let count = 0; count < 230; count++) {
      Object.assign(addMerge(server.state, { source: 'drawbridge/a' }), { state: count % 2 ? 'closed' : 'merged' });
    }
    addMerge(server.state, { source: 'drawbridge/a', fork: true });
    addMerge(server.state, { source: 'drawbridge/b' });
    const found = await connected.requests.find('drawbridge/a');
    expect(found.map(({ number }) => number)).toEqual(Array.from({ length: 231 }, (_, index) => 231 - index));
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['open', 'closed', 'merged']));
    const open = await connected.requests.listOpen('drawbridge/');
    expect(open.map(({ number }) => number)).toEqual([233, 1]);
  });

  it('show what people did: closed it, or pushed to its branch', async () => {
    const { merge, revision } = await propose(connected, scene.server);
    const by = scene.repository.commit({ 'x.txt': 'x' }, { branch: 'drawbridge/a', message: 'by hand' });
    expect((await connected.requests.read(1)).headRevision).toBe(by);
    const reset = connected.forge.repository.commit(
      'drawbridge/a',
      changeOf({ 'a.txt': '3' }),
      revision,
      scene.repository.head(),
    );
    expect((await reset).kind).toBe('conflict');
    Object.assign(merge, { state: 'closed', lastHead: by });
    expect((await connected.requests.find('drawbridge/a')).map(({ state }) => state)).toEqual(['closed']);
    await expect(connected.requests.read(9)).rejects.toMatchObject({ code: 'missing' });
  });
});
