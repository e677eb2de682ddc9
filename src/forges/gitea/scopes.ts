import { ToolError } from '../../errors.ts';
import type { RepositoryRole } from '../forge-client.ts';

const HINT =
  'Check that DRAWBRIDGE_TOKEN has not expired and has the scope write:repository, and that its user may write to this repository.';

/**
 * The repository through Git, whose denials name the scope that Gitea wants of a token
 * (https://docs.gitea.com/development/oauth2-provider#scopes): Git itself only knows that it was refused.
 */
export function withScopes(repository: RepositoryRole): RepositoryRole {
  const entries = Object.entries(repository).map(([key, method]) => [
    key,
    async (...args: readonly unknown[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw isAboutToken(error) ? new ToolError(error.code, error.message, { hint: HINT, cause: error }) : error;
      }
    },
  ]);
  return Object.fromEntries(entries);
}

function isAboutToken(error: unknown): error is ToolError {
  return error instanceof ToolError && error.code === 'denied' && error.message.includes(' refused the credentials');
}
