import { describe, expect, it } from '@jest/globals';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { refusal } from '../../support/argocd-script.ts';
import { type FamilyReplay, type FamilyStep, familyStepsOf, replayFamily } from '../../support/family-replay.ts';
import { serveRecording } from '../../support/recorded-server.ts';
import { type Recording, readTimeline } from '../../support/recordings.ts';
import { variationsOf } from '../../support/step-variations.ts';
import { isTrulyLive } from '../../support/truth.ts';
import { waitScene } from '../../support/wait-scene.ts';

interface Scene {
  readonly recording: Recording;
  readonly steps: readonly FamilyStep[];
  readonly revision: string;
  readonly replay: FamilyReplay;
}

function sceneOf(name: string, push: number): Scene {
  const recording = readTimeline(name);
  const { t = 0, sha: revision = '', repository = '' } = recording.pushes[push] ?? {};
  const wanted = { revision, repository: normaliseRepositoryUrl(repository), images: [] };
  const replay: FamilyReplay = { recording, roots: [name], wanted, tail: 75_000, every: 15_000 };
  return { recording, steps: familyStepsOf(recording, t), revision, replay };
}

/** A chart has no commit: then the spec must be the one that came with the wanted commit, and the status that of the spec. */
// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
function isLiveChart(object: any): boolean {
  const { sync, health } = object?.status ?? {};
  const { source } = object?.spec ?? {};
  const isOfSpec = JSON.stringify(sync?.comparedTo?.source) === JSON.stringify(source);
  return isOfSpec && source?.targetRevision === '1.1.0' && sync?.revision === '1.1.0' && health?.status === 'Healthy';
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
function isLive(object: any, { recording, revision }: Scene): boolean {
  return object?.spec?.source?.chart === undefined ? isTrulyLive(object, recording, revision) : isLiveChart(object);
}

function verdictsOf({ steps, replay }: Scene, changes: Partial<FamilyReplay> = {}) {
  return replayFamily(steps, { ...replay, ...changes });
}

function kinds(verdicts: ReturnType<typeof replayFamily>): Readonly<Record<string, VerdictKind>> {
  return Object.fromEntries([...verdicts].map(([name, { kind }]) => [name, kind]));
}

describe('an app of apps', () => {
  it('is live when all of its applications are, though it was Synced and Healthy all the time', () => {
    const verdicts = verdictsOf(sceneOf('app-of-apps', 2));
    expect(kinds(verdicts)).toEqual({
      'app-of-apps': 'landed',
      'app-of-apps-one': 'landed',
      'app-of-apps-two': 'landed',
      'app-of-apps-three': 'landed',
    });
    expect(verdicts.get('app-of-apps')?.t).toBeGreaterThan(47_900 + 10_000);
  });

  it('fails with the application that does, in its words', () => {
    const scene = sceneOf('app-of-apps', 1);
    const before = scene.steps.filter(({ t }) => t < 40_000);
    const verdicts = replayFamily(before, scene.replay);
    expect(kinds(verdicts)).toEqual({
      'app-of-apps': 'failed',
      'app-of-apps-one': 'failed',
      'app-of-apps-two': 'landed',
    });
    expect(verdicts.get('app-of-apps')?.reason).toContain('its application app-of-apps-one: Synced at 9cb7ef5ef64b');
  });

  it('is not live while an application has not moved to the commit, even with no time to be stable', () => {
    const scene = sceneOf('app-of-apps', 1);
    // The parent is at the commit from 8.5 s on, the first child from 12.6 s on.
    const verdicts = replayFamily(
      scene.steps.filter(({ t }) => t < 12_500),
      { ...scene.replay, tail: 300_000, options: { stableFor: 0 } },
    );
    expect(kinds(verdicts)).toEqual({});
  });

  it('is judged by the chart version where an application follows no commit', () => {
    const verdicts = verdictsOf(sceneOf('helm-app-of-apps', 1));
    expect(kinds(verdicts)).toEqual({
      'helm-app-of-apps': 'landed',
      'helm-app-of-apps-one': 'landed',
      'helm-app-of-apps-two': 'landed',
    });
    expect(verdicts.get('helm-app-of-apps-one')?.t).toBeGreaterThan(15_500 + 10_000);
    expect(verdicts.get('helm-app-of-apps')?.t).toBeGreaterThan(16_000 + 10_000);
  });

  it('waits for the application whose values alone changed', () => {
    const verdicts = verdictsOf(sceneOf('helm-app-of-apps', 2));
    expect(verdicts.get('helm-app-of-apps')).toMatchObject({ kind: 'landed' });
    expect(verdicts.get('helm-app-of-apps')?.t).toBeGreaterThan(27_100 + 10_000);
  });
});

describe('an application set, as it was recorded, with every event of the streams lost', () => {
  it('is live with all that it generates, those that come and go while it is waited for included', async () => {
    const recording = readTimeline('application-set-git');
    const { t = 0, sha: revision = '', repository = '' } = recording.pushes[1] ?? {};
    const scene = waitScene({ startsAt: recording.startedAt + t });
    serveRecording(scene.script, recording, t);
    scene.script.on('GET /api/v1/applicationsets/application-set-git', refusal(403, 7, 'permission denied'), 'some');
    const outcomes = await scene.waitAll({
      targets: ['ApplicationSet/application-set-git'],
      wanted: { revision, repository: normaliseRepositoryUrl(repository) },
      relation: async (one) => recording.relation(one, revision),
    });
    expect(outcomes.map(({ target, verdict }) => [target.name, verdict.kind])).toEqual([
      ['ApplicationSet/application-set-git', 'landed'],
      ['application-set-git-one', 'landed'],
      ['application-set-git-two', 'landed'],
      ['application-set-git-three', 'landed'],
    ]);
    // The third was healthy 8.2 s after the push.
    expect(outcomes[0]?.seconds).toBeGreaterThan(18);
  });

  it.each([1, 2])('an app of apps is live after the same time (push %s)', async (push) => {
    const recording = readTimeline('helm-app-of-apps');
    const { t = 0, sha: revision = '', repository = '' } = recording.pushes[push] ?? {};
    const scene = waitScene({ startsAt: recording.startedAt + t });
    serveRecording(scene.script, recording, t);
    const outcomes = await scene.waitAll({
      targets: ['helm-app-of-apps'],
      wanted: { revision, repository: normaliseRepositoryUrl(repository) },
      relation: async (one) => recording.relation(one, revision),
    });
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(['landed', 'landed', 'landed']);
    expect(outcomes[0]?.seconds).toBeGreaterThan(16);
    expect(outcomes[0]?.seconds).toBeLessThan(60);
  });
});

/** Of the last three also the verdict: the first is their longest, and shows nothing else in the end. */
const SCENES: readonly (readonly [string, number, boolean])[] = [
  ['app-of-apps', 1, false],
  ['app-of-apps', 2, true],
  ['helm-app-of-apps', 1, true],
  ['helm-app-of-apps', 2, true],
];

describe('the recording of a family with something wrong with every message in turn', () => {
  it.each(SCENES)('%s, push %s: the same verdict or none, and never live too early', (name, push, isEndAsked) => {
    const scene = sceneOf(name, push);
    for (const steps of variationsOf(scene.steps, (a, b) => a.app === b.app)) {
      expectNeverEarly(scene, name, steps);
      if (isEndAsked) expect(['landed', undefined]).toContain(replayFamily(steps, scene.replay).get(name)?.kind);
    }
  });
});

/** Each one is live when that is said of it, and the parent is the last. */
function expectNeverEarly(scene: Scene, name: string, steps: readonly FamilyStep[]): void {
  const landed = new Set<string>();
  const onVerdict: FamilyReplay['onVerdict'] = (app, kind, world) => {
    if (kind !== 'landed') return;
    landed.add(app);
    expect([app, isLive(world.get(app), scene)]).toEqual([app, true]);
    if (app === name) expect([...world.keys()].filter((other) => !landed.has(other))).toEqual([]);
  };
  replayFamily(steps, { ...scene.replay, tail: 0, options: { stableFor: 0 }, onVerdict });
}
