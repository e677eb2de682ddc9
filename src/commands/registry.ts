import type { CommandName } from '../inputs/commands.ts';
import type { InputValues } from '../inputs/definitions.ts';
import type { CommandBody } from './context.ts';

/** A command's body, loaded when it is wanted, and whether it uses a token that can write or read in private. */
export interface LoadedCommand<C extends CommandName> {
  readonly body: CommandBody<InputValues<C>>;
  readonly privileged: boolean;
}

export const COMMAND_BODIES: { readonly [C in CommandName]: () => Promise<LoadedCommand<C>> } = {
  validate: async () => ({ body: (await import('./validate.ts')).validate, privileged: false }),
  diff: async () => ({ body: (await import('./diff.ts')).diff, privileged: false }),
  bump: async () => ({ body: (await import('./bump.ts')).bump, privileged: true }),
  wait: async () => ({ body: (await import('./wait.ts')).wait, privileged: true }),
  deliver: async () => ({ body: (await import('./deliver.ts')).deliver, privileged: true }),
  rollback: async () => ({ body: (await import('./rollback.ts')).rollback, privileged: true }),
  promote: async () => ({ body: (await import('./promote.ts')).promote, privileged: true }),
  history: async () => ({ body: (await import('./history.ts')).history, privileged: true }),
  demo: async () => ({ body: (await import('./demo.ts')).demo, privileged: false }),
};
