import type { DeliveryEngine } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import type { Forge } from '../forges/forge-client.ts';
import { writtenTargets } from './choose-engine.ts';
import { addressOf, openForge } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import type { WaitingInputs } from './engine-options.ts';
import type { TargetName } from './target-name.ts';
import { statusContext } from './telling.ts';

/**
 * The engine that reads what others say about commits. It opens the config repository when it is first asked, and for itself:
 * its requests end with it.
 * @throws ToolError input, missing (no config repository)
 */
export async function openCommitStatus(inputs: WaitingInputs, context: CommandContext): Promise<DeliveryEngine> {
  const { host } = context;
  const address = await addressOf(inputs, host);
  const stop = new AbortController();
  const signal = AbortSignal.any([host.signal, stop.signal]);
  let opened: Promise<Forge> | undefined;
  const open = async () => {
    opened ??= openForge(inputs, address, { ...context, host: { ...host, signal } });
    // One that could not be opened is tried again.
    opened.catch(() => {
      opened = undefined;
    });
    return rolesOf(await opened);
  };
  const close = async () => {
    stop.abort(new ToolError('internal', 'nobody waits for this any more'));
    await (await opened?.catch(() => undefined))?.close();
  };
  const own = [statusContext(inputs), inputs.environment].filter((name) => name !== undefined);
  const options = {
    ...{ open, close, own, required: inputs.contextsRequired },
    location: address.kind === 'url' ? address.url : address.path,
    ...(inputs.baseBranch === undefined ? {} : { branch: inputs.baseBranch }),
  };
  return context.connectEngine('commit-status', options, host);
}

function rolesOf({ repository, statuses, location }: Forge) {
  if (statuses !== undefined) return { repository, statuses };
  throw new ToolError('input', `engine: commit-status needs a forge with commit statuses, and ${location} has none`, {
    hint: 'Name the kind of the server in forge (github, gitlab or gitea), or use another engine.',
  });
}

/** What is waited for, by name. @throws ToolError input when contexts are given that no engine would look at */
export function targetNames(inputs: WaitingInputs): readonly TargetName[] {
  const { engine, targets, contexts } = inputs;
  if (engine === 'auto') return writtenTargets(inputs);
  const names = engine === 'commit-status' ? [...contexts, ...targets] : targets;
  if (engine === 'commit-status' || contexts.length === 0) return names.map((text) => ({ engine, text }));
  throw new ToolError('input', `contexts is for engine commit-status, and engine is ${engine}`, {
    hint: 'Leave contexts out, or engine, which then takes each target by how it is written.',
  });
}
