import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastClock, stoppedClock } from './stand-in-clocks.ts';
import { applicationsIn, endsWith, follow, type Lab, manifest, openLab } from './stand-in-lab.ts';
import { distinct, rowOf } from './stand-in-player.ts';

const HAPPY = '/api/v1/applications/happy?project=shop';
const STREAM = '/api/v1/stream/applications?name=happy&project=shop';
const SSE = { accept: 'text/event-stream' };

describe('a push to the repository', () => {
  let lab: Lab;
  let first: string;
  beforeAll(async () => {
    lab = await openLab(fastClock(25));
    first = lab.repository.head();
    const stream = follow(lab.standIn, STREAM, SSE);
    await stream.until((text) => endsWith(text, 'Healthy', first));
    stream.close();
  });
  afterAll(() => lab.close());

  it('changes nothing until somebody asks for a refresh, whose answer has seen it', async () => {
    const pushed = lab.repository.commit({ 'deploy/web.yaml': manifest('registry.example/shop/web:1.1.0') });
    const before = JSON.parse((await lab.ask('GET', HAPPY, 'ci')).text);
    expect(before.status).toMatchObject({ sync: { status: 'Synced', revision: first }, health: { status: 'Healthy' } });
    const refreshed = JSON.parse((await lab.ask('GET', `${HAPPY}&refresh=normal`, 'ci')).text);
    expect(refreshed.status.sync).toMatchObject({ status: 'OutOfSync', revision: pushed });
    expect(refreshed.metadata.annotations).toEqual({ 'argocd.argoproj.io/hydrate': 'normal' });
  });

  it.each([
    ['JSON lines', {}, 'application/json'],
    ['events', SSE, 'text/event-stream'],
  ])(
    'is followed to the end by a stream of %s, in the order of the real server',
    async (framing, headers, contentType) => {
      const stream = follow(lab.standIn, STREAM, headers);
      await stream.until((text) => /Healthy/.test(text));
      const before = lab.repository.head();
      await stream.until((text) => endsWith(text, 'Healthy', before));
      const at = applicationsIn(stream.text()).length;
      const pushed = lab.repository.commit({
        'deploy/web.yaml': manifest(`registry.example/shop/web:${framing.length}`),
      });
      await lab.ask('GET', `${HAPPY}&refresh=normal`, 'ci');
      await stream.until((text) => endsWith(text, 'Healthy', pushed));
      stream.close();
      expect(stream.headers()).toMatchObject({ 'content-type': contentType, 'x-drawbridge-stand-in': 'true' });
      const names = (revision: string) => (revision === pushed ? 'T' : 'old');
      const rows = applicationsIn(stream.text())
        .slice(at)
        .map(({ application }) => rowOf(application, names));
      const known = distinct(
        rows
          .slice(rows.findIndex((row) => row.endsWith('refresh')))
          .map((row) => row.replace(/\| (before|equal|after) /, '').replace(/h\d+/, 'h')),
      );
      expect(known).toEqual([
        'Synced old | no op | Succeeded old | Healthy | h | refresh',
        'Synced old | op T | - | - | Healthy | h | refresh',
        'OutOfSync T | op T | - | - | Healthy | h',
        'OutOfSync T | op T | Running T | - | Healthy | h',
        'OutOfSync T | no op | Succeeded T | Healthy | h',
        'Synced T | no op | Succeeded T | Progressing | h',
        'Synced T | no op | Succeeded T | Healthy | h',
      ]);
      const versions = applicationsIn(stream.text()).map(({ application }) =>
        Number(application.metadata.resourceVersion),
      );
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
    },
  );

  it('that changes no manifest makes no operation', async () => {
    const { history } = lab.standIn.state('happy') ?? {};
    const pushed = lab.repository.commit({ 'README.md': 'words\n' });
    const { status } = JSON.parse((await lab.ask('GET', `${HAPPY}&refresh=normal`, 'ci')).text);
    expect(status).toMatchObject({ sync: { status: 'Synced', revision: pushed } });
    expect(lab.standIn.state('happy')?.history).toEqual(history);
  });

  it('of a manifest that does not parse shows the branch as revision, and the line', async () => {
    lab.repository.commit({ 'deploy/web.yaml': 'kind: Deployment\nmetadata: [unclosed\n' });
    const { status } = JSON.parse((await lab.ask('GET', `${HAPPY}&refresh=normal`, 'ci')).text);
    expect(status.sync).toMatchObject({ status: 'Unknown', revision: 'main' });
    expect(status.health.status).toBe('Healthy');
    expect(status.conditions[0]).toMatchObject({
      type: 'ComparisonError',
      message: expect.stringMatching(
        /^Failed to load target state: .*Failed to unmarshal "web.yaml": .* yaml: line 3: /,
      ),
    });
  });

  it('by a webhook refreshes the applications on that branch, and the answer does not wait', async () => {
    const pushed = lab.repository.commit({ 'deploy/web.yaml': manifest('registry.example/shop/web:2.0.0') });
    const body = (ref: string) =>
      JSON.stringify({ ref, repository: { html_url: lab.repository.path.replace(/\.git$/, '') } });
    const send = (ref: string) =>
      lab.ask('POST', '/api/webhook', undefined, { body: body(ref), headers: { 'x-github-event': 'push' } });
    const stream = follow(lab.standIn, STREAM, SSE);
    expect((await send('refs/heads/other')).status).toBe(200);
    expect(lab.standIn.state('happy')?.refresh).toBeUndefined();
    expect((await send('refs/heads/main')).status).toBe(200);
    await stream.until((text) => text.includes(pushed));
    // A repaired branch takes a second look before it is deployed.
    await lab.ask('GET', `${HAPPY}&refresh=hard`, 'ci');
    await stream.until((text) => endsWith(text, 'Healthy', pushed));
    stream.close();
  });

  it('of an image that cannot be pulled ends Degraded, and tree, events and log say why', async () => {
    const stream = follow(lab.standIn, STREAM, SSE);
    const pushed = lab.repository.commit({ 'deploy/web.yaml': manifest('registry.example/shop/web:3-bad') });
    await lab.ask('GET', `${HAPPY}&refresh=normal`, 'ci');
    await stream.until((text) => endsWith(text, 'Degraded', pushed));
    stream.close();
    const images = applicationsIn(stream.text()).at(-1)?.application.status.summary.images;
    expect(images).toEqual(['registry.example/shop/web:2.0.0', 'registry.example/shop/web:3-bad']);
    const tree = JSON.parse((await lab.ask('GET', HAPPY.replace('?', '/resource-tree?'), 'ci')).text);
    const pod = tree.nodes.find((node: { health?: { status: string } }) => node.health?.status === 'Degraded');
    expect(pod).toMatchObject({ kind: 'Pod', images: ['registry.example/shop/web:3-bad'] });
    const query = `&resourceName=${pod.name}&resourceNamespace=${pod.namespace}&resourceUID=${pod.uid}`;
    const events = JSON.parse((await lab.ask('GET', `${HAPPY.replace('?', '/events?')}${query}`, 'ci')).text);
    expect(events.items.map(({ reason }: { reason: string }) => reason)).toContain('BackOff');
    const log = await lab.ask('GET', `${HAPPY.replace('?', '/logs?')}&podName=${pod.name}&namespace=happy`, 'ci');
    expect(log.text).toContain('is waiting to start: trying and failing to pull image');
  });
});

describe('without any refresh', () => {
  it('a push is found by the poll', async () => {
    const lab = await openLab(fastClock(50), { polling: 10_000 });
    const stream = follow(lab.standIn, STREAM, SSE);
    await stream.until((text) => endsWith(text, 'Healthy', lab.repository.head()));
    const pushed = lab.repository.commit({ 'deploy/web.yaml': manifest('registry.example/shop/web:1.1.0') });
    await stream.until((text) => endsWith(text, 'Healthy', pushed));
    stream.close();
    await lab.close();
    expect(lab.standIn.ledger().map(({ target }) => target)).toEqual([STREAM]);
  });
});

describe('the framing of streams', () => {
  it('says `:` every 15 s with events, and nothing with JSON lines', async () => {
    const clock = stoppedClock();
    const lab = await openLab(clock);
    const events = follow(lab.standIn, STREAM, SSE);
    const lines = follow(lab.standIn, STREAM);
    await Promise.all([events, lines].map((stream) => stream.until((text) => text.includes('ADDED'))));
    for (const count of [1, 2]) {
      clock.advance(15_000);
      await events.until((text) => text.split('\n').filter((line) => line === ':').length === count);
    }
    expect(
      lines
        .text()
        .split('\n')
        .filter((line) => line === ':'),
    ).toEqual([]);
    await lab.close();
  });

  it('sends an event and the line break after it apart, and one over 4 KiB in pieces', async () => {
    const labels = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`label-${index}`, 'grün und bunt']));
    const lab = await openLab(stoppedClock(), {
      applications: [{ name: 'happy', project: 'shop', path: 'deploy', labels }],
    });
    const stream = follow(lab.standIn, STREAM, SSE);
    await stream.until((text) => text.endsWith(' \n\n\n'));
    expect(stream.chunks().length).toBeGreaterThan(2);
    expect(stream.chunks()[0]).toMatch(/^data: \{"result":\{"type":"ADDED","application":\{/);
    await lab.close();
  });

  it('gives only the fields that were asked for, and an event that is then the same only once', async () => {
    const lab = await openLab(fastClock(25));
    const fields = 'result.type,result.application.metadata.name,result.application.status.health.status';
    const stream = follow(lab.standIn, `${STREAM}&fields=${fields}`);
    await stream.until((text) => text.includes('"Healthy"'));
    stream.close();
    const healths = ['{}', '{"status":"Missing"}', '{"status":"Progressing"}', '{"status":"Healthy"}'];
    const texts = stream
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).result.application.status.health);
    expect(texts.map((health) => JSON.stringify(health ?? {})).slice(-3)).toEqual(healths.slice(1));
    expect(new Set(stream.text().trim().split('\n')).size).toBe(stream.text().trim().split('\n').length);
    await lab.close();
  });

  it.each(['name=missing&project=shop', 'name=happy&project=other', 'name=happy&appNamespace=elsewhere'])(
    'answers nothing at all, not even headers, for %s',
    async (query) => {
      const clock = stoppedClock();
      const lab = await openLab(clock);
      const stream = follow(lab.standIn, `/api/v1/stream/applications?${query}`, SSE);
      const known = follow(lab.standIn, STREAM, SSE);
      await known.until((text) => text.includes('ADDED'));
      clock.advance(60_000);
      await known.until((text) => text.includes('\n:\n'));
      expect(stream.headers()).toBeUndefined();
      await lab.close();
    },
  );
});

describe('what is sent by an account with the right', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab(fastClock(25), {
      applications: [{ name: 'happy', project: 'shop', path: 'deploy', automated: false }],
      rollout: { apply: 5000 },
    });
  });
  afterAll(() => lab.close());
  const post = (path: string, body: object) =>
    lab.ask('POST', `/api/v1/applications/happy${path}`, 'deployer', {
      body: JSON.stringify({ project: 'shop', ...body }),
    });

  it('deploys, refuses a second operation meanwhile, rolls back by history, and is written down with its name', async () => {
    const stream = follow(lab.standIn, STREAM, SSE);
    await stream.until((text) => text.includes('"OutOfSync"'));
    const both = await Promise.all([post('/sync', { revision: lab.repository.head() }), post('/sync', {})]);
    const [first, second] = both.sort((a, b) => a.status - b.status);
    expect([first?.status, second?.status]).toEqual([200, 400]);
    expect(JSON.parse(second?.text ?? '')).toMatchObject({
      message: 'another operation is already in progress',
      code: 9,
    });
    const c0 = lab.repository.head();
    await stream.until((text) => endsWith(text, 'Healthy', c0));
    const c1 = lab.repository.commit({ 'deploy/web.yaml': manifest('registry.example/shop/web:2') });
    expect((await post('/sync', {})).status).toBe(200);
    await stream.until((text) => endsWith(text, 'Healthy', c1));
    expect((await post('/rollback', { id: 7 })).status).toBe(400);
    expect((await post('/rollback', { id: 0 })).status).toBe(200);
    await stream.until((text) => applicationsIn(text).at(-1)?.application.status.sync.status === 'OutOfSync');
    stream.close();
    const history = lab.standIn.state('happy')?.history ?? [];
    expect(history.map(({ revision, username }) => [revision, username])).toEqual([
      [c0, 'deployer'],
      [c1, 'deployer'],
      [c0, 'deployer'],
    ]);
  });

  it('is refused for a revision that does not exist, with its name', async () => {
    const answer = await post('/sync', { revision: 'no-such-branch' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("unable to resolve 'no-such-branch' to a commit SHA");
  });

  it('terminates an operation that is under way', async () => {
    lab.repository.commit({ 'deploy/web.yaml': manifest('registry.example/shop/web:3') });
    await post('/sync', {});
    const stream = follow(lab.standIn, STREAM, SSE);
    expect((await lab.ask('DELETE', '/api/v1/applications/happy/operation?project=shop', 'deployer')).text).toBe('{}');
    await stream.until((text) => text.includes('Operation terminated'));
    stream.close();
  });
});

describe('the list', () => {
  it('filters, leaves out the health of single resources, and is null when nothing fits', async () => {
    const lab = await openLab(fastClock(25), {
      applications: [
        { name: 'happy', project: 'shop', path: 'deploy', labels: { team: 'shop' } },
        { name: 'sync-window', project: 'windowed', path: 'deploy' },
      ],
    });
    const list = async (query: string) =>
      JSON.parse((await lab.ask('GET', `/api/v1/applications?${query}`, 'ci')).text).items;
    const stream = follow(lab.standIn, STREAM, SSE);
    await stream.until((text) => endsWith(text, 'Healthy', lab.repository.head()));
    stream.close();
    const names = async (query: string) =>
      (await list(query))?.map((item: { metadata: { name: string } }) => item.metadata.name) ?? null;
    expect(await names('')).toEqual(['happy', 'sync-window']);
    expect(await names('projects=shop')).toEqual(['happy']);
    expect(await names('selector=team%3Dshop')).toEqual(['happy']);
    expect(await names('selector=!team')).toEqual(['sync-window']);
    expect(await names(`repo=${encodeURIComponent(lab.repository.path)}`)).toEqual(['happy', 'sync-window']);
    expect(await names('repo=https%3A%2F%2Felsewhere.example%2Fx')).toBeNull();
    expect((await list('name=happy'))[0].status.resources[0]).not.toHaveProperty('health');
    expect(
      await list('name=happy&fields=items.metadata.name,items.status.sync.status,items.status.reconciledAt'),
    ).toEqual([{ metadata: { name: 'happy' }, status: { sync: { status: 'Synced' } } }]);
    await lab.close();
  });
});

describe('the ledger', () => {
  it('tells requests that were not expected, and expectations that nothing met', async () => {
    const lab = await openLab(stoppedClock());
    await lab.ask('GET', '/api/version');
    await lab.ask('GET', HAPPY, 'gate');
    expect(lab.standIn.ledger()).toMatchObject([
      { method: 'GET', target: '/api/version', status: 200 },
      { method: 'GET', target: HAPPY, status: 200, username: 'proj:shop:gate' },
    ]);
    const version = { method: 'GET', target: '/api/version' };
    expect(lab.standIn.differences([version, { method: 'GET', target: /\/applications\/happy/, times: 1 }])).toEqual(
      [],
    );
    expect(lab.standIn.differences([{ ...version, times: 2 }])).toEqual([
      `unexpected request: GET ${HAPPY}`,
      'expected GET /api/version 2 time(s), seen 1 time(s)',
    ]);
    await lab.close();
  });
});

describe('the label', () => {
  it('is on every answer, whatever it says', async () => {
    const lab = await openLab(stoppedClock());
    const paths = ['/', '/api/version', '/nowhere', '/api/v1/nothing', HAPPY];
    const answers = await Promise.all(paths.map((path) => lab.ask('GET', path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 401]);
    expect(answers.map(({ headers }) => headers['x-drawbridge-stand-in'])).toEqual(paths.map(() => 'true'));
    expect(answers[0]?.text).toContain('This is not Argo CD');
    expect(JSON.parse(answers[1]?.text ?? '')).toEqual({ Version: 'v3.5.7+drawbridge-stand-in' });
    await lab.close();
  });
});

describe('closing', () => {
  it('ends streams and refreshes that are still waiting, and the port is free again', async () => {
    const lab = await openLab(stoppedClock());
    const stream = follow(lab.standIn, STREAM, SSE);
    await stream.until((text) => text.includes('ADDED'));
    const refresh = lab.ask('GET', `${HAPPY}&refresh=normal`, 'ci').catch((error: NodeJS.ErrnoException) => error.code);
    await lab.standIn.until('happy', (state) => state.refresh !== undefined);
    await lab.close();
    expect(await refresh).toBe('ECONNRESET');
    await expect(lab.ask('GET', '/api/version')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is no way out of waiting for an application that does not exist: that is an error at once', async () => {
    const lab = await openLab(stoppedClock());
    await expect(lab.standIn.until('nobody', () => true)).rejects.toThrow('the stand-in has no application nobody');
    await lab.close();
  });
});
