import { afterEach, describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import { type PublishRequest, publish } from '../../src/forges/publish.ts';
import { changeOf, createFixture, textOf } from '../support/forge-fixture.ts';
import type { RealHost } from '../support/real-host.ts';

const fixture = createFixture();
afterEach(() => fixture.cleanUp());

const isYaml = (path: string) => path.endsWith('.yaml');

/** Writes one line of a shared file, as a bump of one image would; nothing when it is there. */
function lineBump(host: RealHost, line: number, value: string): PublishRequest {
  return {
    host,
    wanted: isYaml,
    conflictTimeout: 120_000,
    write: true,
    plan: ({ files }) => {
      const lines = (textOf(files[0]?.bytes) ?? '').split('\n');
      if (lines[line] === value) return { kind: 'nothing' };
      lines[line] = value;
      return { kind: 'change', change: changeOf({ 'images.yaml': lines.join('\n') }, `chore: line ${line}`) };
    },
  };
}

async function connected() {
  const repository = fixture.repository({ 'images.yaml': 'old\n'.repeat(8), 'notes.txt': 'notes\n' });
  const server = await fixture.server(repository);
  return { repository, server, ...(await fixture.connect(server.url)) };
}

describe('publish', () => {
  it('commits what was planned on the head that was read', async () => {
    const { repository, forge, host } = await connected();
    const before = repository.head();
    const published = await publish(forge, lineBump(host, 0, 'new'));
    expect(published).toMatchObject({ changed: true, revision: repository.head(), branch: 'main', attempts: 1 });
    expect(published.snapshot.revision).toBe(before);
    expect(published.change?.title).toBe('chore: line 0');
    expect(repository.text('images.yaml').split('\n')[0]).toBe('new');
  });

  it('writes nothing when it is there already, and says which head was read', async () => {
    const { repository, forge, host } = await connected();
    await publish(forge, lineBump(host, 0, 'new'));
    const again = await publish(forge, lineBump(host, 0, 'new'));
    expect(again).toMatchObject({ changed: false, revision: repository.head(), attempts: 1 });
    expect(again.change).toBeUndefined();
    expect(repository.history()).toHaveLength(2);
  });

  it('plans once and writes nothing in a dry run', async () => {
    const { repository, server, forge, host } = await connected();
    const published = await publish(forge, { ...lineBump(host, 0, 'new'), write: false });
    expect(published).toMatchObject({ changed: true, revision: repository.head(), change: { title: 'chore: line 0' } });
    expect(repository.history()).toHaveLength(1);
    expect(server.requests.join('\n')).not.toContain('receive-pack');
  });

  it('lets what the plan throws pass, with nothing written', async () => {
    const { repository, forge, host } = await connected();
    const problem = new ToolError('data', 'a stale digest');
    const plan = () => Promise.reject(problem);
    await expect(publish(forge, { ...lineBump(host, 0, 'x'), plan })).rejects.toBe(problem);
    expect(repository.history()).toHaveLength(1);
  });

  it('plans again on the new head after a lost race, and keeps both commits', async () => {
    const { repository, forge, host } = await connected();
    const told: string[] = [];
    const request = lineBump(host, 0, 'ours');
    let plans = 0;
    const published = await publish(forge, {
      ...request,
      onConflict: (text) => told.push(text),
      plan: (snapshot, head) => {
        if (++plans === 1) repository.commit({ 'images.yaml': 'old\ntheirs\n' });
        return request.plan(snapshot, head);
      },
    });
    expect(published).toMatchObject({ changed: true, attempts: 2 });
    expect(told).toEqual([expect.stringContaining('branch main has moved')]);
    expect(repository.text('images.yaml')).toBe('ours\ntheirs');
    expect(repository.history()).toHaveLength(3);
  });

  it('does nothing when the race was lost to the same value', async () => {
    const { repository, forge, host } = await connected();
    const request = lineBump(host, 0, 'same');
    const published = await publish(forge, {
      ...request,
      plan: (snapshot, head) => {
        const planned = request.plan(snapshot, head);
        if (repository.history().length === 1) repository.commit({ 'images.yaml': `same\n${'old\n'.repeat(7)}` });
        return planned;
      },
    });
    expect(published).toMatchObject({ changed: false, revision: repository.head(), attempts: 2 });
    expect(repository.history()).toHaveLength(2);
  });

  it('goes on from an older commit when the branch was reset: nothing comes back', async () => {
    const { repository, forge, host } = await connected();
    const first = repository.head();
    repository.commit({ 'secret.txt': 'taken out again' });
    const request = lineBump(host, 0, 'new');
    let plans = 0;
    await publish(forge, {
      ...request,
      plan: (snapshot, head) => {
        if (++plans === 1) repository.git('update-ref', 'refs/heads/main', first);
        return request.plan(snapshot, head);
      },
    });
    expect(repository.history()).toEqual([repository.head(), first]);
    expect(repository.git('ls-tree', '--name-only', 'main')).toBe('images.yaml\nnotes.txt');
  });

  it('ends with missing when the branch is deleted between reading and committing', async () => {
    const { repository, forge, host } = await connected();
    const request = lineBump(host, 0, 'new');
    const attempt = publish(forge, {
      ...request,
      plan: (snapshot, head) => {
        repository.git('update-ref', '-d', 'refs/heads/main');
        return request.plan(snapshot, head);
      },
    });
    await expect(attempt).rejects.toMatchObject({ code: 'missing' });
    expect(repository.git('for-each-ref')).toBe('');
  });

  it('stays on the branch that it began with when the default branch changes meanwhile', async () => {
    const { repository, forge, host } = await connected();
    repository.git('branch', 'other');
    const request = lineBump(host, 0, 'new');
    const published = await publish(forge, {
      ...request,
      plan: (snapshot, head) => {
        if (repository.history().length === 1) {
          repository.commit({ 'notes.txt': 'moved' });
          repository.git('symbolic-ref', 'HEAD', 'refs/heads/other');
        }
        return request.plan(snapshot, head);
      },
    });
    expect(published).toMatchObject({ branch: 'main', revision: repository.head('main'), attempts: 2 });
    expect(repository.history('other')).toHaveLength(1);
  });

  it('gives up after conflict-timeout, with growing random pauses and nothing of ours written', async () => {
    const { repository } = await connected();
    const { forge, host } = await fixture.connect(`file://${repository.path}`, { random: () => 0.999 });
    const start = host.clock.monotonic();
    const request = lineBump(host, 0, 'ours');
    const attempt = publish(forge, {
      ...request,
      conflictTimeout: 20_000,
      plan: (snapshot, head) => {
        repository.commit({ 'notes.txt': `${snapshot.revision}` });
        return request.plan(snapshot, head);
      },
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'temporary',
      message: expect.stringMatching(/^Branch main of .* moved 7 times/),
      hint: expect.stringContaining('Nothing was written'),
    });
    expect(host.clock.monotonic() - start).toBeLessThanOrEqual(20_000);
    expect(repository.text('images.yaml')).not.toContain('ours');
  });
});

describe('a race of 8 writers on one branch', () => {
  async function race(request: (host: RealHost, index: number) => PublishRequest) {
    const repository = fixture.repository({ 'images.yaml': 'old\n'.repeat(8) });
    const address = { kind: 'path', path: repository.path } as const;
    const clients = await Promise.all(Array.from({ length: 8 }, () => fixture.connect(address)));
    const published = await Promise.all(clients.map(({ forge, host }, index) => publish(forge, request(host, index))));
    return { repository, published };
  }

  it('all 8 land, none is lost, one commit each', async () => {
    const { repository, published } = await race((host, index) => lineBump(host, index, `new ${index}`));
    const history = repository.history();
    expect(history).toHaveLength(9);
    expect(repository.git('rev-list', '--count', 'main')).toBe('9');
    expect(new Set(published.map(({ revision }) => revision))).toEqual(new Set(history.slice(0, 8)));
    expect(repository.text('images.yaml').split('\n')).toEqual(Array.from({ length: 8 }, (_, index) => `new ${index}`));
    expect(published.some(({ attempts }) => attempts > 1)).toBe(true);
    for (const revision of history.slice(0, 8)) {
      expect(repository.git('diff', '--numstat', `${revision}~1`, revision)).toBe('1\t1\timages.yaml');
    }
  });

  it('8 writers of the same value make one commit, and all name it', async () => {
    const { repository, published } = await race((host, index) => {
      const request = lineBump(host, 0, 'same');
      const plan: PublishRequest['plan'] = async (snapshot, head) => {
        const planned = await request.plan(snapshot, head);
        if (planned.kind === 'nothing') return planned;
        return { kind: 'change', change: { ...planned.change, message: `chore: run ${index}` } };
      };
      return { ...request, plan };
    });
    expect(repository.history()).toHaveLength(2);
    expect(published.map(({ revision }) => revision)).toEqual(Array(8).fill(repository.head()));
    expect(published.filter(({ changed }) => changed)).toHaveLength(1);
  });
});
