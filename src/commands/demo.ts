import type { InputValues } from '../inputs/definitions.ts';
import type { Outcome } from '../outcome.ts';
import type { CommandContext } from './context.ts';

/** The whole loop on this computer; see `src/demo/`. */
export async function demo(inputs: InputValues<'demo'>, { host, run }: CommandContext): Promise<Outcome> {
  const { playDemo } = await import('../demo/demo.ts');
  return playDemo(host, run, { keep: inputs.keep, detailed: inputs.format === 'json' });
}
