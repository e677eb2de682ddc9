import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { type Recording, readTimeline } from '../../support/recordings.ts';
import { ending, type Judged, readStep, replay, type Step, stepsOf } from '../../support/replay.ts';
import { isTrulyLive } from '../../support/truth.ts';

const TIMELINES: readonly (readonly [string, number])[] = [
  ['happy', 1],
  ['no-op', 1],
  ['bad-image', 1],
  ['rollback', 1],
  ['sync-failed', 1],
  ['sync-failed', 2],
  ['multi-source', 3],
  ['revert-during-rollout', 1],
  ['sync-wait-bad', 1],
  ['fix-during-retries-refresh-unasked', 2],
  ['prune-off', 1],
];

/** What a lost or late message may turn a verdict into: later, or one that a person could tell from the same messages. */
const ALLOWED: Readonly<Record<string, readonly (VerdictKind | undefined)[]>> = {
  'happy 1': ['landed'],
  'no-op 1': ['landed'],
  'bad-image 1': ['failed'],
  'rollback 1': ['superseded', 'blocked'],
  'sync-failed 1': ['failed', 'landed', 'superseded'],
  'sync-failed 2': ['landed'],
  'multi-source 3': ['landed'],
  'revert-during-rollout 1': ['superseded'],
  'sync-wait-bad 1': ['failed', 'superseded'],
  'fix-during-retries-refresh-unasked 2': ['landed'],
  'prune-off 1': ['landed'],
};

interface Scene {
  readonly recording: Recording;
  readonly name: string;
  readonly push: number;
  readonly revision: string;
  readonly steps: readonly Step[];
}

function sceneOf(name: string, push: number): Scene {
  const recording = readTimeline(name);
  const { t = 0, sha = '' } = recording.pushes[push] ?? {};
  return { recording, name, push, revision: sha, steps: stepsOf(recording, name, t) };
}

function judgeSteps(
  { recording, name, push, revision }: Scene,
  steps: readonly Step[],
  stableFor: number,
): readonly Judged[] {
  const repository = normaliseRepositoryUrl(recording.pushes[push]?.repository ?? '');
  const wanted = { revision, repository, images: [] };
  return replay(steps, {
    recording,
    app: name,
    wanted,
    options: { stableFor },
    tail: stableFor === 0 ? 0 : 75_000,
    every: 15_000,
  });
}

/** With no time to be stable at all, whatever is called live was live at one of the last two things that were read. */
function expectNeverEarly(scene: Scene, steps: readonly Step[]): void {
  let seen: readonly boolean[] = [];
  for (const { verdict, object, message } of judgeSteps(scene, steps, 0)) {
    if (object !== undefined && message.kind !== 'windows') {
      seen = [...seen, isTrulyLive(object, scene.recording, scene.revision)];
    }
    if (verdict.kind === 'landed') expect(seen.includes(true)).toBe(true);
  }
}

function expectAllowed(scene: Scene, steps: readonly Step[]): void {
  const end = ending(judgeSteps(scene, steps, 10_000))?.verdict.kind;
  const allowed = [undefined, ...(ALLOWED[`${scene.name} ${scene.push}`] ?? [])];
  expect(allowed).toContain(end);
}

/** Messages keep the time at which they come; what they bring moves. */
function retime(order: readonly Step[], original: readonly Step[]): readonly Step[] {
  const times = original.map(({ t }) => t);
  return order.map((step, index) => ({ ...step, t: times[Math.min(index, times.length - 1)] ?? step.t }));
}

function* variationsOf(steps: readonly Step[]): Generator<readonly Step[]> {
  for (const [index, step] of steps.entries()) {
    const before = steps.slice(0, index);
    const after = steps.slice(index + 1);
    yield [...before, ...after];
    yield [...before, step, step, ...after];
    const [next, ...rest] = after;
    if (next !== undefined) yield retime([...before, next, step, ...rest], steps);
    // A read that is older than what was there already, as a server that lags behind gives it.
    const old = steps[Math.max(0, index - 3)];
    if (old?.object !== undefined) yield [...before, step, readStep(step.t, old.object), ...after];
    // Nothing for three steps, then a read of how it stands, as after a stream that broke.
    const later = steps[index + 3];
    if (later?.object !== undefined) yield [...before, readStep(later.t, later.object), ...steps.slice(index + 4)];
  }
}

describe('a recording with something wrong with every message in turn', () => {
  it.each(TIMELINES)('%s, push %s: the same verdict or none, and never live too early', (name, push) => {
    const scene = sceneOf(name, push);
    for (const steps of variationsOf(scene.steps)) {
      expectNeverEarly(scene, steps);
      expectAllowed(scene, steps);
    }
  });

  it.each(TIMELINES)('%s, push %s: no beginning of it is live too early', (name, push) => {
    const scene = sceneOf(name, push);
    for (let length = 1; length <= scene.steps.length; length++) expectNeverEarly(scene, scene.steps.slice(0, length));
  });
});

describe('a recording out of order', () => {
  const scenes = TIMELINES.map(([name, push]) => sceneOf(name, push));

  it('is never called live by what was never live', () => {
    const shuffled = fc.constantFrom(...scenes).chain((scene) =>
      fc.array(fc.nat(scene.steps.length - 1), { minLength: 1, maxLength: 30 }).map((picks) => ({
        scene,
        steps: retime(
          picks.flatMap((pick) => scene.steps[pick] ?? []),
          scene.steps,
        ),
      })),
    );
    fc.assert(
      fc.property(shuffled, ({ scene, steps }) => expectNeverEarly(scene, steps)),
      { numRuns: 500 },
    );
  });
});
