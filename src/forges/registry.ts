import { ToolError } from '../errors.ts';
import type { Forge, ForgeAccess, ForgeDefinition, RepositoryAddress } from './forge-client.ts';
import { gitForge } from './git/git-forge.ts';

/** In the order in which they are offered; the last one takes every address. */
export const FORGES: readonly ForgeDefinition[] = [gitForge];

/**
 * Binds a forge to one repository. `auto` takes the one that fits the address.
 * @throws ToolError input (no such forge, refused address)
 */
export async function connectForge(access: ForgeAccess, address: RepositoryAddress, wanted = 'auto'): Promise<Forge> {
  const forge = wanted === 'auto' ? FORGES.at(-1) : FORGES.find(({ id }) => id === wanted);
  if (forge !== undefined) return forge.connect(address, access);
  throw new ToolError('input', `forge: there is no forge ${JSON.stringify(wanted)}.`, {
    hint: `Use one of auto, ${FORGES.map(({ id }) => id).join(', ')}.`,
  });
}
