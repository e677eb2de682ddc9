import { describe, expect, it } from '@jest/globals';
import { application, OLD, type Sketch, WANTED } from '../../support/applications.ts';
import {
  type Asked,
  event,
  json,
  keepAlives,
  type Reply,
  refusal,
  type StreamScript,
} from '../../support/argocd-script.ts';
import { type WaitScene, waitScene } from '../../support/wait-scene.ts';

const LIST = 'GET /api/v1/applications';
const STREAM = 'GET /api/v1/stream/applications';
const SILENT: StreamScript = { chunks: keepAlives(3_600_000) };

const live: Sketch = { revision: WANTED, version: 200 };
/** Live only just now, so that it has to be stable first. */
const fresh: Sketch = { ...live, healthSince: '2026-11-22T10:00:20Z' };

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `app-${index}`);
}

function listOf(targets: readonly string[], sketch: (name: string) => Sketch): Reply {
  return json({ items: targets.map((name) => application({ name, ...sketch(name) })) });
}

/** What a stream says first: how everything stands. */
function snapshot(targets: readonly string[], sketch: Sketch, at = 50): StreamScript['chunks'] {
  return targets.flatMap((name) => event(at, 'ADDED', application({ name, ...sketch })));
}

/** Answers for every Application by itself, and how many requests there were at a time. */
function alone(
  { script, clock }: WaitScene,
  targets: readonly string[],
  sketch: (asked: Asked) => Sketch,
  takes = 200,
) {
  const count = { now: 0, most: 0 };
  const reply = (name: string) => async (asked: Asked) => {
    count.now++;
    count.most = Math.max(count.most, count.now);
    await clock.sleep(takes);
    count.now--;
    return json(application({ name, ...sketch(asked) }));
  };
  for (const name of targets) {
    script.on(`${LIST}/${name}`, reply(name), 'some').on(`${LIST}/${name}?refresh=normal`, reply(name), 'some');
    script.on(`${STREAM}?name=${name}`, SILENT, 'some');
    script.on(`${LIST}/${name}/resource-tree`, json({ nodes: [] }), 'some');
    script.on(`${LIST}/${name}/syncwindows`, json({ canSync: true }), 'some');
  }
  return count;
}

/** What was asked before the deadline, after which those that are left are diagnosed. */
function asked({ script }: WaitScene, pattern: RegExp, deadline = Number.POSITIVE_INFINITY): readonly Asked[] {
  return script.asked.filter(({ path, at }) => pattern.test(path) && at < deadline);
}

const LISTS = /^\/api\/v1\/applications(\?|$)/;
const STREAMS = /^\/api\/v1\/stream\//;
const SINGLES = /^\/api\/v1\/applications\/[^/?]+(\?project=[^&]*)?$/;

describe.each([10, 500])('%i targets of one server', (count) => {
  const targets = names(count);

  it('that are live already end at once, after one list and one stream', async () => {
    const scene = waitScene();
    scene.script
      .on(
        LIST,
        listOf(targets, () => live),
      )
      .on(STREAM, { chunks: snapshot(targets, live) });
    const outcomes = await scene.waitAll({ targets });
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(targets.map(() => 'landed'));
    expect(Math.max(...outcomes.map(({ seconds }) => seconds))).toBeLessThanOrEqual(1);
    expect(scene.script.asked).toHaveLength(2);
    scene.script.verify();
  });

  it('are read by at most one list in 15 s beside one stream, and never by themselves', async () => {
    const scene = waitScene();
    scene.script
      .on(
        LIST,
        listOf(targets, () => ({})),
        'some',
      )
      .on(STREAM, SILENT);
    alone(scene, targets, () => ({}));
    const outcomes = await scene.waitAll({ targets, timeout: 300_000, refresh: false });
    expect(new Set(outcomes.map(({ verdict }) => `${verdict.kind} ${verdict.phase}`))).toEqual(
      new Set(['timedOut unseen']),
    );
    expect(asked(scene, STREAMS)).toHaveLength(1);
    expect(asked(scene, SINGLES, 300_000)).toHaveLength(0);
    const times = asked(scene, LISTS).map(({ at }) => at);
    expect(times.length).toBeGreaterThan(300 / 20);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(18_000);
  });

  it('are seen to change within 2 s by the stream', async () => {
    const scene = waitScene();
    const [changed = ''] = targets;
    const chunks = event(21_000, 'MODIFIED', application({ name: changed, ...fresh }));
    scene.script
      .on(
        LIST,
        listOf(targets, () => ({})),
        'some',
      )
      .on(STREAM, { chunks });
    alone(scene, targets, () => ({}));
    await scene.waitAll({ targets, timeout: 30_000, refresh: false });
    const seen = scene.progress.filter(({ verdict }) => verdict.phase === 'settling');
    expect(seen.map(({ target }) => target.name)).toContain(changed);
    expect(seen[0]?.seconds).toBeLessThanOrEqual(23);
  });

  it('are seen to change within 20 s where the stream loses it, and land in the end', async () => {
    const scene = waitScene();
    const changedAt = 21_000;
    scene.script.on(STREAM, SILENT);
    scene.script.on(LIST, ({ at }) => listOf(targets, () => (at < changedAt ? {} : fresh)), 'some');
    const outcomes = await scene.waitAll({ targets, refresh: false });
    expect(new Set(outcomes.map(({ verdict }) => verdict.kind))).toEqual(new Set(['landed']));
    const seen = scene.progress
      .filter(({ kind, verdict }) => kind === 'change' && verdict.phase === 'settling')
      .map(({ seconds }) => seconds);
    expect(seen).toHaveLength(count);
    expect(Math.max(...seen)).toBeLessThanOrEqual((changedAt + 20_000) / 1000);
    expect(asked(scene, SINGLES)).toHaveLength(0);
    scene.script.verify();
  });

  it('are refreshed each, eight at a time', async () => {
    const scene = waitScene();
    scene.script
      .on(
        LIST,
        listOf(targets, () => ({})),
        'some',
      )
      .on(STREAM, SILENT);
    const count = alone(scene, targets, () => ({ version: 101 }), 500);
    void scene.clock.sleep(39_000).then(() => expect(count.most).toBe(8));
    await scene.waitAll({ targets, timeout: 40_000 });
    expect(new Set(asked(scene, /refresh=normal/).map(({ path }) => path)).size).toBe(targets.length);
  });
});

describe('one target', () => {
  it('has a stream and reads of its own', async () => {
    const scene = waitScene();
    scene.script
      .on(`${LIST}/app-0`, json(application({ name: 'app-0', ...live })), 2)
      .on(`${STREAM}?name=app-0`, SILENT);
    const outcome = await scene.wait({ targets: ['app-0'] });
    expect(outcome).toMatchObject({ verdict: { kind: 'landed' }, seconds: 0 });
    scene.script.verify();
  });
});

describe('many targets', () => {
  const targets = names(20);

  it('are read one by one, some at a time, where they cannot be listed', async () => {
    const scene = waitScene();
    scene.script.on(LIST, refusal(403, 7, 'permission denied'), 'some').on(STREAM, SILENT, 'some');
    const count = alone(scene, targets, ({ at }) => (at < 20_000 ? {} : fresh));
    const outcomes = await scene.waitAll({ targets, refresh: false });
    expect(new Set(outcomes.map(({ verdict }) => verdict.kind))).toEqual(new Set(['landed']));
    expect(count.most).toBe(8);
    expect(asked(scene, LISTS)).toHaveLength(1);
  });

  it('are read one by one where the list is mostly of others', async () => {
    const scene = waitScene();
    scene.script
      .on(
        LIST,
        listOf(names(200), () => ({})),
        'some',
      )
      .on(STREAM, SILENT, 'some');
    alone(scene, targets, () => live);
    const outcomes = await scene.waitAll({ targets, refresh: false });
    expect(new Set(outcomes.map(({ verdict }) => verdict.kind))).toEqual(new Set(['landed']));
    expect(asked(scene, LISTS)).toHaveLength(1);
    expect(asked(scene, SINGLES)).toHaveLength(40);
  });

  it('have streams of their own, not too many, where there is none of all', async () => {
    const scene = waitScene();
    const many = names(50);
    scene.script
      .on(
        LIST,
        listOf(many, () => ({})),
        'some',
      )
      .on(STREAM, { chunks: [], status: 403 });
    alone(scene, many, () => ({}));
    await scene.waitAll({ targets: many, timeout: 60_000, refresh: false });
    expect(asked(scene, /stream\/applications\?name=/)).toHaveLength(32);
    expect(asked(scene, SINGLES, 60_000)).toHaveLength(0);
    expect(asked(scene, LISTS).length).toBeLessThanOrEqual(5);
  });

  it('are listed again when the stream ends, which is then opened anew', async () => {
    const scene = waitScene();
    scene.script.on(
      LIST,
      listOf(targets, () => ({})),
      'some',
    );
    scene.script.on(STREAM, { chunks: keepAlives(40_000), ends: 'closed' }, 'some');
    alone(scene, targets, () => ({}));
    await scene.waitAll({ targets, timeout: 120_000, refresh: false });
    const opened = asked(scene, STREAMS).map(({ at }) => at);
    expect(opened.length).toBeGreaterThanOrEqual(3);
    for (const at of opened) {
      expect(asked(scene, LISTS).some((list) => list.at <= at && list.at > at - 5_000)).toBe(true);
    }
  });

  it('tell of an outage once, and go on after it', async () => {
    const scene = waitScene();
    const isDown = ({ at }: Asked) => at > 10_000 && at < 60_000;
    const reply = (asked: Asked): Reply =>
      isDown(asked) ? 'refuse' : listOf(targets, () => (asked.at < 60_000 ? {} : fresh));
    scene.script.on(LIST, reply, 'some').on(STREAM, SILENT);
    alone(scene, targets, () => fresh);
    const outcomes = await scene.waitAll({ targets, refresh: false });
    expect(new Set(outcomes.map(({ verdict }) => verdict.kind))).toEqual(new Set(['landed']));
    expect(scene.log.filter((line) => line.startsWith('warning'))).toEqual([
      'warning The applications: argocd.example.com could not be reached: ECONNREFUSED; trying on',
    ]);
    expect(scene.log.filter((line) => /^(?:info|warning).*again/.test(line))).toEqual([
      'info The applications can be read again',
    ]);
  });

  it('can be missing from the list, and appear in the stream', async () => {
    const scene = waitScene();
    const late = event(3_000, 'ADDED', application({ name: 'late', ...live }));
    scene.script
      .on(
        LIST,
        listOf(targets, () => ({})),
        'some',
      )
      .on(STREAM, { chunks: late });
    alone(scene, targets, () => ({}));
    alone(scene, ['gone', 'late'], () => live);
    const outcomes = await scene.waitAll({ targets: [...targets, 'late', 'gone'], timeout: 90_000, refresh: false });
    const late_ = outcomes.find(({ target }) => target.name === 'late');
    const gone = outcomes.find(({ target }) => target.name === 'gone');
    expect(
      scene.progress.find(({ verdict, target }) => target.name === 'late' && verdict.phase === 'settling')?.seconds,
    ).toBeLessThan(5);
    expect(late_?.verdict.kind).not.toBe('landed');
    expect(gone?.verdict).toMatchObject({ kind: 'unreachable', code: 'missing' });
    expect(gone?.verdict.reasons[0]).toContain('does not exist, or the token may not read it');
  });

  it('of the same name are told apart by what the server calls so', async () => {
    const scene = waitScene();
    const twin = application({ name: 'app-0', ...live });
    const other = { ...twin, metadata: { ...twin.metadata, namespace: 'team-a' } };
    const own = (sketch: Sketch) => application({ name: 'app-0', ...sketch });
    const rest = targets.slice(1).map((name) => application({ name }));
    scene.script.on(LIST, json({ items: [other, own({ revision: OLD }), ...rest] }), 'some');
    scene.script.on(STREAM, {
      chunks: event(2_000, 'MODIFIED', { ...other, metadata: { ...other.metadata, resourceVersion: '900' } }),
    });
    alone(scene, targets, () => ({ revision: OLD }));
    const outcomes = await scene.waitAll({ targets, timeout: 40_000, refresh: false });
    expect(outcomes[0]?.verdict).toMatchObject({ kind: 'timedOut', phase: 'unseen' });
    expect(asked(scene, SINGLES, 40_000).map(({ path }) => path)).toEqual([`/api/v1/applications/app-0`]);
  });

  it('that are narrowed to one project are listed by it', async () => {
    const scene = waitScene({ project: 'shop' });
    scene.script.on(
      `${LIST}?projects=shop`,
      listOf(targets, () => live),
    );
    scene.script.on(`${STREAM}?projects=shop`, { chunks: snapshot(targets, live) });
    const outcomes = await scene.waitAll({ targets });
    expect(new Set(outcomes.map(({ verdict }) => verdict.kind))).toEqual(new Set(['landed']));
    scene.script.verify();
  });

  it('are read by themselves again when few are left, which then need not wait for the next list', async () => {
    const scene = waitScene();
    const last = 'app-19';
    scene.script.on(
      LIST,
      listOf(targets, (name) => (name === last ? {} : live)),
    );
    scene.script.on(STREAM, {
      chunks: [
        ...snapshot(targets.slice(0, 19), live),
        ...event(20_500, 'MODIFIED', application({ name: last, ...fresh })),
      ],
    });
    const single = ({ at }: Asked) => json(application({ name: last, ...(at < 20_500 ? {} : fresh) }));
    scene.script.on(`${LIST}/${last}`, single, 'some');
    const outcomes = await scene.waitAll({ targets, refresh: false });
    expect(outcomes.at(-1)).toMatchObject({ verdict: { kind: 'landed' } });
    expect(outcomes.at(-1)?.seconds).toBeLessThanOrEqual(31);
    scene.script.verify();
  });
});
