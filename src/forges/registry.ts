import { ToolError } from '../errors.ts';
import type { Forge, ForgeAccess, ForgeDefinition, RepositoryAddress } from './forge-client.ts';
import { FORGE_IDS, type ForgeId } from './forge-ids.ts';
import { gitForge } from './git/git-forge.ts';
import { giteaForge } from './gitea/gitea-forge.ts';
import { githubForge } from './github/github-forge.ts';
import { gitlabForge } from './gitlab/gitlab-forge.ts';

const DEFINITIONS: { readonly [Id in ForgeId]: ForgeDefinition } = {
  github: githubForge,
  gitlab: gitlabForge,
  gitea: giteaForge,
  git: gitForge,
};

/** In the order in which they are offered; the last one takes every address that no other is certain of. */
export const FORGES: readonly ForgeDefinition[] = FORGE_IDS.map((id) => DEFINITIONS[id]);

/**
 * Binds a forge to one repository. `auto` takes the first that is certain of the address, else plain Git.
 * @throws ToolError input (no such forge, refused address)
 */
export async function connectForge(access: ForgeAccess, address: RepositoryAddress, wanted = 'auto'): Promise<Forge> {
  const forge = wanted === 'auto' ? forgeOf(access, address) : FORGES.find(({ id }) => id === wanted);
  const plainGit = (own: ForgeAccess) => gitForge.connect(address, own, plainGit);
  if (forge !== undefined) return forge.connect(address, access, plainGit);
  throw new ToolError('input', `forge: there is no forge ${JSON.stringify(wanted)}.`, {
    hint: `Use one of auto, ${FORGES.map(({ id }) => id).join(', ')}.`,
  });
}

function forgeOf({ host }: ForgeAccess, address: RepositoryAddress): ForgeDefinition | undefined {
  return FORGES.find((forge) => forge.matches(address, host.env)) ?? FORGES.at(-1);
}
