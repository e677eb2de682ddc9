import type { CommandContext } from '../commands/context.ts';
import type { Host } from '../host.ts';
import type { CommandName } from '../inputs/commands.ts';
import type { Outcome } from '../outcome.ts';
import type { ConfigRepository } from './config-repository.ts';

/** What plays the engine and the cluster, and how the commands reach it. */
export interface StandIn {
  /** What it stands in for. */
  readonly title: string;
  /** Flags of `deliver`. */
  readonly reached: Flags;
  /** Variables that a user of the real thing would have set. */
  readonly env: Host['env'];
  /** Resolves when the first version is live. */
  settled(): Promise<void>;
  /** Ends all connections and everything that runs. */
  close(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. */
export type OpenStandIn = (stage: Pick<Stage, 'host' | 'repository' | 'folder'>) => Promise<StandIn>;

/** Where the acts are played: a real repository, the stand-in that reads it, and the way to the real commands. */
export interface Stage {
  readonly host: Host;
  readonly run: CommandContext['run'];
  readonly repository: ConfigRepository;
  readonly standIn: StandIn;
  /** A folder for working copies and for what is written beside them. */
  readonly folder: string;
}

/** What an act came to. */
export interface Act {
  readonly outcomes: readonly Outcome[];
  /** One sentence per thing that did not go as told; empty when it did. */
  readonly surprises: readonly string[];
}

export type Flags = Readonly<Record<string, string | readonly string[]>>;

/** Waiting as for a real cluster, at the speed of a demonstration. */
export const PACE: Flags = { 'stable-for': '1s', 'degraded-grace': '1s', timeout: '20s' };

/** Tells and runs a command line as a user would type it, in a folder. */
export async function typed(
  stage: Stage,
  command: CommandName,
  args: { readonly flags?: Flags; readonly paths?: readonly string[]; readonly hidden?: Flags },
  folder = stage.host.workingDirectory,
): Promise<Outcome> {
  const { flags = {}, paths = [], hidden = {} } = args;
  stage.host.log.info(`  $ drawbridge ${[command, ...paths, ...printFlags(flags)].join(' ')}`);
  const host: Host = { ...stage.host.at(folder), log: indented(stage.host.log), env: environment(stage) };
  const raw = { flags: { ...flags, ...hidden }, positionals: paths, env: host.env };
  return stage.run(command, raw, host);
}

function printFlags(flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => [value].flat().map((one) => `--${name} ${one}`));
}

/** The surroundings of a plain shell: no inputs, tokens or events of a pipeline that the demo may run in. */
function environment({ host, standIn }: Stage): Host['env'] {
  const { PATH, HOME, TMPDIR, SystemRoot } = host.env;
  return { PATH, HOME, TMPDIR, SystemRoot, ...standIn.env };
}

function indented(log: Host['log']): Host['log'] {
  const indent = (message: string) => `    ${message.replaceAll('\n', '\n    ')}`;
  return {
    ...log,
    info: (message) => log.info(indent(message)),
    warning: (message) => log.info(indent(message)),
    group: (_title, body) => body(),
  };
}

/** Names what an act should have come to and did not. */
export function expectThat(holds: boolean, sentence: string): readonly string[] {
  return holds ? [] : [sentence];
}
