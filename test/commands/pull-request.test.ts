import { afterEach, describe, expect, it } from '@jest/globals';
import { parseMarker } from '../../src/forges/request-marker.ts';
import { BRANCH, createStage, deployment, SHOP, type Stage, type StageOptions } from '../support/request-stage.ts';

const made: Stage[] = [];
function stage(options: StageOptions = {}): Stage {
  const one = createStage(options);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const { bare } of made.splice(0)) bare.remove();
});

const branches = ({ bare }: Stage) => bare.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
const states = ({ memory }: Stage) => memory.requests.map(({ number, state }) => `${number} ${state}`).sort();
const commitsOn = ({ bare }: Stage, branch: string) => Number(bare.git('rev-list', '--count', `main..${branch}`));
const containers = (...images: string[]) => deployment(...images).trimEnd();

describe('bump --strategy pull-request', () => {
  it('opens one request from one branch with one commit, and leaves the base branch alone', async () => {
    const one = stage();
    const main = one.bare.head();
    const { result, exitCode, outputs, headline } = await one.bump('acme/api:1.1.0');
    expect([result, exitCode, outputs.changed, outputs.revision, outputs.merged]).toEqual([
      'ok',
      0,
      'true',
      '',
      'false',
    ]);
    expect(outputs['pull-request-number']).toBe('1');
    expect(outputs['pull-request-url']).toBe('https://forge.test/acme/config/pull/1');
    expect(outputs['head-revision']).toBe(one.bare.head(BRANCH));
    expect(outputs.branch).toBe(BRANCH);
    expect(headline).toBe('1 place changed in https://forge.test/acme/config/pull/1, which was opened');
    expect([one.bare.head(), commitsOn(one, BRANCH), branches(one)]).toEqual([main, 1, [BRANCH, 'main']]);
    expect(one.bare.text(SHOP, BRANCH)).toBe(containers('acme/api:1.1.0', 'acme/worker:1.0.0'));
  });

  it('describes it: marker, table with links, and how to undo it', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const [request] = one.memory.requests;
    expect(request?.title).toBe('chore(apps/shop/production): bump acme/api to 1.1.0');
    expect(parseMarker(request?.body ?? '')).toEqual({
      group: 'apps/shop/production/shop',
      values: ['acme/api:1.1.0'],
      head: one.bare.head(BRANCH),
    });
    const link = `https://forge.test/acme/config/blob/${one.bare.head()}/${SHOP}#L11`;
    expect(request?.body).toContain(`[\`${SHOP}:11\`](${link})`);
    expect(request?.body).toContain('drawbridge rollback');
  });

  it('links to the changes in the source where both tags carry a commit', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/api', GITHUB_SHA: 'beef123'.padEnd(40, '0') };
    const one = stage({ files: { [SHOP]: deployment('acme/api:main-abc1234') } });
    Object.assign(one.host, { env: { ...one.host.env, ...env } });
    await one.bump('acme/api:main-beef123');
    expect(one.memory.requests[0]?.body).toContain(
      '[abc1234...beef123](https://github.com/acme/api/compare/abc1234...beef123)',
    );
  });

  it('hands on title, labels, reviewers, assignees and draft', async () => {
    const one = stage();
    const flags = { title: 'Release', labels: ['deploy'], reviewers: ['ann'], assignees: ['ben'], draft: 'true' };
    await one.bump('acme/api:1.1.0', flags);
    expect(one.memory.requests[0]).toMatchObject({ title: 'Release', labels: ['deploy'], draft: true });
    expect(one.memory.drafts[0]).toMatchObject({ reviewers: ['ann'], assignees: ['ben'] });
  });

  it('does nothing the second time', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const [before] = one.memory.requests;
    const { outputs, exitCode, headline } = await one.bump('acme/api:1.1.0');
    expect([exitCode, outputs.changed, outputs.revision, outputs['pull-request-number']]).toEqual([
      0,
      'false',
      '',
      '1',
    ]);
    expect(headline).toContain('holds these values already');
    expect(one.memory.requests).toEqual([before]);
  });

  it('updates the same request for a newer tag: one commit, title and body, and what people wrote stays', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0', { labels: ['deploy'] });
    one.memory.people.edit(1, {
      body: `${one.memory.requests[0]?.body}\n\nPlease look at the logs, Ann.`,
      labels: ['mine'],
    });
    const { outputs } = await one.bump('acme/api:1.2.0', { labels: ['deploy'] });
    const [request] = one.memory.requests;
    expect([outputs.changed, states(one), commitsOn(one, BRANCH)]).toEqual(['true', ['1 open'], 1]);
    expect(request?.title).toContain('1.2.0');
    expect(request?.body).toContain('Please look at the logs, Ann.');
    expect(request?.body).not.toContain('1.1.0');
    expect(request?.labels).toEqual(['mine', 'deploy']);
    expect(one.bare.git('log', '-1', '--format=%(trailers:key=Previous-Image)', BRANCH)).toContain('acme/api:1.0.0');
  });

  it('makes the commit anew on the base branch when that changed the same file, and only then', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const first = one.bare.head(BRANCH);
    one.bare.commit({ 'other.txt': 'other\n' });
    await one.bump('acme/api:1.1.0');
    expect(one.bare.head(BRANCH)).toBe(first);
    one.bare.commit({
      [SHOP]: deployment('acme/api:1.0.0', 'acme/worker:1.0.0').replace('replicas: 2', 'replicas: 5'),
    });
    const { outputs } = await one.bump('acme/api:1.1.0');
    expect([outputs.changed, commitsOn(one, BRANCH)]).toEqual(['true', 1]);
    expect(one.bare.text(SHOP, BRANCH)).toContain('replicas: 5');
  });

  it('goes on proposing what another run of the group proposed', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    await one.bump('acme/worker:2.0.0');
    expect([states(one), commitsOn(one, BRANCH)]).toEqual([['1 open'], 1]);
    expect(one.bare.text(SHOP, BRANCH)).toBe(containers('acme/api:1.1.0', 'acme/worker:2.0.0'));
    expect(parseMarker(one.memory.requests[0]?.body ?? '')?.values).toEqual(['acme/api:1.1.0', 'acme/worker:2.0.0']);
  });

  it('opens another request where it cannot propose that again exactly', async () => {
    const one = stage({ files: { [SHOP]: deployment('acme/api:1.0.0', 'acme/api:1.0.0', 'acme/worker:1.0.0') } });
    await one.bump('acme/api:1.1.0', { select: ['container=c0'] });
    await one.bump('acme/worker:2.0.0');
    expect(states(one)).toEqual(['1 open', '2 open']);
    expect(one.bare.text(SHOP, BRANCH)).toBe(containers('acme/api:1.1.0', 'acme/api:1.0.0', 'acme/worker:1.0.0'));
    expect(one.bare.text(SHOP, `${BRANCH}-2`)).toBe(
      containers('acme/api:1.0.0', 'acme/api:1.0.0', 'acme/worker:2.0.0'),
    );
  });

  it('refuses to take a newer proposal back', async () => {
    const one = stage();
    await one.bump('acme/api:1.2.0');
    const head = one.bare.head(BRANCH);
    await expect(one.bump('acme/api:1.1.0')).rejects.toMatchObject({
      code: 'data',
      message: expect.stringContaining(BRANCH),
    });
    expect([one.bare.head(BRANCH), states(one)]).toEqual([head, ['1 open']]);
  });

  it('has nothing to do where the base branch holds it, and closes the request that it overtook', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    one.bare.commit({ [SHOP]: deployment('acme/api:1.2.0', 'acme/worker:1.0.0') });
    const { outputs, notes } = await one.bump('acme/api:1.2.0');
    expect([outputs.changed, outputs.revision, states(one)]).toEqual(['false', one.bare.head(), ['1 closed']]);
    expect(notes).toEqual(['https://forge.test/acme/config/pull/1 was overtaken, and closed']);
    expect(branches(one)).toEqual(['main']);
  });

  it('leaves a request for something newer open where the base branch holds what is wanted', async () => {
    const one = stage();
    await one.bump('acme/api:1.2.0');
    one.bare.commit({ [SHOP]: deployment('acme/api:1.1.0', 'acme/worker:1.0.0') });
    const { exitCode } = await one.bump('acme/api:1.1.0');
    expect([exitCode, states(one)]).toEqual([0, ['1 open']]);
  });

  it('starts afresh on the branch that a merged request left behind', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    one.memory.people.merge(1, 'squash');
    await one.bump('acme/api:1.2.0');
    expect([states(one), commitsOn(one, BRANCH)]).toEqual([['1 merged', '2 open'], 1]);
    one.memory.people.merge(2, 'merge');
    await one.bump('acme/worker:2.0.0');
    expect([states(one), commitsOn(one, BRANCH)]).toEqual([['1 merged', '2 merged', '3 open'], 1]);
    expect(parseMarker(one.memory.requests[0]?.body ?? '')?.values).toEqual(['acme/worker:2.0.0']);
  });

  it('shows a plan and writes nothing in a dry run', async () => {
    const one = stage();
    const { outputs } = await one.bump('acme/api:1.1.0', { 'dry-run': 'true' });
    expect([outputs.changed, outputs.revision, branches(one), states(one)]).toEqual([
      'true',
      one.bare.head(),
      ['main'],
      [],
    ]);
  });

  it('keeps environments apart that are branches', async () => {
    const one = stage();
    one.bare.git('branch', 'staging');
    await one.bump('acme/api:1.1.0');
    await one.bump('acme/api:1.1.0', { 'base-branch': 'staging' });
    expect(one.memory.requests.map(({ headBranch, baseBranch }) => [headBranch, baseBranch])).toEqual([
      ['drawbridge/staging/apps-shop-production-shop', 'staging'],
      [BRANCH, 'main'],
    ]);
  });

  it('refuses the base branch as its own branch, and contradicting inputs', async () => {
    const one = stage();
    await expect(one.bump('acme/api:1.1.0', { branch: 'main' })).rejects.toMatchObject({ code: 'input' });
    await expect(
      one.bump('acme/api:1.1.0', { branch: 'a..b', draft: 'true', 'auto-merge': 'squash', 'skip-ci': 'true' }),
    ).rejects.toMatchObject({
      code: 'input',
      problems: [expect.stringContaining('a..b'), expect.stringContaining('skip-ci'), expect.stringContaining('draft')],
    });
    expect(one.memory.calls.filter((name) => name === 'commit')).toEqual([]);
  });

  it('never moves a branch that is not known to be ours, even one with nothing of its own', async () => {
    const one = stage();
    const first = one.bare.head();
    one.bare.git('branch', 'release');
    one.bare.commit({ 'other.txt': 'other\n' });
    await one.bump('acme/api:1.1.0', { branch: 'release' });
    expect([one.bare.head('release'), one.memory.requests[0]?.headBranch]).toEqual([first, 'release-2']);
  });

  it('says what to use where the forge is plain Git', async () => {
    const one = stage();
    const { requests: _, ...plain } = one.memory.forge;
    Object.assign(one.context, { connectForge: async () => plain });
    await expect(one.bump('acme/api:1.1.0')).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('plain Git'),
      hint: expect.stringContaining('strategy commit'),
    });
    await expect(one.bump('acme/api:1.1.0', { 'dry-run': 'true' })).rejects.toMatchObject({ code: 'input' });
  });
});

describe('commits and decisions of people', () => {
  it("never overwrites a person's commit: another branch takes its place, and both say so", async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const theirs = one.memory.people.push(BRANCH, { 'fix.txt': 'a fix\n' }, 'fix it');
    const { notes, outputs } = await one.bump('acme/api:1.2.0');
    expect([one.bare.head(BRANCH), states(one), outputs.branch]).toEqual([theirs, ['1 open', '2 open'], `${BRANCH}-2`]);
    expect(notes).toEqual([expect.stringMatching(/pull\/1 holds a commit by somebody else .*Somebody/)]);
    expect(one.memory.requests[0]?.body).toContain('holds a commit by somebody else');
    expect((await one.bump('acme/api:1.2.0')).outputs.changed).toBe('false');
    expect((await one.bump('acme/api:1.3.0')).outputs['pull-request-number']).toBe('2');
  });

  it('takes a commit that was amended for theirs', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const message = one.bare.git('log', '-1', '--format=%B', BRANCH);
    const text = deployment('acme/api:1.1.0', 'acme/worker:1.0.0').replace('replicas: 2', 'replicas: 9');
    const amended = one.bare.commit({ [SHOP]: text }, { branch: BRANCH, from: 'main', message });
    await one.bump('acme/api:1.2.0');
    expect([one.bare.head(BRANCH), one.memory.requests[0]?.headBranch]).toEqual([amended, `${BRANCH}-2`]);
  });

  it('takes our own commit on top of theirs for theirs', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const message = one.bare.git('log', '-1', '--format=%B', BRANCH);
    one.bare.commit({ 'fix.txt': 'a fix\n' }, { branch: BRANCH, from: 'main' });
    const text = deployment('acme/api:1.1.0', 'acme/worker:1.0.0');
    const theirs = one.bare.commit({ [SHOP]: text }, { branch: BRANCH, message });
    await one.bump('acme/api:1.2.0');
    expect([one.bare.head(BRANCH), one.memory.requests[0]?.headBranch]).toEqual([theirs, `${BRANCH}-2`]);
  });

  it('does not bring back what a person closed when another image of the group is bumped', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    one.memory.people.close(1);
    await one.bump('acme/worker:2.0.0');
    expect([states(one), one.memory.requests[0]?.headBranch]).toEqual([['1 closed', '2 open'], BRANCH]);
    expect(one.bare.text(SHOP, BRANCH)).toBe(containers('acme/api:1.0.0', 'acme/worker:2.0.0'));
  });

  it('has nothing to do where the request with their commit holds the values', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    const theirs = one.memory.people.push(BRANCH, { 'fix.txt': 'a fix\n' });
    const { outputs, exitCode } = await one.bump('acme/api:1.1.0', { 'auto-merge': 'squash' });
    expect([exitCode, outputs.changed, one.bare.head(BRANCH), states(one)]).toEqual([0, 'false', theirs, ['1 open']]);
    expect(one.memory.merges).toEqual([]);
  });

  it('does not touch a branch of that name that somebody made for something else', async () => {
    const one = stage();
    const theirs = one.bare.commit({ 'x.txt': 'x\n' }, { branch: BRANCH, from: 'main' });
    await one.bump('acme/api:1.1.0');
    expect([one.bare.head(BRANCH), one.memory.requests[0]?.headBranch]).toEqual([theirs, `${BRANCH}-2`]);
  });

  it('stops when every branch is taken', async () => {
    const one = stage();
    for (const name of [BRANCH, ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${BRANCH}-${n}`)])
      one.bare.commit({ 'x.txt': `${name}\n` }, { branch: name, from: 'main' });
    await expect(one.bump('acme/api:1.1.0')).rejects.toMatchObject({
      code: 'data',
      hint: expect.stringContaining('Nothing'),
    });
  });

  it('does not open a request again that a person closed for the same values', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    one.memory.people.close(1);
    const again = await one.bump('acme/api:1.1.0');
    expect([again.result, again.exitCode, again.outputs.changed, states(one)]).toEqual([
      'failed',
      1,
      'false',
      ['1 closed'],
    ]);
    expect(again.headline).toContain('a person closed https://forge.test/acme/config/pull/1');
    one.bare.git('branch', '-D', BRANCH);
    expect((await one.bump('acme/api:1.1.0')).exitCode).toBe(1);
    expect((await one.bump('acme/api:1.2.0')).outputs['pull-request-number']).toBe('2');
  });

  it('goes on with one that a person opened again', async () => {
    const one = stage();
    await one.bump('acme/api:1.1.0');
    one.memory.people.close(1);
    one.memory.people.reopen(1);
    expect((await one.bump('acme/api:1.1.0')).exitCode).toBe(0);
    expect(states(one)).toEqual(['1 open']);
  });

  it('goes on with the second request when the first one is merged', async () => {
    const one = stage({ files: { [SHOP]: deployment('acme/api:a', 'acme/worker:1.0.0') } });
    await one.bump('acme/api:b');
    one.memory.people.push(BRANCH, { 'fix.txt': 'a fix\n' });
    await one.bump('acme/api:c');
    one.memory.people.merge(1, 'squash');
    one.bare.commit({ [SHOP]: deployment('acme/api:a', 'acme/worker:1.0.0') });
    const { outputs } = await one.bump('acme/api:d');
    expect([outputs['pull-request-number'], states(one)]).toEqual(['2', ['1 merged', '2 open']]);
  });

  it('closes an older request of the group with a link to the one that takes its place', async () => {
    const one = stage({ files: { [SHOP]: deployment('acme/api:a', 'acme/worker:1.0.0') } });
    await one.bump('acme/api:b');
    const ours = one.bare.head(BRANCH);
    one.memory.people.push(BRANCH, { 'fix.txt': 'a fix\n' });
    await one.bump('acme/api:c');
    one.bare.git('update-ref', `refs/heads/${BRANCH}`, ours);
    await one.bump('acme/api:b');
    expect(states(one)).toEqual(['1 open', '2 closed']);
    expect(one.memory.comments).toEqual([{ number: 2, text: 'Superseded by https://forge.test/acme/config/pull/1.' }]);
    expect(branches(one)).toEqual([BRANCH, 'main']);
    expect(parseMarker(one.memory.requests[0]?.body ?? '')?.superseded).toBe(true);
    one.memory.people.push(BRANCH, { 'fix.txt': 'another fix\n' });
    expect((await one.bump('acme/api:c')).outputs['pull-request-number']).toBe('3');
  });

  it('takes a request that a person opened from our branch for ours', async () => {
    const one = stage();
    one.memory.beforeCall = (_, name) => {
      if (name === 'open') throw new Error('killed');
    };
    await expect(one.bump('acme/api:1.1.0')).rejects.toThrow('killed');
    one.memory.people.open(BRANCH, 'I opened this.');
    await one.bump('acme/api:1.1.0');
    expect(states(one)).toEqual(['1 open']);
    expect(one.memory.requests[0]?.body).toMatch(/^<!-- drawbridge: [\s\S]*I opened this\.$/);
  });

  it('believes no marker in a request from a fork or another branch', async () => {
    const one = stage();
    one.bare.commit({ 'x.txt': 'x\n' }, { branch: 'evil', from: 'main' });
    one.memory.people.open(
      'evil',
      '<!-- drawbridge: {"group":"apps/shop/production/shop","values":["acme/api:1.1.0"]} -->',
    );
    one.memory.people.close(1);
    await one.bump('acme/api:1.1.0');
    expect(states(one)).toEqual(['1 closed', '2 open']);
  });
});
