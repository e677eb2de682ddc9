import { ToolError } from '../../errors.ts';
import type { Place } from './place.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** True where this runs in a job of GitHub Actions. Gitea's runner sets the variables of GitHub's, too. */
export function isActionsJob(env: Environment): boolean {
  return env.GITHUB_ACTIONS === 'true' && env.GITEA_ACTIONS !== 'true';
}

/**
 * True for what looks like the token of this job while the repository is another one. Tokens that an app made begin
 * with the same letters and may well reach it, so this only explains a denial.
 */
export function isForeignJobToken(env: Environment, token: string | undefined, { owner, name }: Place): boolean {
  if (!isActionsJob(env) || token?.startsWith('ghs_') !== true) return false;
  return env.GITHUB_REPOSITORY?.toLowerCase() !== `${owner}/${name}`.toLowerCase();
}

/** The same role, but a denial says which token would reach the repository. */
export function explained<Role extends object>(
  role: Role,
  { owner, name }: Place,
  env: Environment,
  rights = 'Contents and Pull requests',
): Role {
  const hint = `The token of a job (GITHUB_TOKEN) reaches only its own repository, ${env.GITHUB_REPOSITORY}. Give the token of a GitHub App (app-id and app-private-key) or a fine-grained personal access token that may write ${rights} of ${owner}/${name}.`;
  const entries = Object.entries(role).map(([key, method]) => [
    key,
    async (...args: readonly unknown[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw isAboutAccess(error) ? new ToolError(error.code, error.message, { hint, cause: error }) : error;
      }
    },
  ]);
  return Object.fromEntries(entries) as Role;
}

/** A branch or a commit that is not there is missing as well, and no matter of the token. */
function isAboutAccess(error: unknown): error is ToolError {
  if (!(error instanceof ToolError)) return false;
  return (
    error.code === 'denied' || (error.code === 'missing' && /is not there|not found|not resolve/i.test(error.message))
  );
}
