import { describe, expect, it } from '@jest/globals';
import type { Rollout } from '../../src/demo/stand-in/types.ts';
import {
  type Cue,
  commit,
  deployment,
  distinct,
  type Frame,
  type Play,
  play,
  rowOf,
  service,
} from './stand-in-player.ts';

const START = Date.parse('2026-03-01T12:00:00.000Z');
const refresh = (at: number): Cue => ({ at: START + at, event: { kind: 'refresh', level: 'normal' } });
const push = (at: number, ...commitOf: Parameters<typeof commit>): Cue => ({
  at: START + at,
  push: commit(...commitOf),
});

function run(cues: readonly Cue[], rollout: Partial<Rollout> = {}, application: Partial<Play['application']> = {}) {
  return play({
    application: { name: 'web', path: 'deploy', namespace: 'shop', ...application },
    rollout: { pullable: (image) => !image.endsWith('bad'), ...rollout },
    takes: () => 30,
    startAt: START,
    cues,
    until: START + 600_000,
  });
}

function rowsFrom(frames: readonly Frame[], at: number): readonly string[] {
  const shown = frames.filter((frame) => frame.at >= START + at);
  return distinct(shown.map(({ application }) => rowOf(application, (revision) => revision)));
}

function lastOf(frames: readonly Frame[]): Frame {
  const last = frames.at(-1);
  if (last === undefined) throw new Error('nothing happened');
  return last;
}

describe('the first deployment', () => {
  it('starts with nothing and ends Healthy with one entry of the history', () => {
    const frames = run([push(0, 'c0', deployment('web:1'))]);
    expect(rowsFrom(frames, 0)).toEqual([
      '- - | op c0 | - | - | - | h0',
      'OutOfSync c0 | op c0 | - | - | Missing | h0',
      'OutOfSync c0 | op c0 | Running c0 | - | Missing | h0',
      'OutOfSync c0 | op c0 | Running c0 | - | Missing | h1',
      'OutOfSync c0 | no op | Succeeded c0 | equal | Missing | h1',
      'Synced c0 | no op | Succeeded c0 | equal | Progressing | h1',
      'Synced c0 | no op | Succeeded c0 | equal | Healthy | h1',
    ]);
  });

  it('never gets Degraded without a deadline, only Progressing, when the kind has none', () => {
    const set = { ...deployment('web:bad'), kind: 'StatefulSet' };
    const { application } = lastOf(run([push(0, 'c0', { ...set, content: { ...set.content, kind: 'StatefulSet' } })]));
    expect(application.status.health).toMatchObject({ status: 'Progressing' });
  });
});

describe('images of the summary', () => {
  const images = (frames: readonly Frame[]) =>
    frames.filter(({ at }) => at >= START + 20_000).map(({ state }) => state.images.join(' '));

  it('are old, then both, and new alone only after the new pods are ready', () => {
    const frames = run([push(0, 'c0', deployment('web:1')), push(19_000, 'c1', deployment('web:2')), refresh(20_000)]);
    expect(distinct(images(frames))).toEqual(['web:1', 'web:1 web:2', 'web:2']);
    const both = frames.filter(({ state }) => state.images.length === 2).map(({ state }) => state.health?.status);
    expect(both).toContain('Healthy');
  });

  it('keep the old image beside one that cannot be pulled, and lose the bad one after the repair', () => {
    const frames = run([
      push(0, 'c0', deployment('web:1')),
      push(19_000, 'c1', deployment('web:bad')),
      refresh(20_000),
      push(59_000, 'c2', deployment('web:1')),
      refresh(60_000),
    ]);
    expect(distinct(images(frames))).toEqual(['web:1', 'web:1 web:bad', 'web:1']);
    expect(lastOf(frames).state.health?.status).toBe('Healthy');
  });
});

describe('an operation that the cluster refuses', () => {
  const refused: Partial<Rollout> = {
    refused: ({ kind, content }) =>
      kind === 'Service' && JSON.stringify(content).includes('99999') ? 'port: Invalid value' : undefined,
    retry: { limit: 2, wait: 4000, factor: 2 },
  };
  const cues = [
    push(0, 'c0', deployment('web:1'), service(80)),
    push(19_000, 'c1', deployment('web:2'), service(99_999)),
    refresh(20_000),
    refresh(60_000),
    push(69_000, 'c2', deployment('web:2'), service(81)),
    refresh(70_000),
  ];

  it('is Running with an end while it waits, then Failed with a condition, and is not tried again', () => {
    const rows = rowsFrom(run(cues, refused), 20_000).filter((row) => !row.includes('refresh'));
    expect(rows).toEqual([
      'OutOfSync c1 | op c1 | - | - | Healthy | h1',
      'OutOfSync c1 | op c1 | Running c1 | - | Healthy | h1',
      'OutOfSync c1 | op c1 | Running c1 | equal | Healthy | h1',
      'OutOfSync c1 | op c1 | Running c1 | equal | Progressing | h1',
      'OutOfSync c1 | op c1 | Running c1 | equal | Healthy | h1',
      'OutOfSync c1 | op c1 | Running c1 | - | Healthy | h1',
      'OutOfSync c1 | op c1 | Running c1 | before | Healthy | h1',
      'OutOfSync c1 | op c1 | Running c1 | - | Healthy | h1',
      'OutOfSync c1 | no op | Failed c1 | before | Healthy | h1',
      'OutOfSync c1 | no op | Failed c1 | equal | Healthy | h1 | SyncError',
      'OutOfSync c1 | no op | Failed c1 | after | Healthy | h1 | SyncError',
      'OutOfSync c2 | op c2 | - | - | Healthy | h1',
      'OutOfSync c2 | op c2 | Running c2 | - | Healthy | h1',
      'OutOfSync c2 | op c2 | Running c2 | - | Healthy | h2',
      'OutOfSync c2 | no op | Succeeded c2 | equal | Healthy | h2',
      'Synced c2 | no op | Succeeded c2 | equal | Healthy | h2',
    ]);
  });

  it('has applied what was not refused, says how often it was tried, and names the refusal', () => {
    const failed = run(cues.slice(0, 3), refused).find(({ state }) => state.operationState?.phase === 'Failed');
    expect(failed?.state.live.map(({ manifest }) => manifest.kind)).toEqual(['Service', 'Deployment']);
    expect(failed?.application.status).toMatchObject({
      operationState: {
        message: 'one or more objects failed to apply, reason: port: Invalid value (retried 2 times).',
        retryCount: 2,
        syncResult: {
          resources: [
            { kind: 'Service', status: 'SyncFailed' },
            { kind: 'Deployment', status: 'Synced' },
          ],
        },
      },
    });
  });

  it('waits first as long as the duration times the factor', () => {
    const frames = run(cues.slice(0, 3), refused).filter(({ at }) => at > START + 20_000);
    const waits = [1, 2].map((count) => {
      const waiting = frames.filter(({ state }) => state.operationState?.retryCount === count);
      const ended = waiting.find(({ state }) => state.operationState?.finishedAt !== undefined)?.at ?? 0;
      const again =
        waiting.find(({ at, state }) => at > ended && state.operationState?.finishedAt === undefined)?.at ?? 0;
      return again - ended;
    });
    expect(waits).toEqual([8000, 16_000]);
  });

  it('ends at once when it is terminated; a newer commit is then started without a refresh', () => {
    const terminated = run(
      [
        ...cues.slice(0, 3),
        push(22_000, 'c2', deployment('web:3'), service(80)),
        { at: START + 23_000, event: { kind: 'terminate' } },
      ],
      refused,
    );
    expect(rowsFrom(terminated, 23_000).slice(0, 4)).toEqual([
      'OutOfSync c1 | op c1 | Terminating c1 | - | Progressing | h1',
      'OutOfSync c1 | no op | Failed c1 | before | Progressing | h1',
      'OutOfSync c1 | op c2 | - | - | Progressing | h1',
      'OutOfSync c2 | op c2 | - | - | Progressing | h1',
    ]);
    expect(lastOf(terminated).state.sync).toEqual({ status: 'Synced', revision: 'c2' });
  });
});

describe('a commit during an operation or a rollout', () => {
  it('is seen at once and deployed when the operation before it has ended', () => {
    const cues = [
      push(0, 'c0', deployment('web:1')),
      push(19_000, 'c1', deployment('web:2')),
      refresh(20_000),
      push(20_100, 'c2', deployment('web:3')),
      refresh(20_100),
    ];
    const rows = rowsFrom(run(cues, { apply: 2000 }), 20_100).filter((row) => !row.includes('refresh'));
    expect(rows.slice(0, 5)).toEqual([
      'OutOfSync c2 | op c1 | Running c1 | - | Healthy | h1',
      'OutOfSync c2 | op c1 | Running c1 | - | Healthy | h2',
      'OutOfSync c2 | no op | Succeeded c1 | before | Healthy | h2',
      'OutOfSync c2 | no op | Succeeded c1 | before | Progressing | h2',
      'OutOfSync c2 | op c2 | - | - | Progressing | h2',
    ]);
    expect(lastOf(run(cues, { apply: 2000 })).state.images).toEqual(['web:3']);
  });

  it('that reverts the rollout is Healthy again as soon as it is applied, for the old pods never went', () => {
    const frames = run([
      push(0, 'c0', deployment('web:1')),
      push(19_000, 'c1', deployment('web:2')),
      refresh(20_000),
      push(21_000, 'c2', deployment('web:1')),
      refresh(21_000),
    ]);
    const healthy = frames.find(
      ({ at, state }) => at > START + 21_000 && state.sync?.revision === 'c2' && state.health?.status === 'Healthy',
    );
    expect((healthy?.at ?? Number.POSITIVE_INFINITY) - START).toBeLessThan(22_000);
    expect(lastOf(frames).state.history.map(({ revision }) => revision)).toEqual(['c0', 'c1', 'c2']);
  });
});

describe('what the repository no longer holds', () => {
  const cues = [
    push(0, 'c0', deployment('web:1'), service(80)),
    push(19_000, 'c1', deployment('web:1')),
    refresh(20_000),
  ];

  it('stays OutOfSync without pruning, and no operation starts for it', () => {
    const { state, application } = lastOf(run(cues));
    expect(state.sync).toEqual({ status: 'OutOfSync', revision: 'c1' });
    expect(state.history).toHaveLength(1);
    expect(application.status).toMatchObject({
      resources: [{ kind: 'Service', requiresPruning: true }, { status: 'Synced' }],
    });
  });

  it('is removed with pruning', () => {
    const { state } = lastOf(run(cues, {}, { prune: true }));
    expect(state.sync).toEqual({ status: 'Synced', revision: 'c1' });
    expect(state.live.map(({ manifest }) => manifest.kind)).toEqual(['Deployment']);
  });
});

describe('the times of a comparison', () => {
  it('are its start in `reconciledAt`, though it is written later, and after the operation that it leads to', () => {
    const frames = play({
      application: { name: 'web', path: 'deploy' },
      rollout: { write: 500 },
      takes: () => 2000,
      startAt: START,
      cues: [push(0, 'c0', deployment('web:1'))],
      until: START + 10_000,
    });
    const shown = (part: string) => frames.find(({ application }) => JSON.stringify(application).includes(part));
    expect((shown('"operation":')?.at ?? 0) - START).toBe(2000);
    expect((shown('OutOfSync')?.at ?? 0) - START).toBe(2500);
    expect(shown('OutOfSync')?.application.status).toMatchObject({ reconciledAt: '2026-03-01T12:00:00Z' });
  });
});

describe('a dry run', () => {
  it('succeeds without changing the cluster or the history', () => {
    const dryRun: Cue = { at: START + 20_000, operate: { dryRun: true, username: 'someone' } };
    const { state, application } = lastOf(
      run(
        [push(0, 'c0', deployment('web:1')), push(10_000, 'c1', deployment('web:2')), dryRun],
        {},
        { automated: false },
      ),
    );
    expect(state.live).toEqual([]);
    expect(state.history).toEqual([]);
    expect(application.status).toMatchObject({
      operationState: {
        phase: 'Succeeded',
        message: 'successfully synced (no more tasks)',
        operation: { sync: { dryRun: true } },
      },
    });
    // Only automated operations are tried again by default.
    expect(JSON.stringify(application.status)).toContain('"initiatedBy":{"username":"someone"},"retry":{}');
  });
});

describe('two refreshes', () => {
  it('of which the second comes during the look of the first are both answered with what the second asked for', () => {
    const frames = run([
      push(0, 'c0', deployment('web:1')),
      refresh(20_000),
      push(20_010, 'c1', deployment('web:2')),
      refresh(20_015),
    ]);
    const answered = frames.find(({ at, state }) => at > START + 20_015 && state.refresh === undefined);
    expect(answered?.state.sync?.revision).toBe('c1');
  });
});
