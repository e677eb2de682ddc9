import { afterEach, describe, expect, it } from '@jest/globals';
import { changeOf, createFixture } from '../../support/forge-fixture.ts';

const fixture = createFixture();
afterEach(() => fixture.cleanUp());

const BRANCH = 'drawbridge/shop/production';
const CHANGE = changeOf({ 'apps/api.yaml': 'image: api:2\n' }, 'chore: bump api');
const OTHER_CHANGE = changeOf({ 'apps/api.yaml': 'image: api:3\n' }, 'chore: bump api again');

async function connected() {
  const repository = fixture.repository({ 'apps/api.yaml': 'image: api:1\n', 'other.txt': 'other\n' });
  const server = await fixture.server(repository);
  const { forge, host } = await fixture.connect(server.url);
  return { repository, server, host, base: repository.head(), role: forge.repository };
}

describe('a branch of our own', () => {
  it('is made with one commit on the parent that is named', async () => {
    const { repository, role, base } = await connected();
    const result = await role.commit(BRANCH, CHANGE, 'absent', base);
    expect(result).toEqual({ kind: 'committed', revision: repository.head(BRANCH) });
    expect(repository.history(BRANCH)).toEqual([repository.head(BRANCH), base]);
    expect(repository.head()).toBe(base);
  });

  it('is not made over one that exists, even when it appears between the advertisement and the push', async () => {
    const { repository, role, base, server } = await connected();
    let theirs = '';
    server.fault({
      when: /POST .*receive-pack/,
      before: () => {
        theirs = repository.commit({ 'other.txt': 'theirs' }, { branch: BRANCH, from: base });
      },
    });
    const raced = await role.commit(BRANCH, CHANGE, 'absent', base);
    expect(raced).toEqual({ kind: 'conflict', reason: expect.stringContaining(`exists already, at ${theirs}`) });
    const late = await role.commit(BRANCH, CHANGE, 'absent', base);
    expect(late.kind).toBe('conflict');
    expect(repository.head(BRANCH)).toBe(theirs);
  });

  it('is found again after the answer was lost', async () => {
    const { repository, role, base, server } = await connected();
    server.fault({ when: /POST .*receive-pack/, cutAfter: 0 });
    const result = await role.commit(BRANCH, CHANGE, 'absent', base);
    expect(result).toEqual({ kind: 'committed', revision: repository.head(BRANCH) });
    expect(repository.history(BRANCH)).toHaveLength(2);
  });

  it('needs to know what it stands on', async () => {
    const { role } = await connected();
    await expect(role.commit(BRANCH, CHANGE, 'absent')).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('the commit of our own branch', () => {
  it('is replaced by one on a newer parent', async () => {
    const { repository, role, base } = await connected();
    await role.commit(BRANCH, CHANGE, 'absent', base);
    const newer = repository.commit({ 'other.txt': 'newer' });
    const result = await role.commit(BRANCH, OTHER_CHANGE, repository.head(BRANCH), newer);
    expect(result).toEqual({ kind: 'committed', revision: repository.head(BRANCH) });
    expect(repository.history(BRANCH)).toEqual([repository.head(BRANCH), newer, base]);
    expect(repository.text('apps/api.yaml', BRANCH)).toBe('image: api:3');
  });

  it('is not replaced when somebody has pushed to it meanwhile', async () => {
    const { repository, role, base, server } = await connected();
    await role.commit(BRANCH, CHANGE, 'absent', base);
    const ours = repository.head(BRANCH);
    let theirs = '';
    server.fault({
      when: /POST .*receive-pack/,
      before: () => {
        theirs = repository.commit({ 'other.txt': 'a fix' }, { branch: BRANCH });
      },
    });
    const result = await role.commit(BRANCH, OTHER_CHANGE, ours, base);
    expect(result).toEqual({ kind: 'conflict', reason: expect.stringContaining(theirs) });
    expect(repository.history(BRANCH)).toEqual([theirs, ours, base]);
  });

  it('is kept where the new one would be the same', async () => {
    const { repository, role, base } = await connected();
    const first = await role.commit(BRANCH, CHANGE, 'absent', base);
    const again = await role.commit(BRANCH, CHANGE, repository.head(BRANCH), base);
    expect(again).toEqual(first);
  });
});

describe('deleting a branch', () => {
  it('deletes it where it is, and takes a second time for done', async () => {
    const { repository, role, base } = await connected();
    repository.git('branch', BRANCH);
    expect(await role.deleteBranch(BRANCH, base)).toBe(true);
    expect(repository.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(await role.deleteBranch(BRANCH, base)).toBe(true);
  });

  it('keeps it where somebody has pushed to it', async () => {
    const { repository, role, base, server } = await connected();
    const theirs = repository.commit({ 'other.txt': 'theirs' }, { branch: BRANCH, from: base });
    expect(await role.deleteBranch(BRANCH, base)).toBe(false);
    let newer = '';
    server.fault({
      when: /POST .*receive-pack/,
      before: () => {
        newer = repository.commit({ 'other.txt': 'newer' }, { branch: BRANCH });
      },
    });
    expect(await role.deleteBranch(BRANCH, theirs)).toBe(false);
    expect(repository.head(BRANCH)).toBe(newer);
  });

  it('is found done after the answer was lost', async () => {
    const { repository, role, base, server } = await connected();
    repository.git('branch', BRANCH);
    server.fault({ when: /POST .*receive-pack/, cutAfter: 0 });
    expect(await role.deleteBranch(BRANCH, base)).toBe(true);
    expect(repository.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it('tells what a rule of the server says', async () => {
    const { repository, role, base } = await connected();
    repository.git('branch', BRANCH);
    repository.hook('pre-receive', 'echo "branches stay" >&2; exit 1');
    await expect(role.deleteBranch(BRANCH, base)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/refused to delete branch drawbridge\/shop\/production.*branches stay/),
    });
    expect(repository.head(BRANCH)).toBe(base);
  });
});
