import type { Author } from '../forge-client.ts';
import type { GithubClient } from './client.ts';

/** Who the token of a GitHub Actions job acts as (https://api.github.com/users/github-actions%5Bbot%5D). */
const ACTIONS_BOT: Author = {
  name: 'github-actions[bot]',
  email: '41898282+github-actions[bot]@users.noreply.github.com',
};

/**
 * Whoever the token belongs to, person or app, for commits that are pushed by Git; undefined where GitHub does not tell.
 * @param isJobToken of the GitHub Actions job that this runs in: who that is needs no question
 */
export async function authorOf(client: GithubClient, isJobToken: boolean): Promise<Author | undefined> {
  if (isJobToken) return ACTIONS_BOT;
  const { data } = await client.graphql('say whose token this is', '{ viewer { login databaseId } }');
  const { login, databaseId } = Object(data.viewer) as { readonly login?: unknown; readonly databaseId?: unknown };
  if (typeof login !== 'string' || !/^\d+$/.test(String(databaseId))) return undefined;
  return { name: login, email: `${databaseId}+${login}@users.noreply.github.com` };
}
