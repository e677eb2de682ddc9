import type { DeliveryEngine } from '../engines/delivery-engine.ts';
import type { connectEngine } from '../engines/registry.ts';
import type { connectForge } from '../forges/registry.ts';
import type { Host } from '../host.ts';
import type { CommandName } from '../inputs/commands.ts';
import type { RawInputs } from '../inputs/sources.ts';
import type { Outcome } from '../outcome.ts';

/** What a command is given: the machine, and the way to the adapters, which only the composition root knows. */
export interface CommandContext {
  readonly host: Host;
  readonly connectForge: typeof connectForge;
  readonly connectEngine: (...given: Parameters<typeof connectEngine>) => Promise<DeliveryEngine>;
  /** Runs another command as a user would, with raw inputs; for the demo. */
  readonly run: (command: CommandName, raw: RawInputs, host: Host) => Promise<Outcome>;
}

export type CommandBody<Inputs> = (inputs: Inputs, context: CommandContext) => Promise<Outcome>;
