import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { familyStepsOf } from '../../support/family-replay.ts';
import { type Recording, readTimeline } from '../../support/recordings.ts';
import { ending, type Judged, replay, type Step, stepsOf } from '../../support/replay.ts';
import { retime, variationsOf } from '../../support/step-variations.ts';
import { isTrulyLive } from '../../support/truth.ts';

/** Recording, and the number of the push that is waited for, or the version and the milliseconds from which it is. */
type Timeline = readonly [string, number] | readonly [string, string, number];

const TIMELINES: readonly Timeline[] = [
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
  ['sync-window', 1],
  ['deleted', 1],
  ['helm-repository', '1.1.0', 9_300],
  ['helm-repository', '9.9.9', 60_900],
];

/** Recordings of `families.test.ts`, where these are judged. */
const FAMILIES: readonly (readonly [string, number])[] = [
  ['app-of-apps', 1],
  ['app-of-apps', 2],
  ['helm-app-of-apps', 1],
  ['helm-app-of-apps', 2],
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
  'sync-window 1': ['blocked', 'landed'],
  'deleted 1': ['unreachable'],
  'helm-repository 1.1.0': ['landed', 'superseded'],
  'helm-repository 9.9.9': ['landed'],
};

interface Scene {
  readonly recording: Recording;
  readonly name: string;
  readonly revision: string;
  readonly repository?: string;
  /** What it is called in the table of what is allowed. */
  readonly title: string;
  readonly steps: readonly Step[];
}

function sceneOf([name, wanted, from = 0]: Timeline): Scene {
  const recording = readTimeline(name);
  const title = `${name} ${wanted}`;
  if (typeof wanted === 'string') {
    return { recording, name, title, revision: wanted, steps: stepsOf(recording, name, from) };
  }
  const { t = 0, sha: revision = '', repository = '' } = recording.pushes[wanted] ?? {};
  return { recording, name, title, revision, repository, steps: stepsOf(recording, name, t) };
}

function judgeSteps(
  { recording, name, revision, repository }: Scene,
  steps: readonly Step[],
  tail: number,
): readonly Judged[] {
  const from = repository === undefined ? {} : { repository: normaliseRepositoryUrl(repository) };
  const wanted = { revision, images: [], ...from };
  return replay(steps, { recording, app: name, wanted, tail, every: 15_000, impatiently: true });
}

/** With no time to be stable at all, whatever is called live was live at one of the last two things that were read. */
function expectNeverEarly({ recording, revision }: Scene, judged: readonly Judged[]): void {
  let wasLive = false;
  for (const { impatient, object, message } of judged) {
    if (object !== undefined && message.kind !== 'windows') wasLive ||= isTrulyLive(object, recording, revision);
    if (impatient?.kind === 'landed') expect(wasLive).toBe(true);
  }
}

function expectAllowed({ title }: Scene, judged: readonly Judged[]): void {
  expect([undefined, ...(ALLOWED[title] ?? [])]).toContain(ending(judged)?.verdict.kind);
}

describe('a recording with something wrong with every message in turn', () => {
  it.each(TIMELINES)('%s, %s: the same verdict or none, and never live too early', (...timeline) => {
    const scene = sceneOf(timeline);
    for (const steps of variationsOf(scene.steps)) {
      const judged = judgeSteps(scene, steps, 75_000);
      expectNeverEarly(scene, judged);
      expectAllowed(scene, judged);
    }
  });

  it.each(TIMELINES)('%s, %s: no beginning of it is live too early', (...timeline) => {
    const scene = sceneOf(timeline);
    for (let length = 1; length <= scene.steps.length; length++) {
      expectNeverEarly(scene, judgeSteps(scene, scene.steps.slice(0, length), 0));
    }
  });
});

describe('the variations', () => {
  it('are more than 5,000, with those of families', () => {
    const alone = TIMELINES.map((timeline) => sceneOf(timeline).steps);
    const families = FAMILIES.map(([name, push]) => {
      const recording = readTimeline(name);
      return familyStepsOf(recording, recording.pushes[push]?.t ?? 0);
    });
    const counts = [
      ...alone.map((steps) => [...variationsOf(steps)].length + steps.length),
      ...families.map((steps) => [...variationsOf(steps, (a, b) => a.app === b.app)].length),
    ];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5_000);
  });
});

describe('a recording out of order', () => {
  const scenes = TIMELINES.map(sceneOf);

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
      fc.property(shuffled, ({ scene, steps }) => expectNeverEarly(scene, judgeSteps(scene, steps, 0))),
      { numRuns: 500 },
    );
  });
});
