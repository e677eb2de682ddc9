import { describe, expect, it } from '@jest/globals';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import type { JudgeOptions } from '../../../src/engines/judge.ts';
import { readKubeRecording } from '../../support/kube-recordings.ts';
import { ending, isTrulyLive, type Replay, replay } from '../../support/kube-replay.ts';

/** Recording, number of the apply, verdict, and between which milliseconds of the recording it must come. */
type Case = readonly [string, number, VerdictKind, number, number, Partial<JudgeOptions>?];

const CASES: readonly Case[] = [
  ['deployment-rollout', 0, 'landed', 16_000, 19_000],
  ['deployment-no-change', 0, 'landed', 700, 12_000],
  ['deployment-deadline', 0, 'failed', 11_100, 11_200],
  ['deployment-deadline', 1, 'landed', 30_000, 33_000],
  ['deployment-never-ready', 0, 'failed', 17_000, 17_300],
  ['deployment-crash-loop', 0, 'failed', 33_000, 38_000],
  ['deployment-crash-loop', 0, 'failed', 13_000, 18_000, { degradedGrace: 10_000 }],
  ['deployment-flap', 0, 'waiting', 0, 0],
  ['deployment-flap', 0, 'failed', 15_000, 16_000, { degradedGrace: 10_000 }],
  ['deployment-superseded', 0, 'superseded', 9_700, 10_500],
  ['deployment-superseded', 1, 'landed', 19_000, 23_000],
  ['job-complete', 0, 'landed', 5_000, 16_500],
  ['job-failed', 0, 'failed', 18_000, 18_400],
  ['job-deadline', 0, 'failed', 8_500, 9_500],
  ['statefulset-rollout', 0, 'landed', 15_500, 19_000],
  ['statefulset-stuck', 0, 'superseded', 13_600, 14_500],
  ['statefulset-stuck', 1, 'blocked', 21_000, 45_000],
  ['daemonset-rollout', 0, 'landed', 12_500, 16_000],
];

function expectVerdict([name, apply, kind, from, to, options = {}]: Case, more: Partial<Replay> = {}): void {
  // What goes on for ever in truth would stand still after the end of its recording.
  const tail = kind === 'waiting' ? 0 : 120_000;
  const end = ending(replay({ recording: readKubeRecording(name), apply, options, tail, ...more }));
  expect([name, apply, end?.verdict.kind ?? 'waiting', end?.verdict.reasons]).toEqual([
    name,
    apply,
    kind,
    kind === 'waiting' ? undefined : expect.anything(),
  ]);
  if (end === undefined) return;
  expect(end?.t).toBeGreaterThanOrEqual(from);
  expect(end?.t).toBeLessThanOrEqual(to);
}

describe('recordings of a real control plane', () => {
  it.each(CASES)('%s, apply %s: %s', (...one) => expectVerdict(one));

  it.each(CASES.filter(([, , kind]) => kind === 'landed'))('%s, apply %s: never live too early', (name, apply) => {
    const recording = readKubeRecording(name);
    const end = ending(replay({ recording, apply, options: { stableFor: 0 } }));
    expect(end?.verdict.kind).toBe('landed');
    expect([name, end?.t, isTrulyLive(recording, apply, end?.t ?? 0)]).toEqual([name, end?.t, true]);
  });

  it('says what a person has to do about a StatefulSet that is stuck', () => {
    const end = ending(replay({ recording: readKubeRecording('statefulset-stuck'), apply: 1 }));
    expect(end?.verdict.reasons.slice(0, 2)).toEqual([
      'delete the pod web-1: it is of an older revision, will not get ready, and is not replaced before it is',
      expect.stringContaining('pod web-1, container web: ImagePullBackOff: Back-off pulling image'),
    ]);
  });
});

describe('the same without the right to read pods', () => {
  const SEEN_BY_PODS_ONLY = new Set(['deployment-crash-loop', 'deployment-flap', 'statefulset-stuck']);

  it.each(CASES.filter(([name]) => !SEEN_BY_PODS_ONLY.has(name)))('%s, apply %s: %s', (...one) => {
    expectVerdict(one, { pods: false });
  });

  it.each([...SEEN_BY_PODS_ONLY])('%s: not called live', (name) => {
    const recording = readKubeRecording(name);
    const judged = replay({ recording, apply: recording.marks.length - 1, pods: false, tail: 0 });
    expect(judged.map(({ verdict }) => verdict.kind)).not.toContain('landed');
  });
});

describe('the same by name only', () => {
  it.each(CASES)('%s, apply %s: %s', (...one) => expectVerdict(one, { file: false }));
});
