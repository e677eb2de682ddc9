import type { VerdictKind, Wanted } from '../../src/engines/delivery-engine.ts';
import { kubernetesEngine } from '../../src/engines/kubernetes/index.ts';
import { watch } from '../../src/engines/watch.ts';
import type { Plan } from './delivery-plans.ts';
import { DEFAULTS } from './kube-replay.ts';
import { imagesAt, type KubeStory } from './kube-stories.ts';
import { kubeTruth } from './kube-truth.ts';
import { playedServer } from './played-server.ts';
import { objection, type Run } from './truth-runs.ts';
import { virtualClock } from './virtual-clock.ts';

/** A target of a story, and which apply is waited for. */
export interface KubeScene {
  readonly name: string;
  readonly story: KubeStory;
  readonly apply: number;
  /** How what is wanted is told. */
  readonly by: 'file' | 'name' | 'image';
  /** Milliseconds for which nothing changes any more after the end; 0 for what would go on for ever. */
  readonly tail: number;
}

export interface Found {
  readonly kind: VerdictKind;
  readonly reasons: readonly string[];
  /** What speaks against the verdict. */
  readonly objection: string | undefined;
}

const known = new Map<string, readonly Run[]>();

function truthOf({ name, story, apply, by }: KubeScene, from: number): readonly Run[] {
  const images = imagesAt(story, story.target, by === 'name' ? from : (story.applies[apply] ?? 0));
  const key = `${name} ${story.target} ${JSON.stringify(images)}`;
  const runs = known.get(key) ?? kubeTruth(story, story.target, images);
  known.set(key, runs);
  return runs;
}

/** Whole waits on one server with everything of the program, in virtual time; one verdict for each scene. */
export async function waitOnKube(scenes: readonly KubeScene[], plan: Plan): Promise<readonly Found[]> {
  const [first] = scenes;
  if (first === undefined) return [];
  const { story, tail } = first;
  const clock = virtualClock();
  const host = { clock, random: () => 0.5, signal: new AbortController().signal };
  const appliedOf = ({ apply, story: { applies, target } }: KubeScene) => imagesAt(story, target, applies[apply] ?? 0);
  const files = scenes.filter(({ by }) => by === 'file');
  const applied = new Map(files.map((scene) => [scene.story.target, appliedOf(scene)]));
  const cluster = playedServer(story, clock, plan.from, plan.faults);
  const engine = kubernetesEngine(cluster, { applied }, host);
  const images = scenes.filter(({ by }) => by === 'image').flatMap((scene) => Object.values(appliedOf(scene)));
  const wanted: Wanted = { revision: 'what was applied', images };
  const options = { ...DEFAULTS, ...plan.options };
  const timeout = Math.max(1_000, story.end + tail - plan.from);
  const ends = new Map<string, number>();
  const outcomes = await clock.run(
    watch({
      engine,
      targets: scenes.map(({ story: { target } }) => engine.parseTarget(target)),
      wanted,
      options,
      timeout,
      refresh: true,
      relation: async () => 'lacks',
      progress: ({ kind, target }) => {
        if (kind === 'verdict') ends.set(target.name, plan.from + clock.monotonic());
      },
      host,
    }),
  );
  return scenes.map((scene, index) => {
    const { verdict, target } = outcomes[index] ?? {};
    const { kind = 'waiting', reasons = [] } = verdict ?? {};
    const { from: began, lag, skew = 500, pods = true } = plan;
    const answers = plan.faults.answers?.fail === undefined;
    const t = ends.get(target?.name ?? '') ?? began;
    const isOver = clock.monotonic() <= timeout + 5_000;
    const { stableFor, degradedGrace } = options;
    const patient = scene.by === 'image';
    const ended = { kind, began, t, stableFor, degradedGrace, lag, skew, pods, answers, patient };
    const against = objection(ended, truthOf(scene, began));
    return { kind, reasons, objection: isOver ? against : 'it did not end in time' };
  });
}
