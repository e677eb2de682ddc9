import { callReceiver, type ReceiverProof } from '../engines/flux-receiver.ts';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { WaitingInputs } from './engine-options.ts';
import { identityTokens } from './identity-token.ts';

/** Calls the Receiver that the inputs name, if any. What comes of it is only told: Flux looks by itself in time. */
export async function nudgeFlux(inputs: WaitingInputs, host: Host): Promise<void> {
  const { fluxReceiver: url } = inputs;
  if (url === undefined) return;
  try {
    const result = await callReceiver(url, await proofOf(inputs, host), host, host.signal);
    if (result.kind !== 'done') host.log.warning(`Flux was not asked to look at once: ${result.reason}.`);
  } catch (error) {
    host.signal.throwIfAborted();
    if (!(error instanceof ToolError) || error.code === 'input') throw error;
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    host.log.warning(`Flux was not asked to look at once: ${error.message}.${hint}`);
  }
}

async function proofOf(inputs: WaitingInputs, host: Host): Promise<ReceiverProof> {
  const { fluxReceiverKey: key, fluxReceiverAudience: audience, oidcToken: token } = inputs;
  if (key !== undefined) return { kind: 'hmac', key };
  if (audience === undefined) return { kind: 'none' };
  const tokens = identityTokens({ audience, ...(token === undefined ? {} : { token }) }, host);
  return { kind: 'oidc', token: await tokens(host.signal) };
}
