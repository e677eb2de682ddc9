import type { CommandContext } from './commands/context.ts';
import { refuseUntrustedEvent } from './commands/event-guard.ts';
import { COMMAND_BODIES } from './commands/registry.ts';
import type { Host } from './host.ts';
import type { CommandName } from './inputs/commands.ts';
import type { InputValues } from './inputs/definitions.ts';
import { parseInputs } from './inputs/parse.ts';
import type { RawInputs } from './inputs/sources.ts';
import type { Outcome } from './outcome.ts';

type CommonValues = Pick<InputValues<'validate'>, 'workingDirectory' | 'allowUntrustedEvent'>;

/**
 * The composition root: a command's name, its raw inputs and a machine become an Outcome.
 * @throws ToolError for everything that is no verdict on the change itself; only the front ends catch it.
 */
export async function run<C extends CommandName>(command: C, raw: RawInputs, machine: Host): Promise<Outcome> {
  const inputs: InputValues<C> & CommonValues = parseInputs(command, raw) as InputValues<C> & CommonValues;
  const host = inputs.workingDirectory === undefined ? machine : machine.at(inputs.workingDirectory);
  const { body, privileged } = await COMMAND_BODIES[command]();
  if (privileged) await refuseUntrustedEvent(host, command, inputs.allowUntrustedEvent);
  return body(inputs, contextOf(host));
}

/** Adapters are loaded by the commands that connect to something. */
export function contextOf(host: Host): CommandContext {
  return {
    host,
    connectForge: async (...given) => (await import('./forges/registry.ts')).connectForge(...given),
    connectEngine: async (...given) => (await import('./engines/registry.ts')).connectEngine(...given),
    run,
  };
}
