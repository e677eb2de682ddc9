import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MergeMethod } from '../../../src/forges/forge-client.ts';
import {
  type Connected,
  createGitlabScene,
  type GitlabScene,
  type Proposed,
  propose,
} from '../../support/gitlab-server-scene.ts';
import { mergeNow, passPipeline } from '../../support/gitlab-server-state.ts';

let scene: GitlabScene;
let connected: Connected;
let proposed: Proposed;
beforeEach(async () => {
  scene = await createGitlabScene();
  connected = await scene.connect();
});
afterEach(() => scene.end());

const MESSAGE = 'chore: bump a to 2\n\nImage: a:2\n';
const MERGE = /^PUT .*\/merge$/;

function merge(method: MergeMethod = 'squash', head = proposed.revision) {
  return connected.requests.merge(1, method, head, MESSAGE);
}

/** Bodies of the merges that were sent. */
function sent(): readonly Record<string, unknown>[] {
  const { calls, bodies } = scene.server;
  return calls.flatMap((call, index) => (MERGE.test(call) ? [JSON.parse(bodies[index] ?? '{}')] : []));
}

describe('a merge', () => {
  it.each([
    ['merge', 'merge', false],
    ['merge', 'squash', false],
    ['rebase_merge', 'merge', false],
    ['rebase_merge', 'rebase', false],
    ['rebase_merge', 'squash', false],
    ['ff', 'rebase', false],
    ['ff', 'squash', false],
    ['ff', 'squash', true],
  ] as const)(
    'of a project that does %s, by %s (hidden squash: %s), gives the revision as merged',
    async (mergeMethod, method, hidesSquash) => {
      Object.assign(scene.server.rules, { mergeMethod, hidesSquash });
      if (mergeMethod === 'merge') proposed = await diverged();
      else proposed = await propose(connected, scene.server);
      expect(await merge(method)).toEqual({ kind: 'merged' });
      const tip = scene.repository.head();
      const read = await connected.requests.read(1);
      expect([read.state, read.mergedRevision]).toEqual(['merged', tip]);
      expect(scene.repository.git('log', '-1', '--format=%B', tip)).toContain('Image: a:2');
      expect(sent()).toEqual([expect.objectContaining({ sha: proposed.revision, squash: method === 'squash' })]);
      expect(await merge(method)).toEqual({ kind: 'merged' });
      expect(sent()).toHaveLength(1);
    },
  );

  async function diverged() {
    const made = await propose(connected, scene.server);
    scene.repository.commit({ 'other.txt': 'x' });
    return made;
  }

  it('that is only said to be done gives no revision until it is on the target branch', async () => {
    proposed = await propose(connected, scene.server);
    const before = scene.repository.head();
    mergeNow(scene.server.state, proposed.merge, { squash: false });
    const after = scene.repository.head();
    scene.repository.git('update-ref', 'refs/heads/main', before);
    expect(await connected.requests.read(1)).not.toHaveProperty('mergedRevision');
    scene.repository.git('update-ref', 'refs/heads/main', after);
    expect((await connected.requests.read(1)).mergedRevision).toBe(after);
  });

  it('in a way that the project does not have is refused, and nothing is sent', async () => {
    scene.server.rules.mergeMethod = 'ff';
    proposed = await propose(connected, scene.server);
    expect(await merge('merge')).toEqual({ kind: 'refused', reason: expect.stringContaining('fast-forward only') });
    expect(sent()).toEqual([]);
  });

  it('waits for GitLab to look at the request, and never sleeps itself', async () => {
    scene.server.rules.firstStatuses = ['preparing', 'preparing', 'checking', 'unchecked', 'mergeable'];
    proposed = await propose(connected, scene.server);
    proposed.merge.statuses = ['preparing', 'checking', 'unchecked', 'mergeable'];
    const kinds = [];
    for (let turn = 0; turn < 4; turn++) kinds.push((await merge()).kind);
    expect(kinds).toEqual(['not-yet', 'not-yet', 'not-yet', 'merged']);
  });

  it.each([405, 406, 422])(
    'that is refused with %i right after the request was opened is tried again',
    async (status) => {
      scene.server.rules.mergeRefusals = [status];
      proposed = await propose(connected, scene.server);
      expect(await merge()).toEqual({ kind: 'not-yet', reason: `${status} refused` });
      expect(await merge()).toEqual({ kind: 'merged' });
    },
  );

  it('is refused for conflicts that GitLab finds late, in words', async () => {
    scene.server.rules.mergeRefusals = [405];
    proposed = await propose(connected, scene.server);
    proposed.merge.statuses = ['mergeable', 'conflict'];
    expect(await merge()).toEqual({ kind: 'refused', reason: 'it has conflicts with its target branch' });
  });

  it('is refused without the right to merge', async () => {
    scene.server.rules.mayMerge = ['maintainer'];
    proposed = await propose(connected, scene.server);
    expect(await merge()).toEqual({ kind: 'refused', reason: expect.stringContaining('may not merge into main') });
  });

  it('of a closed request or a draft is refused', async () => {
    proposed = await propose(connected, scene.server, { draft: true });
    expect(await merge()).toEqual({ kind: 'refused', reason: 'it is a draft' });
    await connected.requests.close(1, 'no');
    expect(await merge()).toEqual({ kind: 'refused', reason: 'it is closed' });
  });

  it('is bound to the head that was read', async () => {
    proposed = await propose(connected, scene.server);
    scene.repository.commit({ 'x.txt': 'x' }, { branch: 'drawbridge/a', message: 'by hand' });
    expect(await merge()).toEqual({ kind: 'moved' });
    expect(sent()).toEqual([]);
  });

  it('loses against a push in between', async () => {
    proposed = await propose(connected, scene.server);
    scene.server.fault({
      when: /^GET projects\/[^/]+$/,
      answer: 'cut',
      before: () => scene.repository.commit({ 'x.txt': 'x' }, { branch: 'drawbridge/a', message: 'by hand' }),
    });
    expect(await merge()).toEqual({ kind: 'moved' });
    expect((await connected.requests.read(1)).state).toBe('open');
  });

  it('waits where GitLab has not taken in our own push', async () => {
    proposed = await propose(connected, scene.server);
    proposed.merge.seenHead = scene.repository.head();
    expect(await merge()).toEqual({ kind: 'not-yet', reason: expect.stringContaining('has not taken in') });
    delete proposed.merge.seenHead;
    expect(await merge()).toEqual({ kind: 'merged' });
  });

  it('is not taken for done where GitLab answers 200 and has not done it', async () => {
    scene.server.rules.mergesLater = true;
    proposed = await propose(connected, scene.server);
    expect(await merge()).toEqual({ kind: 'not-yet', reason: 'GitLab is merging it' });
    expect(await merge()).toEqual({ kind: 'not-yet', reason: 'GitLab is merging it' });
    expect(sent()).toHaveLength(1);
    Object.assign(proposed.merge, { state: 'opened', mergeError: 'Something went wrong', statuses: ['mergeable'] });
    scene.server.rules.mergeRefusals = [405];
    expect(await merge()).toEqual({ kind: 'refused', reason: 'Something went wrong' });
  });

  it('whose answer is lost is sent once and found by a look', async () => {
    proposed = await propose(connected, scene.server);
    scene.server.fault({ when: MERGE, answer: { status: 502, json: { message: 'Bad gateway' } } });
    expect((await merge()).kind).toBe('not-yet');
    scene.server.fault({ when: MERGE, answer: 'cut' });
    expect(await merge()).toEqual({ kind: 'merged' });
    expect(scene.repository.history()).toHaveLength(2);
    expect(sent()).toHaveLength(2);
  });
});

describe('auto-merge', () => {
  it.each([
    ['18.5.1-ee', 'auto_merge'],
    ['17.11.0', 'auto_merge'],
    ['17.9.2-ee', 'merge_when_pipeline_succeeds'],
    ['', 'merge_when_pipeline_succeeds'],
  ])('on version %s is armed by %s while the pipeline runs, and merges by itself', async (version, name) => {
    scene.server.rules.version = version;
    proposed = await propose(connected, scene.server);
    proposed.merge.pipeline = 'running';
    proposed.merge.statuses = ['ci_still_running'];
    expect(await merge()).toEqual({ kind: 'armed' });
    expect(sent()).toEqual([
      expect.objectContaining({ [name]: true, sha: proposed.revision, squash_commit_message: MESSAGE.trimEnd() }),
    ]);
    expect(await merge()).toEqual({ kind: 'armed' });
    expect(await connected.requests.merge(1, 'squash', proposed.revision)).toEqual({ kind: 'armed' });
    expect(sent()).toHaveLength(2);
    passPipeline(scene.server.state, proposed.merge);
    const { state, mergedRevision } = await connected.requests.read(1);
    expect([state, mergedRevision]).toEqual(['merged', scene.repository.head()]);
  });

  it('never merges at once while the pipeline that the project asks for does not exist yet', async () => {
    scene.server.rules.needsPipeline = true;
    proposed = await propose(connected, scene.server);
    expect(await merge()).toEqual({ kind: 'not-yet', reason: 'its pipeline does not exist yet' });
    proposed.merge.statuses = ['ci_must_pass'];
    expect(await merge()).toEqual({ kind: 'not-yet', reason: 'its pipeline does not exist yet' });
    proposed.merge.pipeline = 'running';
    expect(sent()).toEqual([]);
    expect(await merge()).toEqual({ kind: 'armed' });
  });

  it('waits for a pipeline that nobody asks for, too, and does not merge after one that failed', async () => {
    proposed = await propose(connected, scene.server);
    proposed.merge.pipeline = 'running';
    expect(await merge()).toEqual({ kind: 'armed' });
    proposed.merge.pipeline = 'failed';
    expect(await merge()).toEqual({ kind: 'refused', reason: 'its pipeline is failed' });
    expect((await connected.requests.read(1)).state).toBe('open');
  });

  it.each([
    ['not_approved', '18.5.0', 'armed'],
    ['not_approved', '16.11.0', 'refused'],
    ['something_new', '18.5.0', 'armed'],
  ])('at %s on %s is %s', async (status, version, kind) => {
    Object.assign(scene.server.rules, { version, firstStatuses: [status] });
    proposed = await propose(connected, scene.server);
    expect((await merge()).kind).toBe(kind);
  });

  it('whose answer is lost is found by a look', async () => {
    proposed = await propose(connected, scene.server);
    Object.assign(proposed.merge, { pipeline: 'running', statuses: ['ci_still_running'] });
    scene.server.fault({ when: MERGE, answer: 'cut' });
    expect(await merge()).toEqual({ kind: 'armed' });
    expect(sent()).toHaveLength(1);
  });

  it('enters the merge train of a project that has one', async () => {
    scene.server.rules.trains = true;
    proposed = await propose(connected, scene.server);
    expect(await merge()).toEqual({ kind: 'armed' });
    expect(scene.server.writes().at(-1)).toMatch(/^POST .*merge_trains\/merge_requests\/1$/);
    expect(sent()).toEqual([]);
  });
});
