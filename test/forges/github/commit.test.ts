import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitMessage } from '../../../src/forges/github/commit.ts';
import { changeOf, textOf } from '../../support/forge-fixture.ts';
import { type GithubServer, READER, TOKEN } from '../../support/github-server.ts';
import { createStage } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

const MESSAGE = 'chore: bump a to 2\n\n- a.yaml: 1 → 2\n\nImage: a:2\nPrevious-Image: a:1\n';
const CHANGE = changeOf({ 'a.yaml': 'image: a:2\n', 'new/ü "b".yaml': 'b\n' }, MESSAGE);
/** Requests to the API but for the reading of a branch. */
const writes = ({ requests }: GithubServer) => requests.filter((name) => name !== 'POST graphql repository');

interface How {
  readonly mode?: '100755';
  readonly author?: { readonly name: string; readonly email: string };
  readonly parent?: true;
  readonly message?: string;
}

const CREATE = /graphql createCommitOnBranch/;

describe('a commit on GitHub', () => {
  it('reads the head and the files, and commits by the API as the owner of the token', async () => {
    const server = await stage.server();
    const { repository, host } = await stage.connect(server);
    const head = await repository.head();
    expect(head).toEqual({ branch: 'main', revision: server.repository.head() });
    const { files } = await repository.readFiles((path) => path === 'a.yaml', head.revision);
    expect(files.map(({ bytes }) => textOf(bytes))).toEqual(['image: a:1\n']);
    const result = await repository.commit('main', CHANGE, head.revision);
    expect(result).toEqual({ kind: 'committed', revision: server.repository.head() });
    expect(server.repository.git('log', '-1', '--format=%P %an <%ae> %cn')).toBe(
      `${head.revision} octo <583231+octo@users.noreply.github.com> GitHub`,
    );
    expect(server.repository.git('log', '-1', '--format=%B').trimEnd()).toBe(MESSAGE.trimEnd());
    expect(server.repository.text('a.yaml')).toBe('image: a:2');
    expect(server.repository.text('new/ü "b".yaml')).toBe('b');
    expect(writes(server)).toEqual(['POST graphql createCommitOnBranch']);
    const [logged] = await repository.log({ from: server.repository.head(), limit: 1 });
    expect(logged?.message.trimEnd()).toBe(MESSAGE.trimEnd());
    expect(await repository.relation(server.repository.head(), head.revision)).toBe('contains');
    expect(JSON.stringify([host.lines, host.started.map(({ args }) => args)])).not.toContain('canary');
    expect(host.secrets).toContain(TOKEN);
  });

  it.each([
    ['a protected branch', 'GH006: Protected branch update failed for refs/heads/main.', /pull request/],
    ['a ruleset', 'GH013: Repository rule violations found for refs/heads/main.', /bypass/],
  ])('is denied by %s with its words and the next step', async (_, sentence, hint) => {
    const server = await stage.server();
    server.state.rules.protectedBranches.set('main', sentence);
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    const failure = { code: 'denied', message: expect.stringContaining(sentence), hint: expect.stringMatching(hint) };
    await expect(repository.commit('main', CHANGE, revision)).rejects.toMatchObject(failure);
    expect(server.repository.head()).toBe(revision);
  });

  it('is denied to a token that may only read, and says which permissions are missing', async () => {
    const server = await stage.server();
    const { repository } = await stage.connect(server, { token: READER });
    const { revision } = await repository.head();
    const failure = { code: 'denied', hint: expect.stringContaining('Contents: write') };
    await expect(repository.commit('main', CHANGE, revision)).rejects.toMatchObject(failure);
    await expect(repository.commit('drawbridge/x', CHANGE, 'absent', revision)).rejects.toMatchObject(failure);
    await expect(repository.commit('main', CHANGE, 'absent', revision)).rejects.toMatchObject(failure);
  });

  it('makes a new branch, and is a conflict where there is one', async () => {
    const server = await stage.server();
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    const made = await repository.commit('drawbridge/a', CHANGE, 'absent', revision);
    expect(made).toEqual({ kind: 'committed', revision: server.repository.head('drawbridge/a') });
    expect(writes(server)).toEqual(['POST git/refs', 'POST graphql createCommitOnBranch']);
    const again = await repository.commit('drawbridge/a', CHANGE, 'absent', revision);
    expect(again.kind).toBe('conflict');
    expect(server.repository.head()).toBe(revision);
    expect(await repository.deleteBranch('drawbridge/a', revision)).toBe(false);
    expect(await repository.deleteBranch('drawbridge/a', server.repository.head('drawbridge/a'))).toBe(true);
  });

  it('leaves no empty branch behind when the commit on a new one is refused', async () => {
    const server = await stage.server();
    server.state.rules.protectedBranches.set('drawbridge/a', 'GH013: Repository rule violations found');
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    const commit = repository.commit('drawbridge/a', CHANGE, 'absent', revision);
    await expect(commit).rejects.toMatchObject({ code: 'denied' });
    expect(server.repository.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it.each<[string, How]>([
    ['an executable file', { mode: '100755' }],
    ['an author', { author: { name: 'Some One', email: 'some@example.test' } }],
    ['a branch made anew', { parent: true }],
    ['a message without an empty line', { message: 'title\nbody' }],
  ])('goes by a Git push for %s', async (_, how) => {
    const server = await stage.server({ files: { 'run.sh': { mode: '100755', text: 'a:1\n' } } });
    const { repository } = await stage.connect(server, how.author === undefined ? {} : { author: how.author });
    const base = await repository.head();
    const first = server.repository.commit({ 'x.yaml': 'x\n' }, { branch: 'ours', from: base.revision });
    const mode: '100644' | '100755' = how.mode ?? '100644';
    const plain = changeOf({ [mode === '100755' ? 'run.sh' : 'b.yaml']: 'a:2\n' }, how.message ?? MESSAGE);
    const change = { ...plain, files: plain.files.map((file) => ({ ...file, mode })) };
    const result = await repository.commit('ours', change, first, how.parent === true ? base.revision : undefined);
    expect(result).toEqual({ kind: 'committed', revision: server.repository.head('ours') });
    const who =
      how.author === undefined ? 'octo <583231+octo@users.noreply.github.com>' : 'Some One <some@example.test>';
    const parent = how.parent === true ? base.revision : first;
    expect(server.repository.git('log', '-1', '--format=%P %an <%ae>', 'ours')).toBe(`${parent} ${who}`);
    expect(server.repository.git('log', '-1', '--format=%B', 'ours').trimEnd()).toBe(change.message.trimEnd());
    expect(server.repository.git('ls-tree', 'ours', 'run.sh')).toMatch(/^100755/);
    expect(writes(server)).toEqual(how.author === undefined ? ['POST graphql viewer'] : []);
  });
});

describe('a commit whose answer got lost', () => {
  it.each(['after', 'before'] as const)('is sent once, and decided by reading (cut %s the work)', async (cut) => {
    const server = await stage.server();
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    server.fault({ when: CREATE, cut });
    const commit = repository.commit('main', CHANGE, revision);
    if (cut === 'after') {
      const result = await commit;
      expect(result).toEqual({ kind: 'committed', revision: server.repository.head() });
    } else
      await expect(commit).rejects.toMatchObject({ code: 'temporary', message: expect.stringContaining('not known') });
    expect(server.repository.history()).toHaveLength(cut === 'after' ? 2 : 1);
    expect(server.requests.filter((name) => CREATE.test(name))).toHaveLength(1);
  });

  it('is ours also where others have committed on top', async () => {
    const server = await stage.server();
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    let ours = '';
    const meanwhile = () => {
      ours = server.repository.head();
      server.repository.commit({ 'other.yaml': 'x\n' });
    };
    server.fault({ when: CREATE, cut: 'after', meanwhile });
    expect(await repository.commit('main', CHANGE, revision)).toEqual({ kind: 'committed', revision: ours });
  });

  it.each([
    ['a commit of others', { 'other.yaml': 'x\n' }, 'change'],
    ['the same values by somebody else', { 'a.yaml': 'image: a:2\n', 'new/ü "b".yaml': 'b\n' }, 'chore: theirs'],
    ['the same message with other values', { 'a.yaml': 'image: a:3\n', 'new/ü "b".yaml': 'b\n' }, MESSAGE],
  ])('is a conflict where %s took its place', async (_, files: Record<string, string>, message) => {
    const server = await stage.server();
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    const meanwhile = () => void server.repository.commit(files, { message });
    server.fault({ when: CREATE, status: 502, json: { message: 'Bad Gateway' }, meanwhile });
    expect((await repository.commit('main', CHANGE, revision)).kind).toBe('conflict');
    expect(server.repository.history()).toHaveLength(2);
  });

  it('goes on with a new branch whose creation got lost', async () => {
    const server = await stage.server();
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    server.fault({ when: /POST git\/refs/, cut: 'after' });
    expect((await repository.commit('drawbridge/a', CHANGE, 'absent', revision)).kind).toBe('committed');
    server.fault({ when: /POST git\/refs/, cut: 'before' });
    const lost = repository.commit('drawbridge/b', CHANGE, 'absent', revision);
    await expect(lost).rejects.toMatchObject({ code: 'temporary' });
    expect(server.repository.history('drawbridge/a')).toHaveLength(2);
  });

  it.each([
    [
      'the main limit',
      { status: 200, json: { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] } },
    ],
    [
      'the secondary limit',
      {
        status: 403,
        headers: { 'retry-after': '600' },
        json: { message: 'You have exceeded a secondary rate limit.' },
      },
    ],
  ])('is temporary under %s', async (_, fault) => {
    const server = await stage.server();
    const { repository } = await stage.connect(server);
    const { revision } = await repository.head();
    server.fault({ when: CREATE, ...fault });
    const failure = { code: 'temporary', message: expect.stringContaining('limit') };
    await expect(repository.commit('main', CHANGE, revision)).rejects.toMatchObject(failure);
    expect(server.repository.head()).toBe(revision);
  });
});

describe('the two parts of a message', () => {
  it('give the message back wherever they are used', () => {
    const part = fc.string({ unit: fc.constantFrom('a', ' ', '\n', 'é', ':', '\r', '\t') });
    fc.assert(
      fc.property(part, part, (a, b) => {
        const message = `${a}\n\n${b}`;
        const parts = splitMessage(message);
        if (parts === undefined) return;
        const joined = parts.body === undefined ? parts.headline : `${parts.headline}\n\n${parts.body}`;
        expect(joined).toBe(message.trimEnd());
      }),
    );
    expect(splitMessage('title\n\nbody\n\nTrailer: x\n')).toEqual({ headline: 'title', body: 'body\n\nTrailer: x' });
    expect(splitMessage('title\n')).toEqual({ headline: 'title' });
    expect(splitMessage('title\nbody')).toBeUndefined();
  });
});
