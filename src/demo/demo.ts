import type { CommandContext } from '../commands/context.ts';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { BAD_IMAGE, badImage, goodChange, stoppedChange, TARGET } from './acts.ts';
import { type ConfigRepository, createConfigRepository } from './config-repository.ts';
import type { Act, Stage } from './stage.ts';
import { type StandIn, startArgoCdStandIn } from './stand-in/server.ts';

export interface DemoOptions {
  /** Leave the repository where it is and say where. */
  readonly keep: boolean;
  /** Put findings, edits and targets of the acts into the outcome; for people they were shown in each act. */
  readonly detailed: boolean;
}

/**
 * Plays the whole loop in three acts, with the commands that users run, on a real Git repository in a temporary folder and
 * the stand-in for Argo CD.
 * @throws ToolError missing without git; internal when an act does not go as told
 */
export async function playDemo(host: Host, run: CommandContext['run'], options: DemoOptions): Promise<Outcome> {
  const folder = await host.files.makeTemporary('drawbridge-demo');
  const repository = await createConfigRepository(host, await subfolder(host, folder, 'config.git'));
  const standIn = await openCurtain(host, repository);
  try {
    const stage: Stage = { host, run, repository, standIn, folder };
    await settled(stage);
    const acts = [await goodChange(stage), await stoppedChange(stage), await badImage(stage)];
    await epilogue(stage);
    return outcomeOf(acts, repository, options);
  } finally {
    await standIn.close();
    if (options.keep) host.files.keepTemporary(folder);
    else await host.files.removeTemporary(folder);
  }
}

async function subfolder(host: Host, folder: string, name: string): Promise<string> {
  await host.files.write(`${folder}/${name}/description`, 'The config repository of the Drawbridge demo.\n');
  return `${folder}/${name}`;
}

function openCurtain(host: Host, repository: ConfigRepository): Promise<StandIn> {
  host.log.info(
    'The config repository is real Git, and so are the commands. Argo CD and the cluster are a stand-in on 127.0.0.1,',
  );
  host.log.info(
    'which reads that repository and plays what an API client sees; its cluster is quick, so the waits are shortened.',
  );
  return startArgoCdStandIn({
    host,
    repository: repository.path,
    applications: [{ name: TARGET, path: 'overlays/production' }],
    rollout: { readyAfter: 1_200, progressDeadline: 1_800, pullable: (image) => image !== BAD_IMAGE },
    polling: 500,
  });
}

/** The story begins with the first version live, as it would be in a real cluster. */
async function settled({ standIn }: Stage): Promise<void> {
  await standIn.until(TARGET, ({ sync, health }) => sync?.status === 'Synced' && health?.status === 'Healthy');
}

async function epilogue({ host, repository }: Stage): Promise<void> {
  host.log.info('\nWhat the branch holds now (git log --oneline)');
  for (const line of await repository.log()) host.log.info(`    ${line}`);
}

function outcomeOf(acts: readonly Act[], repository: ConfigRepository, { keep, detailed }: DemoOptions): Outcome {
  const surprises = acts.flatMap((act) => act.surprises);
  if (surprises.length > 0) {
    throw new ToolError('internal', 'The demo did not go as told', {
      problems: surprises,
      hint: 'A very slow machine can do that; run it again.',
    });
  }
  const outcomes = detailed ? acts.flatMap((act) => act.outcomes) : [];
  return {
    result: 'ok',
    exitCode: EXIT_CODE.ok,
    outputs: keep ? { repository: repository.path } : {},
    findings: outcomes.flatMap(({ findings }) => findings),
    edits: outcomes.flatMap(({ edits }) => edits),
    targets: outcomes.flatMap(({ targets }) => targets),
    headline: 'The three acts went as told: one change landed, one was stopped, one was rolled back',
    notes: [
      'Real: the Git repository, every commit in it, the schemas, and the commands. Stand-in: Argo CD and the cluster.',
      keep
        ? `The repository is at ${repository.path}; delete the folder when you are done.`
        : 'The repository is gone; --keep leaves it here.',
      'Next: drawbridge validate on your own manifests, then drawbridge deliver --help for your own repository and server.',
    ],
  };
}
