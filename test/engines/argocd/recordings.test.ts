import { describe, expect, it } from '@jest/globals';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import type { JudgeOptions } from '../../../src/engines/judge.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { hasRecording, type Recording, readRecording, readTimeline } from '../../support/recordings.ts';
import { DEFAULTS, ending, replay, stepsOf } from '../../support/replay.ts';
import { isTrulyLive } from '../../support/truth.ts';

/** Recording, number of the push waited for, verdict, and between which milliseconds of the recording it must come. */
type Case = readonly [string, number, VerdictKind, number, number, Partial<JudgeOptions>?];

const COMMITTED: readonly Case[] = [
  ['happy', 1, 'landed', 15_111, 30_000],
  ['no-op', 1, 'landed', 9_455, 16_000],
  ['no-op', 2, 'landed', 16_005, 17_000],
  ['bad-image', 1, 'failed', 60_300, 66_500],
  ['bad-image', 1, 'failed', 40_300, 43_600, { degradedGrace: 10_000 }],
  ['rollback', 1, 'superseded', 22_400, 22_600],
  ['sync-failed', 1, 'failed', 9_200, 9_500],
  ['sync-failed', 2, 'landed', 59_000, 64_000],
  ['multi-source', 3, 'landed', 25_600, 35_000],
  ['multi-source', 4, 'landed', 30_990, 35_000],
  ['revert-during-rollout', 1, 'superseded', 15_800, 16_000],
  ['revert-during-rollout', 2, 'landed', 27_307, 34_000],
  ['sync-wait-bad', 1, 'failed', 61_000, 65_000],
  ['fix-during-retries-refresh-unasked', 1, 'failed', 9_600, 9_700],
  ['fix-during-retries-refresh-unasked', 2, 'landed', 54_400, 60_000],
  ['prune-off', 1, 'landed', 25_000, 30_000],
  ['deleted', 1, 'unreachable', 10_600, 10_700],
  ['sync-window', 1, 'blocked', 14_000, 16_000],
];

const FULL: readonly Case[] = [
  ...COMMITTED,
  ['webhook', 1, 'landed', 23_500, 30_000],
  ['poll-only', 1, 'landed', 260_600, 266_000],
  ['generate-paths', 1, 'landed', 13_257, 16_000],
  ['generate-paths', 2, 'landed', 32_800, 38_000],
  ['degraded-then-fixed', 1, 'landed', 33_000, 39_000],
  ['sync-failed-default-retry', 1, 'failed', 13_000, 16_000],
  ['hooks', 1, 'superseded', 33_500, 33_700],
  ['hooks', 2, 'failed', 33_500, 33_700],
  ['terminated', 1, 'failed', 9_700, 9_800],
  ['second-commit-while-syncing', 1, 'landed', 54_800, 60_000],
  ['second-commit-while-syncing', 2, 'landed', 54_800, 60_000],
  ['force-push', 1, 'superseded', 19_600, 19_800],
  ['force-push', 2, 'landed', 29_700, 36_000],
  ['comparison-error', 1, 'failed', 16_000, 18_000, { degradedGrace: 10_000 }],
  ['comparison-error', 1, 'landed', 37_200, 42_000],
  ['comparison-error', 2, 'landed', 37_200, 42_000],
  ['repository-gone', 1, 'landed', 33_300, 39_000, { degradedGrace: 5_000 }],
  ['helm-in-git', 1, 'landed', 26_700, 44_000],
  ['manual', 1, 'landed', 39_000, 44_000],
  ['manual', 2, 'landed', 39_000, 44_000],
  ['suspended', 1, 'landed', 38_000, 42_000],
  ['skip-reconcile', 1, 'blocked', 6_400, 6_500],
  ['controller-down', 1, 'landed', 41_800, 47_000],
  ['controller-stalled', 2, 'landed', 65_700, 71_000],
  ['server-restart', 1, 'landed', 48_600, 57_000],
  ['server-stalled', 1, 'landed', 36_400, 45_000],
  ['fix-during-retries', 1, 'failed', 10_900, 12_100],
  ['fix-during-retries', 2, 'landed', 337_700, 342_000],
  ['fix-during-retries-terminate', 2, 'landed', 40_900, 46_000],
  ['fix-during-retries-refresh', 2, 'landed', 57_300, 62_000],
  ['fix-during-retries-endless', 2, 'blocked', 18_600, 22_000],
  ['window-opens-during-operation', 1, 'blocked', 19_000, 23_000],
  ['window-opens-between-retries', 1, 'failed', 6_400, 6_500],
  ['window-manual-allowed', 1, 'landed', 34_200, 40_000],
  ['sync-wait-good', 1, 'landed', 22_000, 26_000],
  ['refresh-wait-good', 1, 'landed', 21_000, 24_000],
  ['refresh-wait-bad', 1, 'failed', 56_000, 60_000],
  ['refresh-wait-refused', 1, 'failed', 6_900, 7_200],
  ['refresh-wait-repair', 1, 'landed', 28_700, 33_000],
  ['wait-good', 1, 'waiting', 0, 0],
  ['wait-bad', 1, 'waiting', 0, 0],
  ['wait-bad-operation', 1, 'waiting', 0, 0],
  ['3.5/happy', 1, 'landed', 26_800, 33_000],
  ['3.5/bad-image', 1, 'failed', 60_700, 65_000],
  ['3.5/comparison-error', 1, 'failed', 17_800, 19_500, { degradedGrace: 10_000 }],
  ['3.5/comparison-error', 2, 'landed', 53_600, 58_000],
  ['3.5/fix-during-retries-refresh', 2, 'landed', 51_700, 57_000],
  ['3.5/generate-paths', 1, 'landed', 13_600, 16_000],
  ['3.5/no-op', 1, 'landed', 9_000, 16_000],
  ['3.5/repository-gone', 1, 'landed', 48_500, 55_000],
  ['3.5/manual', 1, 'landed', 34_000, 40_000],
  ['3.5/second-commit-while-syncing', 2, 'landed', 48_500, 55_000],
  ['3.5/skip-reconcile', 1, 'blocked', 6_700, 6_900],
  ['3.5/sync-failed', 1, 'failed', 7_000, 7_700],
  ['3.5/sync-failed', 2, 'landed', 54_000, 60_000],
  ['3.5/sync-wait-bad', 1, 'failed', 58_000, 64_000],
  ['3.5/wait-bad', 1, 'waiting', 0, 0],
  ['2.14/happy', 1, 'landed', 28_400, 35_000],
  ['2.14/bad-image', 1, 'failed', 60_600, 65_000],
  ['2.14/no-op', 2, 'landed', 16_400, 17_000],
  ['2.14/sync-wait-bad', 1, 'failed', 61_000, 67_000],
  ['2.14/wait-bad', 1, 'waiting', 0, 0],
];

/** A chart version or a digest, as the registry has it, and from which millisecond on it is waited for. */
type VersionCase = readonly [string, string, number, VerdictKind, number, number, Partial<JudgeOptions>?];

const COMMITTED_VERSIONS: readonly VersionCase[] = [
  // The seconds are equal until the next comparison, which the next change of the spec brings.
  ['helm-repository', '1.1.0', 9_300, 'landed', 20_500, 24_000, { stableFor: 5_000 }],
  ['helm-repository', '1.2.0', 23_000, 'landed', 39_000, 44_000],
  // Published again with other content: the version is live, and what differs is seen by nobody who does not look again.
  ['helm-repository', '1.2.0', 33_000, 'landed', 40_000, 42_000],
  ['helm-repository', '9.9.9', 60_900, 'landed', 85_000, 90_000],
];

const FULL_VERSIONS: readonly VersionCase[] = [
  ['helm-oci', '1.1.0', 11_000, 'landed', 22_500, 27_000, { stableFor: 5_000 }],
  ['helm-oci', '9.9.9', 64_000, 'landed', 88_200, 94_000],
];

/** What a wait for each of their commits comes to in the end, in the order of the pushes. */
const ALL_VERDICTS: Readonly<Record<string, string>> = {
  'app-of-apps': 'landed landed landed',
  'bad-image': 'superseded failed',
  'comparison-error': 'landed landed landed',
  'controller-down': 'landed landed',
  'controller-stalled': 'landed landed landed',
  'degraded-then-fixed': 'landed landed',
  deleted: 'unreachable unreachable',
  'fix-during-retries-endless': 'superseded failed blocked',
  'fix-during-retries-refresh-unasked': 'superseded failed landed',
  'fix-during-retries-refresh': 'superseded failed landed',
  'fix-during-retries-terminate': 'superseded failed landed',
  'fix-during-retries': 'superseded failed landed',
  'force-push': 'landed superseded landed',
  'generate-paths': 'landed landed landed',
  gitea: 'landed landed landed landed landed landed landed landed',
  happy: 'landed landed',
  'helm-app-of-apps': 'landed landed landed',
  'helm-in-git': 'landed landed',
  hooks: 'superseded superseded failed',
  manual: 'landed landed landed',
  'multi-source': 'landed landed landed landed landed',
  'no-op': 'landed landed landed',
  'other-namespace': 'landed landed',
  'poll-only': 'landed landed',
  'prune-off': 'landed landed',
  'refresh-wait-bad': 'superseded failed',
  'refresh-wait-good': 'landed landed',
  'refresh-wait-refused': 'superseded failed',
  'refresh-wait-repair': 'landed landed',
  'repository-gone': 'landed landed',
  'revert-during-rollout': 'landed superseded landed',
  rollback: 'blocked superseded',
  'second-commit-while-syncing': 'landed landed landed',
  'self-heal': 'landed',
  'server-restart': 'landed landed',
  'server-stalled': 'landed landed',
  'skip-reconcile': 'blocked blocked',
  suspended: 'landed landed landed landed',
  'sync-failed-default-retry': 'superseded failed',
  'sync-failed': 'superseded failed landed',
  'sync-wait-bad': 'superseded failed',
  'sync-wait-good': 'landed landed',
  'sync-window': 'blocked blocked',
  terminated: 'superseded failed',
  'tls-rootpath': 'landed',
  'wait-bad-operation': 'landed waiting',
  'wait-bad': 'landed waiting',
  'wait-good': 'landed waiting',
  webhook: 'landed landed',
  'window-manual-allowed': 'landed landed',
  'window-opens-between-retries': 'superseded failed',
  'window-opens-during-operation': 'blocked blocked',
  '3.5/bad-image': 'superseded failed',
  '3.5/comparison-error': 'landed landed landed',
  '3.5/fix-during-retries-refresh': 'superseded failed landed',
  '3.5/generate-paths': 'landed landed landed',
  '3.5/happy': 'landed landed',
  '3.5/manual': 'landed landed landed',
  '3.5/no-op': 'landed landed landed',
  '3.5/repository-gone': 'landed landed',
  '3.5/second-commit-while-syncing': 'landed landed landed',
  '3.5/skip-reconcile': 'blocked blocked',
  '3.5/sync-failed': 'superseded failed landed',
  '3.5/sync-wait-bad': 'superseded failed',
  '3.5/wait-bad': 'landed waiting',
  '2.14/bad-image': 'superseded failed',
  '2.14/happy': 'landed landed',
  '2.14/no-op': 'landed landed landed',
  '2.14/sync-wait-bad': 'superseded failed',
  '2.14/wait-bad': 'landed waiting',
};

/** Here only that nothing is called live too early; who belongs together is judged in `families.test.ts`. */
const OTHERS: readonly string[] = [
  'app-of-apps',
  'application-set',
  'application-set-git',
  'application-set-git-poll',
  'helm-app-of-apps',
  'gitea',
  'other-namespace',
  'self-heal',
];

function wantedOf({ pushes }: Recording, push: number) {
  const { sha = '', repository } = pushes[push] ?? {};
  return {
    revision: sha,
    images: [],
    ...(repository === undefined ? {} : { repository: normaliseRepositoryUrl(repository) }),
  };
}

function appsOf({ lines }: Recording): readonly string[] {
  return [...new Set(lines.flatMap(({ via, app }) => (via === 'stream' || via === 'get' ? (app ?? []) : [])))];
}

function expectVerdict(recording: Recording, [, push, kind, from, to, options]: Case): void {
  const app = recording.name.replace(/^.*\//, '');
  const steps = stepsOf(recording, app, recording.pushes[push]?.t ?? 0);
  const wanted = wantedOf(recording, push);
  const end = ending(
    replay(steps, { recording, app, wanted, options: options ?? {}, tail: kind === 'waiting' ? 0 : 120_000 }),
  );
  expect(end?.verdict.kind ?? 'waiting').toBe(kind);
  if (end === undefined) return;
  expect(end.t).toBeGreaterThanOrEqual(from);
  expect(end.t).toBeLessThanOrEqual(to);
}

function expectVersion(recording: Recording, [, revision, from, kind, least, most, options]: VersionCase): void {
  const app = recording.name.replace(/^.*\//, '');
  const wanted = { revision, images: [] };
  const judged = replay(stepsOf(recording, app, from), {
    recording,
    app,
    wanted,
    options: options ?? {},
    tail: 120_000,
  });
  const end = ending(judged);
  expect(end?.verdict.kind ?? 'waiting').toBe(kind);
  expect(end?.t).toBeGreaterThanOrEqual(least);
  expect(end?.t).toBeLessThanOrEqual(most);
}

function verdictsOf(recording: Recording): string {
  const app = recording.name.replace(/^.*\//, '');
  const kinds = recording.pushes.map(({ t }, push) => {
    const wanted = wantedOf(recording, push);
    const end = ending(replay(stepsOf(recording, app, t), { recording, app, wanted, tail: 120_000 }));
    return end?.verdict.kind ?? 'waiting';
  });
  return kinds.join(' ');
}

/** Even with no time to be stable, nothing is live at any moment of the recording at which it was not. */
function expectNeverEarly(recording: Recording): number {
  let green = 0;
  for (const app of appsOf(recording)) {
    for (const [push, { t }] of recording.pushes.entries()) {
      const wanted = wantedOf(recording, push);
      const options = { ...DEFAULTS, stableFor: 0 };
      for (const { verdict, object, t: at } of replay(stepsOf(recording, app, t), {
        recording,
        app,
        wanted,
        options,
      })) {
        if (verdict.kind !== 'landed' || object === undefined) continue;
        green++;
        expect([app, push, at, isTrulyLive(object, recording, wanted.revision)]).toEqual([app, push, at, true]);
      }
    }
  }
  return green;
}

describe('recordings of real servers, those of this repository', () => {
  it.each(COMMITTED)('%s, push %s: %s', (...one) => expectVerdict(readTimeline(one[0]), one));

  it.each(COMMITTED_VERSIONS)('%s, %s from %s on: %s', (...one) => expectVersion(readTimeline(one[0]), one));

  it('helm-repository: a version published again with other content starts nothing, which is told', () => {
    const recording = readTimeline('helm-repository');
    const app = 'helm-repository';
    // From the hard refresh that sees it until the next change.
    const steps = stepsOf(recording, app, 42_700).filter(({ t }) => t < 60_000);
    const end = ending(replay(steps, { recording, app, wanted: { revision: '1.2.0', images: [] }, tail: 120_000 }));
    expect(end?.verdict.kind).toBe('blocked');
    expect(end?.verdict.reasons).toContain(
      '1.2.0 is deployed, and differs from what the source holds under that name now: Argo CD starts no sync for that',
    );
  });

  it('oci-source: a digest is the revision, also where a tag has moved', () => {
    const recording = readTimeline('oci-source');
    const app = 'oci-source';
    const again = recording.lines.find(
      ({ object }) => object?.what === 'chart published' && object.tag === '1.2.0-second',
    );
    const revision: string = again?.object.digest ?? '';
    expect(revision).toMatch(/^sha256:[0-9a-f]{64}$/);
    const steps = stepsOf(recording, app, again?.t ?? 0);
    const until = steps.filter(({ t }) => t < 42_000);
    const end = ending(replay(until, { recording, app, wanted: { revision, images: [] }, tail: 60_000 }));
    expect(end?.verdict.kind).toBe('landed');
    expect(end?.t).toBeGreaterThan(39_200 + 10_000);
  });

  it.each([...new Set(COMMITTED.map(([name]) => name))])('%s: never live too early', (name) => {
    expectNeverEarly(readTimeline(name));
  });
});

describe('recordings of real servers, all of them', () => {
  for (const one of FULL) {
    const [name, push, kind] = one;
    if (hasRecording(name)) it(`${name}, push ${push}: ${kind}`, () => expectVerdict(readRecording(name), one));
    else it.skip(`${name}, push ${push}: the recording is not on this machine`, () => undefined);
  }

  for (const one of FULL_VERSIONS) {
    const [name, revision, , kind] = one;
    if (hasRecording(name)) it(`${name}, ${revision}: ${kind}`, () => expectVersion(readRecording(name), one));
    else it.skip(`${name}, ${revision}: the recording is not on this machine`, () => undefined);
  }

  for (const [name, kinds] of Object.entries(ALL_VERDICTS)) {
    if (hasRecording(name)) it(`${name}: ${kinds}`, () => expect(verdictsOf(readRecording(name))).toBe(kinds));
    else it.skip(`${name}, every commit: the recording is not on this machine`, () => undefined);
  }

  for (const name of new Set([...FULL.map(([full]) => full), ...OTHERS])) {
    if (hasRecording(name)) it(`${name}: never live too early`, () => void expectNeverEarly(readRecording(name)));
    else it.skip(`${name}, never live too early: the recording is not on this machine`, () => undefined);
  }
});
