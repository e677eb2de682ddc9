import { ToolError } from '../errors.ts';
import type { Forge, Revision } from '../forges/forge-client.ts';

/** Paths that a commit changed against its first parent. @throws ToolError missing where the repository does not have it */
export async function changedPaths(forge: Forge, revision: Revision): Promise<readonly string[]> {
  try {
    return await forge.repository.changedPaths(revision);
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'missing') throw error;
    throw new ToolError('missing', `revision: ${revision} is not in ${forge.location}`, {
      hint: 'Give the full commit id as it is on the base branch: a squash or a rebase makes a new one.',
      cause: error,
    });
  }
}
