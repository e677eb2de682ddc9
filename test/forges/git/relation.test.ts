import { afterEach, describe, expect, it } from '@jest/globals';
import { createFixture } from '../../support/forge-fixture.ts';

const fixture = createFixture();
afterEach(() => fixture.cleanUp());

async function connected(commits = 0) {
  const repository = fixture.repository({ 'a.yaml': 'a: 0\n', 'b.yaml': 'b: 0\n' });
  for (let index = 0; index < commits; index++) repository.commit({ 'log.txt': `${index}` });
  const { forge, host } = await fixture.connect(`file://${repository.path}`);
  return { repository, forge, host, relation: forge.repository.relation };
}

describe('how a revision stands to the wanted one', () => {
  it('equal, contains, lacks', async () => {
    const { repository, relation } = await connected();
    const before = repository.head();
    const wanted = repository.commit({ 'a.yaml': 'a: 1\n' });
    const after = repository.commit({ 'b.yaml': 'b: 1\n' });
    expect(await relation(wanted, wanted)).toBe('equal');
    expect(await relation(after, wanted)).toBe('contains');
    expect(await relation(before, wanted)).toBe('lacks');
  });

  it('contains, across more history than one fetch brings', async () => {
    const { repository, relation } = await connected();
    const before = repository.head();
    const wanted = repository.commit({ 'a.yaml': 'a: 1\n' });
    for (let index = 0; index < 20; index++) repository.commit({ 'log.txt': `${index}` });
    expect(await relation(repository.head(), wanted)).toBe('contains');
    expect(await relation(repository.head(), before)).toBe('contains');
    expect(await relation(before, repository.head())).toBe('lacks');
  });

  it('contains, through the second parent of a merge', async () => {
    const { repository, relation } = await connected();
    const base = repository.head();
    const wanted = repository.commit({ 'a.yaml': 'a: 1\n' }, { branch: 'topic', from: base });
    const side = repository.commit({ 'b.yaml': 'b: 1\n' });
    const tree = repository.git('merge-tree', '--write-tree', side, wanted);
    const merge = repository.git('commit-tree', tree, '-p', side, '-p', wanted, '-m', 'merge');
    repository.git('update-ref', 'refs/heads/main', merge);
    expect(await relation(merge, wanted)).toBe('contains');
    expect(await relation(side, wanted)).toBe('lacks');
  });

  it('reverted, when every file that T changed is as before', async () => {
    const { repository, relation } = await connected();
    const wanted = repository.commit({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'new.yaml': 'n: 1\n' });
    const half = repository.commit({ 'a.yaml': 'a: 0\n' });
    const newer = repository.commit({ 'a.yaml': 'a: 2\n' });
    const undone = repository.commit({
      'a.yaml': 'a: 0\n',
      'b.yaml': 'b: 0\n',
      'new.yaml': undefined,
      'c.yaml': 'c: 1\n',
    });
    const again = repository.commit({ 'a.yaml': 'a: 1\n' });
    expect(await relation(half, wanted)).toBe('contains');
    expect(await relation(newer, wanted)).toBe('contains');
    expect(await relation(undone, wanted)).toBe('reverted');
    expect(await relation(again, wanted)).toBe('contains');
  });

  it('reverted, for a change of the mode alone and for a first commit', async () => {
    const { repository, relation } = await connected();
    const first = repository.head();
    const wanted = repository.commit({ 'a.yaml': { mode: '100755', text: 'a: 0\n' } });
    const undone = repository.commit({ 'a.yaml': 'a: 0\n' });
    const emptied = repository.commit({ 'a.yaml': undefined, 'b.yaml': undefined, 'c.yaml': 'c: 0\n' });
    expect(await relation(undone, wanted)).toBe('reverted');
    expect(await relation(emptied, first)).toBe('reverted');
    expect(await relation(undone, first)).toBe('contains');
  });

  it('contains, for a commit that changed no file', async () => {
    const { repository, relation } = await connected();
    const wanted = repository.commit({});
    expect(await relation(repository.commit({ 'a.yaml': 'a: 3\n' }), wanted)).toBe('contains');
  });

  it('lacks, when the branch was force-pushed to another history', async () => {
    const { repository, relation } = await connected(3);
    const wanted = repository.head();
    const other = repository.commit({ 'a.yaml': 'a: 9\n' }, { from: 'none', branch: 'other' });
    repository.git('update-ref', 'refs/heads/main', other);
    expect(await relation(other, wanted)).toBe('lacks');
    const sibling = repository.commit({ 'a.yaml': 'a: 8\n' }, { from: `${wanted}~1` });
    expect(await relation(sibling, wanted)).toBe('lacks');
  });

  it('unknown, for what is no commit of this repository', async () => {
    const { repository, relation } = await connected();
    const head = repository.head();
    const tree = repository.git('rev-parse', `${head}^{tree}`);
    for (const strange of [
      'b'.repeat(40),
      'b'.repeat(64),
      '1.2.3',
      'sha256:abc',
      '',
      head.slice(0, 12),
      '--all',
      tree,
    ]) {
      expect([strange, await relation(strange, head)]).toEqual([strange, 'unknown']);
      expect([strange, await relation(head, strange)]).toEqual([strange, 'unknown']);
    }
    expect(await relation('1.2.3', '1.2.3')).toBe('unknown');
  });

  it('unknown, not lacks, where the server itself has only a part of history', async () => {
    const { repository } = await connected(5);
    const whole = fixture.repository();
    whole.git('fetch', '--quiet', '--depth=2', `file://${repository.path}`, 'main:refs/heads/shallow');
    const { forge } = await fixture.connect(`file://${whole.path}`);
    const tip = repository.head();
    expect(await forge.repository.relation(tip, `${repository.git('rev-parse', 'main~1')}`)).toBe('contains');
    expect(await forge.repository.relation(tip, repository.git('rev-parse', 'main~4'))).toBe('unknown');
    expect(await forge.repository.relation(tip, whole.head())).toBe('unknown');
  });

  it('is found out once for each pair, also when asked at the same time', async () => {
    const { repository, relation, host } = await connected();
    const wanted = repository.head();
    const after = repository.commit({ 'a.yaml': 'a: 1\n' });
    expect(await Promise.all([1, 2, 3].map(() => relation(after, wanted)))).toEqual(Array(3).fill('contains'));
    const processes = host.started.length;
    expect(await relation(after, wanted)).toBe('contains');
    expect(host.started).toHaveLength(processes);
  });

  it('asks again, a little later, for what was unknown', async () => {
    const { repository, relation, host } = await connected();
    const head = repository.head();
    const other = fixture.repository({ 'a.yaml': 'a: 0\n', 'b.yaml': 'b: 0\n' });
    const coming = other.commit({ 'z.yaml': 'z' });
    expect(await relation(coming, head)).toBe('unknown');
    repository.git('fetch', '--quiet', other.path, 'main:refs/heads/coming');
    expect(await relation(coming, head)).toBe('unknown');
    await host.clock.sleep(6_000);
    expect(['contains', 'lacks']).toContain(await relation(coming, head));
  });

  it('unknown while the server does not answer; a denial is told', async () => {
    const repository = fixture.repository();
    const server = await fixture.server(repository);
    const wanted = repository.head();
    const after = repository.commit({ 'a.yaml': '1' });
    const { forge, host } = await fixture.connect(server.url);
    server.fault({ when: /./, status: 503, times: 5 });
    expect(await forge.repository.relation(after, wanted)).toBe('unknown');
    await host.clock.sleep(6_000);
    server.fault({ when: /./, status: 403 });
    await expect(forge.repository.relation(after, wanted)).rejects.toMatchObject({ code: 'denied' });
    expect(await forge.repository.relation(after, wanted)).toBe('contains');
  });
});
