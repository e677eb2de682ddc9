import { describe, expect, it } from '@jest/globals';
import { ToolError } from '../../../src/errors.ts';
import { application, NEWER, OLD, type Sketch, WANTED } from '../../support/applications.ts';
import { event, json, keepAlives, page, type Reply, refusal, type StreamScript } from '../../support/argocd-script.ts';
import { type WaitScene, waitScene } from '../../support/wait-scene.ts';

const READ = 'GET /api/v1/applications/shop';
const REFRESH = `${READ}?refresh=normal`;
const STREAM = 'GET /api/v1/stream/applications?name=shop';
const WINDOWS = `${READ}/syncwindows`;
const SILENT: StreamScript = { chunks: keepAlives(3_600_000) };

/** Nothing is known to be wrong: what a diagnosis asks is answered with nothing. */
function withDiagnosis({ script }: WaitScene): void {
  script.on(`${READ}/resource-tree`, json({ nodes: [] }));
  script.on(WINDOWS, json({ canSync: true }), 'some');
}

const live: Sketch = { revision: WANTED, version: 200 };
const rolling: Sketch = {
  ...live,
  health: 'Progressing',
  healthSince: '2026-11-22T10:00:02Z',
  finishedAt: '2026-11-22T10:00:01Z',
  reconciledAt: '2026-11-22T10:00:01Z',
};

describe('a target that is live already', () => {
  it('ends at once, with two reads', async () => {
    const scene = waitScene();
    scene.script.on(READ, json(application(live)), 2).on(STREAM, SILENT);
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'landed', phase: 'settling' });
    expect(outcome.seconds).toBeLessThanOrEqual(1);
    scene.script.verify();
  });

  it('is settled by one refresh where the seconds are equal, and is not believed before', async () => {
    const scene = waitScene();
    const equal = { ...live, finishedAt: '2026-11-22T09:50:00Z', reconciledAt: '2026-11-22T09:50:00Z' };
    scene.script.on(READ, json(application(equal))).on(STREAM, SILENT);
    scene.script.on(REFRESH, json(application({ ...equal, version: 201, reconciledAt: '2026-11-22T10:00:00Z' })));
    scene.script.on(READ, json(application({ ...equal, version: 201, reconciledAt: '2026-11-22T10:00:00Z' })));
    expect((await scene.wait()).verdict.kind).toBe('landed');
    scene.script.verify();
  });

  it('counts a newer commit that contains the wanted one', async () => {
    const scene = waitScene();
    const compared = json(application({ revision: NEWER, version: 101, reconciledAt: '2026-11-22T10:00:00Z' }));
    scene.script.on(READ, json(application({ revision: NEWER }))).on(STREAM, SILENT);
    scene.script.on(REFRESH, () => scene.clock.sleep(200).then(() => compared));
    expect(await scene.wait()).toMatchObject({ verdict: { kind: 'landed' }, seconds: 0.2 });
    scene.script.verify();
  });

  it('waits while nobody can say how a revision stands to the wanted one', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    scene.script.on(READ, json(application({ revision: NEWER })), 'some').on(STREAM, SILENT);
    scene.script.on(REFRESH, json(application({ revision: NEWER })), 'some');
    const outcome = await scene.wait({ timeout: 60_000, relation: async () => Promise.reject(new Error('no clone')) });
    expect(outcome.verdict).toMatchObject({ kind: 'timedOut', phase: 'unseen' });
  });
});

describe('a rollout', () => {
  const events = [
    ...event(100, 'ADDED', application({ version: 101 })),
    ...event(1_000, 'MODIFIED', application({ version: 102, pending: true, phase: '' })),
    ...event(
      1_500,
      'MODIFIED',
      application({
        ...rolling,
        version: 103,
        sync: 'OutOfSync',
        health: 'Healthy',
        reconciledAt: '2026-11-22T10:00:00Z',
      }),
    ),
    ...event(2_000, 'MODIFIED', application({ ...rolling, version: 104 })),
    ...event(
      6_000,
      'MODIFIED',
      application({ ...rolling, version: 105, health: 'Healthy', healthSince: '2026-11-22T10:00:06Z' }),
    ),
  ];
  const done = application({
    ...rolling,
    version: 106,
    health: 'Healthy',
    healthSince: '2026-11-22T10:00:06Z',
    reconciledAt: '2026-11-22T10:00:07Z',
  });

  it('is followed by the stream, settled by a refresh, and has to be stable', async () => {
    const scene = waitScene();
    scene.script.on(READ, json(application())).on(STREAM, { chunks: events });
    scene.script.on(REFRESH, json(application({ version: 101 }))).on(REFRESH, json(done));
    scene.script.on(READ, json(done), 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict.kind).toBe('landed');
    expect(outcome.seconds).toBeGreaterThanOrEqual(16);
    expect(outcome.seconds).toBeLessThan(18);
    expect(outcome.timeline.map(({ phase, state }) => `${phase} ${state}`)).toEqual([
      'unseen healthy',
      'unseen syncing',
      'applied pending',
      'rolling progressing',
      'applied healthy',
      'settling healthy',
      'settling landed',
    ]);
    scene.script.verify();
  });

  it('is noticed by the re-read when the stream delivers nothing', async () => {
    const scene = waitScene();
    scene.script
      .on(STREAM, SILENT)
      .on(READ, json(application()))
      .on(REFRESH, json(application({ version: 101 })));
    const changedAt = 20_000;
    scene.script.on(READ, ({ at }) => json(at < changedAt ? application({ version: 101 }) : done), 'some');
    const outcome = await scene.wait({ refresh: true });
    expect(outcome.verdict.kind).toBe('landed');
    expect(scene.progress.find(({ verdict }) => verdict.phase === 'settling')?.seconds).toBeLessThanOrEqual(40);
  });

  it('asserts the image too: the new one there and the old one gone', async () => {
    const scene = waitScene();
    const both = ['registry.example/shop/web:1.0.0', 'registry.example/shop/web:1.1.0'];
    scene.script.on(READ, json(application({ ...live, images: both })));
    scene.script.on(STREAM, {
      chunks: event(3_000, 'MODIFIED', application({ ...live, version: 201, images: both.slice(1) })),
    });
    scene.script.on(READ, json(application({ ...live, version: 201, images: both.slice(1) })), 'some');
    const outcome = await scene.wait({ wanted: { images: ['registry.example/shop/web:1.1.0'] } });
    expect(outcome.verdict.kind).toBe('landed');
    expect(scene.progress[0]?.verdict.reasons[0]).toBe(
      'the image registry.example/shop/web:1.0.0 is still live beside registry.example/shop/web:1.1.0',
    );
    expect(outcome.seconds).toBeGreaterThanOrEqual(3);
  });

  it('fails when it stays degraded, with a diagnosis', async () => {
    const scene = waitScene();
    const bad = application({ ...rolling, health: 'Degraded', reconciledAt: '2026-11-22T10:00:05Z' });
    scene.script
      .on(READ, json(bad), 'some')
      .on(STREAM, SILENT)
      .on(WINDOWS, json({ canSync: true }));
    scene.script.on(REFRESH, json(bad), 'some');
    scene.script.on(`${READ}/resource-tree`, json(TREE));
    scene.script.on(`${READ}/events?resourceUID=u1&resourceName=web-1&resourceNamespace=shop`, json(EVENTS));
    scene.script.on(`${READ}/logs?namespace=shop&podName=web-1&tailLines=15&previous=true`, lines(LOG));
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'failed', phase: 'rolling' });
    expect(outcome.seconds).toBeGreaterThanOrEqual(30);
    expect(outcome.seconds).toBeLessThan(50);
    expect(outcome.diagnosis?.sections).toEqual([
      {
        title: 'Application',
        lines: [`Synced at ${'b'.repeat(12)}, Degraded, operation Succeeded at ${'b'.repeat(12)}`],
      },
      { title: 'Unhealthy resources', lines: ['Pod shop/web-1 is Degraded: CrashLoopBackOff: back-off 10s'] },
      { title: 'Warning events', lines: ['Pod web-1: BackOff: Back-off restarting failed container (3 times)'] },
      { title: 'Last log lines of web-1, before its restart', lines: ['starting', 'panic: no database'] },
    ]);
    scene.script.verify();
  });
});

const TREE = {
  nodes: [
    {
      kind: 'Pod',
      namespace: 'shop',
      name: 'web-1',
      uid: 'u1',
      health: { status: 'Degraded', message: 'back-off 10s' },
      info: [
        { name: 'Status Reason', value: 'CrashLoopBackOff' },
        { name: 'Restart Count', value: '3' },
      ],
    },
    { kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u2', health: { status: 'Healthy' } },
  ],
};
const EVENTS = {
  items: [
    { type: 'Normal', reason: 'Pulled', message: 'pulled' },
    { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container', count: 3 },
  ],
};
const LOG = [
  '{"result":{"content":"starting"}}',
  '{"result":{"content":"panic: no database"}}',
  '{"result":{"content":"","last":true}}',
];

function lines(all: readonly string[]): Reply {
  return { headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(all.join('\n')) };
}

describe('what blocks', () => {
  it('says at once that reconciling is switched off, and asks for no refresh', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' };
    scene.script.on(READ, json(application({ annotations })), 'some').on(STREAM, SILENT, 1);
    const outcome = await scene.wait();
    expect(outcome).toMatchObject({ verdict: { kind: 'blocked' }, seconds: 0 });
    expect(outcome.verdict.reasons[0]).toContain('skip-reconcile');
  });

  it('says in seconds that automatic sync is off', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    const waiting = application({ automated: false, sync: 'OutOfSync', revision: WANTED, deployed: OLD, version: 101 });
    scene.script
      .on(READ, json(application({ automated: false })))
      .on(REFRESH, json(waiting))
      .on(STREAM, SILENT);
    scene.script.on(READ, json(waiting), 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'blocked', phase: 'seen' });
    expect(outcome.verdict.reasons[0]).toBe('automatic sync is off, and nobody has started a sync');
    expect(outcome.seconds).toBeLessThan(10);
    scene.script.verify();
  });

  it('says so in seconds also when it was so before', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    const waiting = application({ automated: false, sync: 'OutOfSync', revision: OLD, deployed: OLD });
    const refreshed = application({
      automated: false,
      sync: 'OutOfSync',
      revision: WANTED,
      deployed: OLD,
      version: 101,
    });
    scene.script.on(READ, json(waiting)).on(STREAM, SILENT).on(READ, json(refreshed), 'some');
    scene.script.on(REFRESH, () => scene.clock.sleep(300).then(() => json(refreshed)));
    expect(await scene.wait()).toMatchObject({ verdict: { kind: 'blocked' }, seconds: 5 });
  });

  it('starts the sync itself where that was asked for, once, at the revision it saw', async () => {
    const scene = waitScene();
    const waiting = application({ automated: false, sync: 'OutOfSync', revision: WANTED, deployed: OLD, version: 101 });
    const synced = application({
      automated: false,
      ...rolling,
      health: 'Healthy',
      version: 105,
      reconciledAt: '2026-11-22T10:00:04Z',
    });
    let started = false;
    scene.script.on(READ, () => json(started ? synced : waiting), 'some').on(STREAM, SILENT);
    scene.script.on('POST /api/v1/applications/shop/sync', ({ body, headers }) => {
      started = true;
      expect(JSON.parse(body ?? '')).toEqual({ revision: WANTED });
      expect(headers['content-type']).toBe('application/json');
      return json({});
    });
    expect((await scene.wait({ options: { sync: 'if-needed' } })).verdict.kind).toBe('landed');
    scene.script.verify();
  });

  it('names the refusal of a sync', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    const waiting = application({ automated: false, sync: 'OutOfSync', revision: WANTED, deployed: OLD });
    scene.script.on(READ, json(waiting), 'some').on(STREAM, SILENT);
    scene.script.on(
      'POST /api/v1/applications/shop/sync',
      refusal(403, 7, 'permission denied: applications, sync, default/shop'),
    );
    const outcome = await scene.wait({ options: { sync: 'if-needed' } });
    expect(outcome.verdict.kind).toBe('blocked');
    expect(outcome.verdict.reasons[0]).toContain('permission denied: applications, sync');
  });

  it('finds the closed window that no field of the application shows, also where a person could sync', async () => {
    const scene = waitScene();
    scene.script
      .on(READ, json(application({ sync: 'OutOfSync', revision: WANTED, deployed: OLD })), 'some')
      .on(STREAM, SILENT);
    const windows = {
      canSync: true,
      activeWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h', manualSync: true }],
    };
    scene.script.on(WINDOWS, json(windows), 'some').on(`${READ}/resource-tree`, json({}));
    const outcome = await scene.wait();
    expect(outcome.verdict.reasons[0]).toBe('a sync window keeps it closed: deny "* * * * *" for 1h');
    expect(outcome.verdict.kind).toBe('blocked');
    expect(outcome.seconds).toBeLessThan(15);
  });

  it('asks for another look when nothing is started, and says so in the end', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    const at = (time: number) => new Date(Date.parse('2026-11-22T10:00:00Z') + time).toISOString();
    const idle = (time: number) =>
      json(
        application({
          sync: 'OutOfSync',
          revision: WANTED,
          deployed: OLD,
          version: 100 + time,
          reconciledAt: at(time),
        }),
      );
    let compared = 0;
    scene.script.on(READ, () => idle(compared), 'some').on(STREAM, SILENT);
    const compare = ({ at: now }: { readonly at: number }) => {
      compared = now;
      return idle(now);
    };
    scene.script.on(REFRESH, compare, 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'blocked' });
    expect(outcome.verdict.reasons[0]).toContain('starts no sync');
    expect(outcome.seconds).toBeGreaterThanOrEqual(30);
    expect(outcome.seconds).toBeLessThan(60);
  });

  it('terminates the retries of an older commit where that was asked for', async () => {
    const scene = waitScene();
    const retrying = application({
      sync: 'OutOfSync',
      revision: WANTED,
      deployed: OLD,
      phase: 'Running',
      pending: true,
      retryCount: 2,
    });
    const failed = application({
      sync: 'OutOfSync',
      revision: WANTED,
      deployed: OLD,
      phase: 'Failed',
      message: 'Operation terminated',
      version: 150,
    });
    let state: unknown = retrying;
    scene.script.on(READ, ({ at }) => json(at > 20_000 ? application(live) : state), 'some').on(STREAM, SILENT);
    scene.script.on(REFRESH, ({ at }) => json(at > 20_000 ? application(live) : state), 'some');
    scene.script.on(WINDOWS, json({ canSync: true }), 'some');
    scene.script.on('DELETE /api/v1/applications/shop/operation', () => {
      state = failed;
      return json({});
    });
    const outcome = await scene.wait({ options: { sync: 'if-needed' } });
    expect(outcome.verdict.kind).toBe('landed');
    expect(scene.progress[0]?.verdict.reasons[0]).toContain(`blocked by retries of ${'a'.repeat(12)}`);
    scene.script.verify();
  });
});

describe('what is not there', () => {
  it('waits for an application to appear', async () => {
    const scene = waitScene({ project: 'shop' });
    const path = `${READ}?project=shop`;
    const missing = refusal(404, 5, 'applications.argoproj.io "shop" not found');
    scene.script.on(path, ({ at }) => (at < 30_000 ? missing : json(application(live))), 'some');
    scene.script.on('GET /api/v1/stream/applications?name=shop&project=shop', SILENT);
    expect((await scene.wait()).verdict.kind).toBe('landed');
    scene.script.verify();
  });

  it('tells both readings of a 403 after the time to appear', async () => {
    const scene = waitScene();
    scene.script.on(READ, refusal(403, 7, 'permission denied'), 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'unreachable', code: 'missing', phase: 'resolve' });
    expect(outcome.verdict.reasons[0]).toBe(
      'the application shop does not exist, or the token may not read it (Argo CD tells both alike): permission denied',
    );
    expect(outcome.seconds).toBeGreaterThanOrEqual(60);
    expect(outcome.seconds).toBeLessThan(70);
  });

  it('notices that an application is deleted while it waits', async () => {
    const scene = waitScene();
    const gone = refusal(403, 7, 'permission denied');
    scene.script.on(READ, ({ at }) => (at < 4_000 ? json(application()) : gone), 'some');
    scene.script.on(REFRESH, json(application()));
    scene.script.on(STREAM, { chunks: event(4_500, 'DELETED', application({ version: 101 })) });
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'unreachable', code: 'missing' });
    expect(outcome.verdict.reasons[0]).toBe('it was there and is gone');
    expect(outcome.seconds).toBeLessThan(15);
  });

  it('does not take another application of the same name for the one that was asked for', async () => {
    const scene = waitScene();
    scene.script.on(`${READ}?appNamespace=team-a`, json(application(live)), 'some');
    const outcome = await scene.wait({ targets: ['team-a/shop'] });
    expect(outcome.verdict).toMatchObject({ kind: 'unreachable', code: 'protocol' });
  });
});

describe('a server in trouble', () => {
  it.each([
    ['refuses connections', 'refuse' as const],
    ['is overloaded', { status: 503 }],
    ['shows a login page', page()],
    [
      'cuts its answers',
      { headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('{"metadata":{"na') },
    ],
    ['answers with other JSON', json({ hello: 'world' })],
  ])('is asked again for a while when it %s, and then used', async (_what, trouble) => {
    const scene = waitScene();
    scene.script.on(READ, ({ at }) => (at < 40_000 ? trouble : json(application(live))), 'some').on(STREAM, SILENT);
    const outcome = await scene.wait();
    expect(outcome.verdict.kind).toBe('landed');
    expect(scene.log.filter((line) => line.startsWith('warning'))).toHaveLength(1);
    scene.script.verify();
  });

  it.each([
    ['refuses connections', 'refuse' as const, 'temporary'],
    ['is overloaded', { status: 503 }, 'temporary'],
    ['shows a login page', page(), 'protocol'],
    ['redirects', { status: 302, headers: { location: 'https://sso.example.com/' } }, 'protocol'],
  ])('is given up when it %s for long', async (_what, trouble, code) => {
    const scene = waitScene();
    scene.script.on(READ, trouble, 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'unreachable', code });
    expect(outcome.seconds).toBeGreaterThan(100);
    expect(outcome.seconds).toBeLessThan(180);
    expect(scene.script.asked.length).toBeLessThan(70);
  });

  it('waits as long as it wishes, in seconds or until a date', async () => {
    const scene = waitScene();
    const limited = (after: string) => ({ status: 429, headers: { 'retry-after': after } });
    scene.script.on(READ, limited('20')).on(READ, limited('Sun, 22 Nov 2026 10:01:00 GMT'));
    scene.script.on(READ, json(application(live)), 2).on(STREAM, SILENT);
    await scene.wait();
    expect(scene.script.asked.slice(0, 3).map(({ at }) => at)).toEqual([0, 20_000, 60_000]);
    scene.script.verify();
  });

  it('is denied at once when the token has expired, without another try', async () => {
    const scene = waitScene();
    const expired = refusal(401, 16, 'invalid session: token has invalid claims: token is expired');
    scene.script.on(READ, json(application())).on(STREAM, SILENT).on(REFRESH, json(application())).on(READ, expired);
    const outcome = await scene.wait();
    expect(outcome.verdict).toMatchObject({ kind: 'unreachable', code: 'denied' });
    expect(outcome.verdict.reasons[0]).toContain('token is expired');
    scene.script.verify();
  });

  it('makes a session of a password, and a new one when it has ended', async () => {
    const scene = waitScene({ password: true });
    const session = (token: string) => json({ token });
    scene.script.on('POST /api/v1/session', session('first')).on(READ, refusal(401, 16, 'token is expired'));
    scene.script
      .on('POST /api/v1/session', session('second'))
      .on(READ, json(application(live)), 2)
      .on(STREAM, SILENT);
    expect((await scene.wait()).verdict.kind).toBe('landed');
    const tokens = scene.script.asked
      .filter(({ method }) => method === 'GET')
      .map(({ headers }) => headers.authorization);
    expect(tokens.slice(0, 2)).toEqual(['Bearer first', 'Bearer second']);
    scene.script.verify();
  });

  it('says so when a password is wrong', async () => {
    const scene = waitScene({ password: true });
    scene.script.on('POST /api/v1/session', refusal(401, 16, 'Invalid username or password'));
    expect((await scene.wait()).verdict).toMatchObject({ kind: 'unreachable', code: 'denied' });
    scene.script.verify();
  });
});

describe('a refresh', () => {
  it('that blocks does not hold up the rest, and is served all the same', async () => {
    const scene = waitScene();
    scene.script.on(READ, json(application())).on(REFRESH, 'hang', 'some').on(WINDOWS, json({}), 'some');
    scene.script.on(STREAM, { chunks: event(3_000, 'MODIFIED', application({ ...live, version: 300 })) });
    scene.script.on(READ, json(application({ ...live, version: 300 })), 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict.kind).toBe('landed');
    expect(outcome.seconds).toBeLessThan(5);
  });

  it('that is lost is asked again', async () => {
    const scene = waitScene();
    let refreshes = 0;
    scene.script.on(STREAM, SILENT).on(READ, () => json(refreshes < 2 ? application() : application(live)), 'some');
    scene.script.on(REFRESH, () => json(++refreshes < 2 ? application() : application(live)), 2);
    expect((await scene.wait()).verdict.kind).toBe('landed');
    expect(scene.script.asked.filter(({ path }) => path.includes('refresh')).map(({ at }) => at)).toEqual([0, 30_000]);
    scene.script.verify();
  });

  it('is not asked for when that was not wanted', async () => {
    const scene = waitScene();
    scene.script.on(STREAM, SILENT).on(READ, ({ at }) => json(at < 60_000 ? application() : application(live)), 'some');
    expect((await scene.wait({ refresh: false })).verdict.kind).toBe('landed');
    scene.script.verify();
  });
});

describe('a stream', () => {
  const changedAt = 70_000;
  const now = ({ at }: { readonly at: number }) => json(at < changedAt ? application() : application(live));

  it.each<[string, StreamScript]>([
    ['is closed', { chunks: event(0, 'ADDED', application()), ends: 'closed' }],
    ['breaks', { chunks: event(0, 'ADDED', application()), ends: 'broken' }],
    ['goes silent', { chunks: [] }],
    ['sends no headers', { chunks: [], headersAt: 3_600_000 }],
    ['is refused', { chunks: [], status: 502 }],
    [
      'tells of an error',
      { chunks: [{ at: 0, bytes: new TextEncoder().encode('{"error":{"http_code":500,"message":"boom"}}\n') }] },
    ],
  ])('that %s is opened again after a read, and loses nothing', async (_what, broken) => {
    const scene = waitScene();
    scene.script.on(READ, now, 'some').on(REFRESH, now, 'some').on(STREAM, broken, 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict.kind).toBe('landed');
    expect(outcome.seconds).toBeLessThan(changedAt / 1000 + 20);
    const streams = scene.script.asked.filter(({ path }) => path.includes('stream'));
    expect(streams.length).toBeGreaterThan(1);
    expect(streams.length).toBeLessThan(25);
    for (const { at } of streams) {
      expect(scene.script.asked.some((asked) => asked.path.endsWith('/applications/shop') && asked.at <= at)).toBe(
        true,
      );
    }
  });

  it('that brings old events after a read is not believed', async () => {
    const scene = waitScene();
    const fresh = { ...live, healthSince: '2026-11-22T10:00:00Z' };
    scene.script.on(READ, json(application(fresh)), 'some');
    const stale = application({ ...fresh, version: 150, health: 'Degraded' });
    scene.script.on(STREAM, { chunks: event(2_000, 'MODIFIED', stale) });
    expect(await scene.wait()).toMatchObject({ verdict: { kind: 'landed' }, seconds: 10 });
    expect(scene.progress.map(({ verdict }) => verdict.observation?.state)).not.toContain('degraded');
    scene.script.verify();
  });

  it.each([
    ['lags behind is not believed', 50_000, 'landed'],
    ['was restored from a backup is believed in the end', 600_000, 'timedOut'],
  ])('of a server that %s', async (_what, until, kind) => {
    const scene = waitScene();
    withDiagnosis(scene);
    const fresh = { ...live, healthSince: '2026-11-22T10:00:00Z' };
    const older = application({ version: 100 });
    const read = ({ at }: { readonly at: number }) => json(at > 1_000 && at < until ? older : application(fresh));
    scene.script.on(READ, read, 'some').on(REFRESH, read, 'some').on(STREAM, SILENT);
    const relation = async () => 'unknown' as const;
    const outcome = await scene.wait({ timeout: 120_000, relation });
    expect(outcome.verdict.kind).toBe(kind);
    expect(outcome.verdict.phase).toBe(kind === 'landed' ? 'settling' : 'unseen');
  });

  it('that is split anywhere, also inside a character, is put together', async () => {
    const scene = waitScene();
    const [first] = event(0, 'MODIFIED', application({ ...live, message: 'läuft 🚀' }));
    const chunks = Array.from(first?.bytes ?? [], (byte, index) => ({
      at: 1_000 + index / 100,
      bytes: Uint8Array.of(byte),
    }));
    chunks.push({ at: 2_000, bytes: new TextEncoder().encode('\n') });
    scene.script.on(READ, json(application())).on(REFRESH, json(application())).on(STREAM, { chunks });
    scene.script.on(READ, json(application(live)), 'some');
    const outcome = await scene.wait();
    expect(outcome.verdict.kind).toBe('landed');
    expect(outcome.seconds).toBeLessThan(3);
  });

  it('asks as server-sent events, with at most one read in 15 s beside it', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    scene.script.on(READ, json(application()), 'some').on(REFRESH, json(application()), 'some').on(STREAM, SILENT);
    expect((await scene.wait({ timeout: 300_000 })).verdict).toMatchObject({ kind: 'timedOut', phase: 'unseen' });
    const stream = scene.script.asked.find(({ path }) => path.includes('stream'));
    expect(stream?.headers.accept).toBe('text/event-stream');
    const reads = scene.script.asked.filter(({ path }) => path === '/api/v1/applications/shop');
    expect(reads.length).toBeLessThanOrEqual(300 / 15 + 2);
  });
});

describe('the end of a wait', () => {
  it('names the phase at the deadline and ends within 5 s of it, even when the diagnosis hangs', async () => {
    const scene = waitScene();
    scene.script.on(READ, ({ at }) => (at < 20_000 ? json(application(rolling)) : 'hang'), 'some').on(STREAM, SILENT);
    scene.script.on(`${READ}/resource-tree`, 'hang').on(WINDOWS, 'hang');
    const outcome = await scene.wait({ timeout: 20_000 });
    expect(outcome.verdict).toMatchObject({ kind: 'timedOut', phase: 'rolling' });
    expect(outcome.seconds).toBe(20);
    expect(scene.clock.monotonic()).toBeLessThanOrEqual(25_000);
    scene.script.verify();
  });

  it('stops at once when it is cancelled', async () => {
    const scene = waitScene();
    scene.script.on(READ, json(application()), 'some').on(REFRESH, json(application()), 'some').on(STREAM, SILENT);
    const reason = new ToolError('interrupted', 'stopped by SIGINT');
    void scene.clock.sleep(12_345).then(() => scene.cancel(reason));
    await expect(scene.wait()).rejects.toBe(reason);
    expect(scene.clock.monotonic()).toBe(12_345);
  });

  it('gives a sign of life every 30 s', async () => {
    const scene = waitScene();
    withDiagnosis(scene);
    scene.script.on(READ, json(application()), 'some').on(REFRESH, json(application()), 'some').on(STREAM, SILENT);
    await scene.wait({ timeout: 100_000 });
    expect(scene.progress.map(({ kind, seconds }) => `${kind} ${Math.round(seconds)}`)).toEqual([
      'change 0',
      'heartbeat 30',
      'heartbeat 60',
      'heartbeat 90',
      'verdict 100',
    ]);
  });

  it('watches all targets under one deadline, and one that fails does not end the others', async () => {
    const scene = waitScene();
    scene.script.on('GET /api/v1/applications/shop', json(application(live)), 2).on(STREAM, SILENT);
    scene.script.on('GET /api/v1/applications/gone', refusal(403, 7, 'permission denied'), 'some');
    const outcomes = await scene.waitAll({ targets: ['shop', 'gone'] });
    expect(outcomes.map(({ target, verdict }) => `${target.name} ${verdict.kind}`)).toEqual([
      'shop landed',
      'gone unreachable',
    ]);
    scene.script.verify();
  });
});
