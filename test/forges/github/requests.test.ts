import { afterEach, describe, expect, it } from '@jest/globals';
import { createStage, draftOf, proposed } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

describe('pull requests on GitHub', () => {
  it('opens one, adopts it the second time, and finds it by its branch', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const { request, head } = await proposed(server, requests, 'drawbridge/a', { draft: true });
    expect(request).toEqual({
      number: 1,
      url: `${server.origin}/acme/config/pull/1`,
      state: 'open',
      title: 'title',
      body: 'body',
      draft: true,
      headBranch: 'drawbridge/a',
      headRevision: head,
      baseBranch: 'main',
      sameRepository: true,
      labels: [],
    });
    expect((await requests.open(draftOf('drawbridge/a', { title: 'other' }))).number).toBe(1);
    expect(server.state.pulls).toHaveLength(1);
    expect((await requests.find('drawbridge/a')).map(({ number }) => number)).toEqual([1]);
    expect(await requests.find('drawbridge')).toEqual([]);
    await expect(requests.read(7)).rejects.toMatchObject({ code: 'missing' });
  });

  it('never gives one of a fork, and reads lists to their end, newest first', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const base = server.repository.head();
    server.repository.git('update-ref', 'refs/heads/drawbridge/a', base);
    server.person({ head: 'drawbridge/a', fork: true });
    for (let count = 0; count < 102; count++) server.person({ head: 'drawbridge/a' });
    server.person({ head: 'other' });
    const numbers = (await requests.find('drawbridge/a')).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 102 }, (_, index) => 103 - index));
    expect(await requests.listOpen('drawbridge/')).toHaveLength(102);
    expect(server.requests[0]).toContain('head=acme%3Adrawbridge%2Fa');
    expect(server.requests.filter((name) => name.includes('page=2'))).toHaveLength(2);
  });

  it('says why one cannot be opened', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    server.repository.git('update-ref', 'refs/heads/same', server.repository.head());
    const none = { code: 'temporary', message: expect.stringContaining('No commits between main and same') };
    await expect(requests.open(draftOf('same'))).rejects.toMatchObject(none);
    await expect(requests.open(draftOf('gone'))).rejects.toMatchObject({ code: 'data' });
    const sentence = 'GitHub Actions is not permitted to create or approve pull requests.';
    server.fault({ when: /POST pulls$/, status: 403, json: { message: sentence } });
    const forbidden = { code: 'denied', hint: expect.stringContaining('Workflow permissions') };
    await expect(requests.open(draftOf('same'))).rejects.toMatchObject(forbidden);
    server.fault({
      when: /POST pulls$/,
      status: 422,
      json: { message: 'Draft pull requests are not supported in this repository.' },
    });
    const drafts = { code: 'data', hint: expect.stringContaining('leave draft out') };
    await expect(requests.open(draftOf('same', { draft: true }))).rejects.toMatchObject(drafts);
  });

  it('adopts the one that was opened while the answer got lost, and opens no second one', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    server.fault({ when: /POST pulls$/, cut: 'after' });
    expect((await proposed(server, requests, 'drawbridge/a')).request.number).toBe(1);
    server.fault({ when: /POST pulls$/, cut: 'before' });
    await expect(proposed(server, requests, 'drawbridge/b')).rejects.toMatchObject({ code: 'temporary' });
    expect(server.state.pulls).toHaveLength(1);
  });

  it('sets labels, reviewers, teams and assignees, once more where GitHub lags, and only warns where it cannot', async () => {
    const server = await stage.server();
    const { requests, host } = await stage.connect(server);
    server.fault({ when: /labels/, status: 422, json: { message: 'Validation Failed' } });
    const people = { labels: ['bump'], reviewers: ['reader', 'acme/platform'], assignees: ['reader', 'nobody'] };
    const { request } = await proposed(server, requests, 'drawbridge/a', people);
    expect(request.labels).toEqual(['bump']);
    expect(server.pull(1)).toMatchObject({ reviewers: ['reader', 'platform'], assignees: ['reader'] });
    expect(host.lines.filter((line) => line.includes('nobody'))).toHaveLength(1);
    await proposed(server, requests, 'drawbridge/b', { reviewers: ['octo'] });
    expect(host.lines.join('\n')).toContain('Review cannot be requested from pull request author');
    expect((await requests.update(2, { labels: ['more'] })).labels).toEqual(['more']);
  });

  it('updates title and body, closes with one comment, and sees what a person closed', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    await proposed(server, requests, 'drawbridge/a');
    server.fault({ when: /PATCH pulls\/1/, cut: 'after' });
    expect(await requests.update(1, { title: 'new', body: 'text' })).toMatchObject({ title: 'new', body: 'text' });
    server.fault({ when: /PATCH pulls\/1/, cut: 'before' });
    await expect(requests.update(1, { title: 'newer' })).rejects.toMatchObject({ code: 'temporary' });
    server.fault({ when: /POST issues\/1\/comments/, cut: 'after' });
    server.fault({ when: /PATCH pulls\/1/, cut: 'before' });
    await expect(requests.close(1, 'Superseded.')).rejects.toMatchObject({ code: 'temporary' });
    await requests.close(1, 'Superseded.');
    expect(server.pull(1)).toMatchObject({ state: 'closed', comments: ['Superseded.'] });
    await proposed(server, requests, 'drawbridge/b');
    server.pull(2).state = 'closed';
    expect(await requests.read(2)).toMatchObject({ state: 'closed' });
    expect(await requests.listOpen('drawbridge/')).toEqual([]);
    expect(await requests.find('drawbridge/b')).toMatchObject([{ number: 2, state: 'closed' }]);
  });

  it('waits out the limits of a read', async () => {
    const server = await stage.server();
    const { requests, host } = await stage.connect(server);
    server.fault({ when: /GET pulls/, status: 429, headers: { 'retry-after': '7' }, times: 2 });
    const before = host.clock.monotonic();
    expect(await requests.find('x')).toEqual([]);
    expect(host.clock.monotonic() - before).toBe(14_000);
  });
});
