import { ToolError } from '../errors.ts';
import type { InputValues } from '../inputs/definitions.ts';
import type { Outcome } from '../outcome.ts';
import type { CommandContext } from './context.ts';

/** The whole loop on this computer; see `src/demo/`. */
export async function demo(inputs: InputValues<'demo'>, { host, run }: CommandContext): Promise<Outcome> {
  const { keep, format } = inputs;
  const engine = inputs.engine === 'auto' ? 'argocd' : inputs.engine;
  if (engine !== 'argocd' && engine !== 'flux') {
    const hint = 'Leave engine out for Argo CD, or set engine: flux.';
    throw new ToolError('input', `demo has no stand-in for engine ${engine}`, { hint });
  }
  const { playDemo } = await import('../demo/demo.ts');
  return playDemo(host, run, { engine, keep, detailed: format === 'json' });
}
