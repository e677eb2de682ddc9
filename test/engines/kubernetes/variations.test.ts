import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import { type Change, type KubeRecording, readKubeRecording } from '../../support/kube-recordings.ts';
import { ending, isTrulyLive, type Replay, replay } from '../../support/kube-replay.ts';

const CASES: readonly (readonly [string, number, VerdictKind])[] = [
  ['deployment-rollout', 0, 'landed'],
  ['deployment-no-change', 0, 'landed'],
  ['deployment-deadline', 0, 'failed'],
  ['deployment-deadline', 1, 'landed'],
  ['deployment-never-ready', 0, 'failed'],
  ['deployment-crash-loop', 0, 'failed'],
  ['deployment-flap', 0, 'waiting'],
  ['deployment-superseded', 0, 'superseded'],
  ['deployment-superseded', 1, 'landed'],
  ['job-complete', 0, 'landed'],
  ['job-failed', 0, 'failed'],
  ['job-deadline', 0, 'failed'],
  ['statefulset-rollout', 0, 'landed'],
  ['statefulset-stuck', 0, 'superseded'],
  ['statefulset-stuck', 1, 'blocked'],
  ['daemonset-rollout', 0, 'landed'],
];

interface Scene {
  readonly recording: KubeRecording;
  readonly apply: number;
  readonly kind: VerdictKind;
  readonly events: readonly Change[];
}

function sceneOf([name, apply, kind]: (typeof CASES)[number]): Scene {
  const recording = readKubeRecording(name);
  const from = recording.marks[apply]?.t ?? 0;
  return { recording, apply, kind, events: recording.changes.filter(({ t }) => t > from) };
}

/** One thing wrong with what the watch brings. */
function* variationsOf(events: readonly Change[]): Generator<readonly Change[]> {
  for (const [index, event] of events.entries()) {
    const before = events.slice(0, index);
    const after = events.slice(index + 1);
    const [next, ...rest] = after;
    yield [...before, ...after];
    yield [...before, event, { ...event, t: event.t + 1 }, ...after];
    if (next !== undefined) yield [...before, next, { ...event, t: next.t + 1 }, ...rest];
    // Held up by seconds, or told once more when all that followed is known.
    yield [...before, { ...event, t: event.t + 4_000 }, ...after].toSorted((a, b) => a.t - b.t);
    yield [...events, { ...event, t: (events.at(-1)?.t ?? 0) + 5 }];
    // The watch is cut for six events, and goes on.
    yield [...before, ...events.slice(index + 6)];
    // It is silent from here on: what is left are the reads.
    yield before;
    // Only one of the two watches is.
    yield [...before, ...after.filter(({ kind }) => kind !== 'pods')];
    yield [...before, ...after.filter(({ kind }) => kind === 'pods')];
  }
}

function endOf({ recording, apply, kind }: Scene, more: Partial<Replay>) {
  return ending(replay({ recording, apply, tail: kind === 'waiting' ? 0 : 120_000, ...more }));
}

/** A failure of which nothing was heard before the next apply took its place. */
const OVERTAKEN: ReadonlySet<string> = new Set(['deployment-deadline 0']);

function expectSame(scene: Scene, more: Partial<Replay>): void {
  const { recording, apply, kind } = scene;
  const end = endOf(scene, more);
  const found = end?.verdict.kind ?? 'waiting';
  const isOvertaken = found === 'superseded' && OVERTAKEN.has(`${recording.name} ${apply}`);
  expect([recording.name, isOvertaken ? kind : found, end?.verdict.reasons[0]]).toEqual([
    recording.name,
    kind,
    end?.verdict.reasons[0],
  ]);
}

/** With no time to be stable, what is called live was so at this moment, or at the last read of it. */
function expectNeverEarly({ recording, apply, kind }: Scene, events: readonly Change[]): void {
  const end = ending(replay({ recording, apply, events, options: { stableFor: 0 } }));
  if (end?.verdict.kind !== 'landed') return;
  expect([recording.name, kind]).not.toEqual([recording.name, 'superseded']);
  const moments = Array.from({ length: 301 }, (_, index) => end.t - index * 50);
  expect(moments.some((t) => isTrulyLive(recording, apply, t))).toBe(true);
}

describe('a recording with something wrong with every event in turn', () => {
  let variations = 0;

  it.each(CASES)('%s, apply %s: %s', (...one) => {
    const scene = sceneOf(one);
    for (const events of variationsOf(scene.events)) {
      variations++;
      expectSame(scene, { events });
      expectNeverEarly(scene, events);
    }
  });

  it('is more than 2,000 variations', () => expect(variations).toBeGreaterThan(2_000));
});

describe('a recording with many things wrong at once', () => {
  const scenes = CASES.map(sceneOf);

  it('ends in the same way, whatever is lost, late or told twice', () => {
    const pick = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      late: fc.integer({ min: 0, max: 9_000 }),
    });
    const anything = fc.tuple(fc.nat(scenes.length - 1), fc.array(pick, { maxLength: 60 }));
    fc.assert(
      fc.property(anything, ([number, picks]) => {
        const scene = scenes[number];
        if (scene === undefined) return;
        const { events } = scene;
        const told = picks.flatMap(({ share, late }) => {
          const event = events[Math.floor(share * (events.length - 1))];
          return event === undefined ? [] : [{ ...event, t: event.t + late }];
        });
        const inTime = told.toSorted((a, b) => a.t - b.t);
        expectSame(scene, { events: inTime });
        expectNeverEarly(scene, inTime);
      }),
      { numRuns: 500 },
    );
  });
});
