import { afterAll, describe, expect, it } from '@jest/globals';
import { type Plan, plansOfArrival, plansOfServers, plansOfWrites, SETTINGS } from '../../support/delivery-plans.ts';
import { type KubeStory, kubeStory, stretched, together } from '../../support/kube-stories.ts';
import { type KubeScene, waitOnKube } from '../../support/kube-waiting.ts';

/** Every recording, and the number of the apply that is waited for. */
const CASES: readonly (readonly [string, number])[] = [
  ['deployment-rollout', 0],
  ['deployment-no-change', 0],
  ['deployment-deadline', 0],
  ['deployment-deadline', 1],
  ['deployment-never-ready', 0],
  ['deployment-crash-loop', 0],
  ['deployment-flap', 0],
  ['deployment-superseded', 0],
  ['deployment-superseded', 1],
  ['job-complete', 0],
  ['job-failed', 0],
  ['job-deadline', 0],
  ['statefulset-rollout', 0],
  ['statefulset-stuck', 0],
  ['statefulset-stuck', 1],
  ['daemonset-rollout', 0],
];

/** The defaults, and what waits for longer than a pod stays up that is slow to crash. */
const PATIENT = [SETTINGS[0] ?? {}, { stableFor: 30_000, degradedGrace: 60_000 }];

const tally = new Map<string, number>();

function sceneOf(name: string, story: KubeStory, apply: number, by: KubeScene['by']): KubeScene {
  // What flaps goes on for ever, and would stand still after the end of its recording.
  return { name, story, apply, by, tail: name.includes('flap') ? 0 : 120_000 };
}

/** Every verdict under every plan is what is true by the recording, and comes in time. */
async function expectTruth(what: string, scenes: readonly KubeScene[], plans: Iterable<Plan>): Promise<void> {
  const wrong: unknown[] = [];
  for (const plan of plans) {
    const found = await waitOnKube(scenes, plan);
    tally.set(what, (tally.get(what) ?? 0) + found.length);
    for (const { kind, reasons, objection } of found)
      if (objection !== undefined) wrong.push([plan.name, plan.from, kind, objection, ...reasons]);
  }
  expect(wrong).toEqual([]);
}

function kindsOf({ writes }: KubeStory): readonly string[] {
  return [...new Set(writes.map(({ kind }) => kind))];
}

describe('a recording that is played by a server with something wrong', () => {
  it.each(CASES)('%s, apply %s, by its file: the truth', async (name, apply) => {
    const story = kubeStory(name);
    const from = story.applies[apply] ?? 0;
    const scenes = [sceneOf(name, story, apply, 'file')];
    await expectTruth('servers', scenes, plansOfServers(from, kindsOf(story)));
    await expectTruth('arrivals', scenes, plansOfArrival(story, from, 1_000));
    await expectTruth('writes', scenes, plansOfWrites(story, from));
  });

  it.each(CASES)('%s, apply %s, by name and by image: the truth', async (name, apply) => {
    const story = kubeStory(name);
    const from = story.applies[apply] ?? 0;
    for (const by of ['name', 'image'] as const) {
      const scenes = [sceneOf(name, story, apply, by)];
      await expectTruth('servers', scenes, plansOfServers(from, kindsOf(story), SETTINGS.slice(0, 1)));
      await expectTruth('arrivals', scenes, plansOfArrival(story, from, 2_000));
    }
  });

  it.each(CASES)('%s, apply %s, faster and slower: the truth', async (name, apply) => {
    for (const factor of [0.3, 10]) {
      const story = stretched(kubeStory(name), factor);
      const from = story.applies[apply] ?? 0;
      const scenes = [sceneOf(`${name} ${factor}`, story, apply, 'file')];
      await expectTruth('speeds', scenes, plansOfServers(from, kindsOf(story), PATIENT));
      await expectTruth('speeds', scenes, plansOfArrival(story, from, 3_000 * factor));
    }
  });
});

describe('two recordings that are played at once', () => {
  it.each([
    ['deployment-rollout', 0, 'deployment-crash-loop', 0, 0],
    ['deployment-rollout', 0, 'deployment-no-change', 0, 3_000],
    ['deployment-deadline', 1, 'statefulset-rollout', 0, 14_000],
    ['deployment-superseded', 1, 'daemonset-rollout', 0, 2_000],
    ['job-complete', 0, 'deployment-rollout', 0, 0],
    ['statefulset-stuck', 1, 'job-failed', 0, 0],
  ])('%s, apply %s, and %s, apply %s: the truth of each', async (name, apply, other, otherApply, shift) => {
    const [first, second] = together(kubeStory(name), kubeStory(other), shift);
    const scenes = [sceneOf(name, first, apply, 'file'), sceneOf(other, second, otherApply, 'file')];
    const from = first.applies[apply] ?? 0;
    await expectTruth('together', scenes, plansOfServers(from, kindsOf(first), PATIENT));
    await expectTruth('together', scenes, plansOfWrites(first, from, 9));
  });
});

describe('the variations', () => {
  afterAll(() => tally.clear());

  it('are more than 7,000, each of them a wait by all of the program', () => {
    const total = [...tally.values()].reduce((sum, count) => sum + count, 0);
    expect([...tally.keys()]).toEqual(['servers', 'arrivals', 'writes', 'speeds', 'together']);
    expect(total).toBeGreaterThan(7_000);
  });
});
