import type { CommandContext } from '../commands/context.ts';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { badImage, goodChange, stoppedChange } from './acts.ts';
import { createConfigRepository } from './config-repository.ts';
import type { Act, OpenStandIn, Stage } from './stage.ts';

export interface DemoOptions {
  readonly engine: 'argocd' | 'flux';
  /** Leave the repository where it is and say where. */
  readonly keep: boolean;
  /** Put findings, edits and targets of the acts into the outcome; for people they were shown in each act. */
  readonly detailed: boolean;
}

/**
 * Plays the whole loop in three acts, with the commands that users run, on a real Git repository in a temporary folder and
 * a stand-in for the engine and its cluster.
 * @throws ToolError missing without git; internal when an act does not go as told
 */
export async function playDemo(host: Host, run: CommandContext['run'], options: DemoOptions): Promise<Outcome> {
  const folder = await host.files.makeTemporary('drawbridge-demo');
  const repository = await createConfigRepository(host, await subfolder(host, folder, 'config.git'));
  const open = await OPENED[options.engine]();
  const standIn = await open({ host, repository, folder });
  try {
    const stage: Stage = { host, run, repository, standIn, folder };
    openCurtain(stage);
    await standIn.settled();
    const acts = [await goodChange(stage), await stoppedChange(stage), await badImage(stage)];
    await epilogue(stage);
    return outcomeOf(acts, stage, options);
  } finally {
    await standIn.close();
    if (options.keep) host.files.keepTemporary(folder);
    else await host.files.removeTemporary(folder);
  }
}

/** Each brings its stand-in in a chunk of its own. */
const OPENED: Readonly<Record<DemoOptions['engine'], () => Promise<OpenStandIn>>> = {
  argocd: async () => (await import('./argocd.ts')).openArgoCd,
  flux: async () => (await import('./flux.ts')).openFlux,
};

async function subfolder(host: Host, folder: string, name: string): Promise<string> {
  await host.files.write(`${folder}/${name}/description`, 'The config repository of the Drawbridge demo.\n');
  return `${folder}/${name}`;
}

function openCurtain({ host, standIn: { title } }: Stage): void {
  host.log.info(
    `The config repository is real Git, and so are the commands. ${title} and the cluster are a stand-in on 127.0.0.1,`,
  );
  host.log.info(
    'which reads that repository and plays what an API client sees; its cluster is quick, so the waits are shortened.',
  );
}

async function epilogue({ host, repository }: Stage): Promise<void> {
  host.log.info('\nWhat the branch holds now (git log --oneline)');
  for (const line of await repository.log()) host.log.info(`    ${line}`);
}

function outcomeOf(acts: readonly Act[], { repository, standIn }: Stage, { keep, detailed }: DemoOptions): Outcome {
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
      `Real: the Git repository, every commit in it, the schemas, and the commands. Stand-in: ${standIn.title} and the cluster.`,
      keep
        ? `The repository is at ${repository.path}; delete the folder when you are done.`
        : 'The repository is gone; --keep leaves it here.',
      'Next: drawbridge validate on your own manifests, then drawbridge deliver --help for your own repository and server.',
    ],
  };
}
