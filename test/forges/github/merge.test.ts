import { afterEach, describe, expect, it } from '@jest/globals';
import { READER } from '../../support/github-server.ts';
import { createStage, draftOf, proposed } from './stage.ts';

const stage = createStage();
afterEach(async () => expect(await stage.cleanUp()).toEqual([]));

const MESSAGE = 'chore: bump a to 2\n\nImage: a:2';

describe('merging on GitHub', () => {
  it('is bound to the head, and done once, with the message as it was given', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const { head } = await proposed(server, requests);
    expect(await requests.merge(1, 'squash', 'e'.repeat(40), MESSAGE)).toEqual({ kind: 'moved' });
    expect(await requests.merge(1, 'squash', head, MESSAGE)).toEqual({ kind: 'merged' });
    expect(await requests.merge(1, 'squash', head, MESSAGE)).toEqual({ kind: 'merged' });
    expect(server.repository.git('log', '-1', '--format=%B').trimEnd()).toBe(MESSAGE);
    expect(server.repository.history()).toHaveLength(2);
  });

  it('does not give a revision that is not on the base branch', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const { head, base } = await proposed(server, requests);
    await requests.merge(1, 'squash', head, MESSAGE);
    server.repository.git('update-ref', 'refs/heads/main', base);
    expect(await requests.read(1)).not.toHaveProperty('mergedRevision');
  });

  it('arms what checks hold back, says so again, and changes the text with a new head', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    server.state.rules.mergeState = 'blocked';
    const { head } = await proposed(server, requests);
    expect(await requests.merge(1, 'squash', head, MESSAGE)).toEqual({ kind: 'armed' });
    expect(await requests.merge(1, 'squash', head, MESSAGE)).toEqual({ kind: 'armed' });
    expect(server.requests.filter((name) => name.includes('enablePullRequestAutoMerge'))).toHaveLength(1);
    expect(await requests.merge(1, 'squash', head, 'chore: bump a to 3\n\nImage: a:3')).toEqual({
      kind: 'armed',
    });
    server.passChecks();
    expect(await requests.read(1)).toMatchObject({ state: 'merged', mergedRevision: server.repository.head() });
    expect(server.repository.git('log', '-1', '--format=%B').trimEnd()).toBe('chore: bump a to 3\n\nImage: a:3');
  });

  it('merges at once what is clean, also where it became so meanwhile', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const first = await proposed(server, requests, 'drawbridge/a');
    expect(await requests.merge(1, 'merge', first.head, MESSAGE)).toEqual({ kind: 'merged' });
    const { head } = await proposed(server, requests, 'drawbridge/b');
    server.state.rules.mergeState = 'blocked';
    const json = {
      data: null,
      errors: [{ type: 'UNPROCESSABLE', message: 'Pull request Pull request is in clean status' }],
    };
    const meanwhile = () => {
      server.state.rules.mergeState = 'clean';
    };
    server.fault({ when: /enable/, status: 200, json, meanwhile });
    expect(await requests.merge(2, 'squash', head, MESSAGE)).toEqual({ kind: 'merged' });
  });

  it.each([
    ['unknown', 'not-yet'],
    ['dirty', 'refused'],
    ['unstable', 'merged'],
  ])('in the state %s is %s', async (mergeState, kind) => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const { head } = await proposed(server, requests);
    server.state.rules.mergeState = mergeState;
    expect(await requests.merge(1, 'squash', head, MESSAGE)).toMatchObject({ kind });
  });

  it('refuses with a sentence what the settings do not allow', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const { head } = await proposed(server, requests);
    server.state.rules.methods = ['merge'];
    expect(await requests.merge(1, 'squash', head)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('not allowed'),
    });
    server.state.rules.mergeState = 'blocked';
    expect(await requests.merge(1, 'squash', head)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('not allowed'),
    });
    server.state.rules.autoMergeAllowed = false;
    expect(await requests.merge(1, 'merge', head)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('Allow auto-merge'),
    });
    server.pull(1).draft = true;
    expect(await requests.merge(1, 'merge', head)).toMatchObject({ kind: 'refused' });
    server.pull(1).state = 'closed';
    expect(await requests.merge(1, 'merge', head)).toMatchObject({ kind: 'refused' });
  });

  it('puts it into the merge queue where there is one', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    server.state.rules.mergeQueue = true;
    const { head } = await proposed(server, requests);
    expect(await requests.merge(1, 'squash', head, MESSAGE)).toEqual({ kind: 'armed' });
    server.state.rules.mergeState = 'blocked';
    expect(await requests.merge(1, 'squash', head, MESSAGE)).toEqual({ kind: 'armed' });
    server.passChecks();
    expect(await requests.read(1)).toMatchObject({ state: 'merged', mergedRevision: server.repository.head() });
  });

  it('looks when the answer got lost, and neither merges nor arms twice', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const first = await proposed(server, requests, 'drawbridge/a');
    server.fault({ when: /PUT pulls\/1\/merge/, cut: 'after' });
    expect(await requests.merge(1, 'squash', first.head, MESSAGE)).toEqual({ kind: 'merged' });
    const { head } = await proposed(server, requests, 'drawbridge/b');
    server.fault({ when: /PUT pulls\/2\/merge/, cut: 'before' });
    await expect(requests.merge(2, 'squash', head)).rejects.toMatchObject({ code: 'temporary' });
    server.state.rules.mergeState = 'blocked';
    server.fault({ when: /enable/, cut: 'after' });
    expect(await requests.merge(2, 'squash', head, MESSAGE)).toEqual({ kind: 'armed' });
    expect(server.requests.filter((name) => /PUT pulls|enable/.test(name))).toHaveLength(3);
  });

  it('is denied to a token that may only read', async () => {
    const server = await stage.server();
    const { requests } = await stage.connect(server);
    const { head } = await proposed(server, requests);
    const reader = await stage.connect(server, { token: READER });
    const denied = { code: 'denied', hint: expect.stringContaining('Pull requests: write') };
    await expect(reader.requests.merge(1, 'merge', head)).rejects.toMatchObject(denied);
    await expect(reader.requests.open(draftOf('drawbridge/a'))).rejects.toMatchObject(denied);
    await expect(reader.requests.close(1, 'no')).rejects.toMatchObject(denied);
    server.state.rules.mergeState = 'blocked';
    await expect(reader.requests.merge(1, 'merge', head)).rejects.toMatchObject(denied);
  });
});
