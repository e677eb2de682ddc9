import { fluxEngine } from '../../src/engines/flux/index.ts';
import { watch } from '../../src/engines/watch.ts';
import type { Host } from '../../src/host.ts';
import type { Plan } from './delivery-plans.ts';
import type { FluxRecording } from './flux-recordings.ts';
import { fluxRuns } from './flux-truth-runs.ts';
import type { Found } from './kube-waiting.ts';
import { playedServer } from './played-server.ts';
import { DEFAULTS } from './replay.ts';
import { type Story, storyOf } from './story.ts';
import { objection, type Run } from './truth-runs.ts';
import { virtualClock } from './virtual-clock.ts';

/** Targets of a recording, and the commit that is waited for. */
export interface FluxScene {
  readonly recording: FluxRecording;
  readonly story: Story;
  readonly wanted: string;
  /** `Kustomization/app` */
  readonly targets: readonly string[];
  /** Of each target. */
  readonly truth: readonly (readonly Run[])[];
}

/** Milliseconds for which the last state goes on after the end. */
const TAIL = 90_000;

export function fluxScene(recording: FluxRecording, wanted: string, targets: readonly string[]): FluxScene {
  const writes = recording.writes.map(({ t, key, object }) => {
    const [kind = '', name = ''] = key.split('/');
    return { t, kind, name, ...(object === undefined ? {} : { object }) };
  });
  const namespace = recording.writes[0]?.object?.metadata?.namespace ?? '';
  const story = storyOf({ namespace, end: recording.end, serverClock: recording.startedAt }, writes);
  const truth = targets.map((target) => fluxRuns(recording, target, wanted));
  return { recording, story, wanted, targets, truth };
}

const quiet = () => undefined;

/** A whole wait with everything of the program, in virtual time; one verdict for each target. */
export async function waitOnFlux(scene: FluxScene, plan: Plan): Promise<readonly Found[]> {
  const { recording, story, wanted } = scene;
  const clock = virtualClock();
  const log = { debug: quiet, info: quiet, warning: quiet, error: quiet, secret: quiet };
  const host = { clock, random: () => 0.5, signal: new AbortController().signal, log } as unknown as Host;
  const options = { ...DEFAULTS, ...plan.options };
  const cluster = playedServer(story, clock, plan.from, plan.faults);
  const engine = fluxEngine(cluster, { grace: options.degradedGrace, normaliseRepository: (url) => url }, host);
  const timeout = Math.max(1_000, story.end + TAIL - plan.from);
  const ends = new Map<string, number>();
  const outcomes = await clock.run(
    watch({
      engine,
      targets: scene.targets.map((target) => engine.parseTarget(target)),
      wanted: { revision: wanted, images: [] },
      options,
      timeout,
      refresh: false,
      relation: async (revision) => recording.relation(revision, wanted),
      progress: ({ kind, target }) => {
        if (kind === 'verdict') ends.set(target.name, plan.from + clock.monotonic());
      },
      host,
    }),
  );
  return scene.truth.map((runs, index) => {
    const { verdict, target } = outcomes[index] ?? {};
    const { kind = 'waiting', reasons = [] } = verdict ?? {};
    const { from: began, lag, skew = 500, pods = true } = plan;
    const answers = plan.faults.answers?.fail === undefined;
    const t = ends.get(target?.name ?? '') ?? began;
    const { stableFor, degradedGrace } = options;
    const ended = { kind, began, t, stableFor, degradedGrace, lag, skew, pods, answers, patient: true };
    const isOver = clock.monotonic() <= timeout + 5_000;
    return { kind, reasons, objection: isOver ? objection(ended, runs) : 'it did not end in time' };
  });
}
