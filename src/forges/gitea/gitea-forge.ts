import { ToolError } from '../../errors.ts';
import type { Author, Forge, ForgeAccess, ForgeDefinition, RepositoryAddress } from '../forge-client.ts';
import { parseRepositoryUrl } from '../repository-url.ts';
import { type GiteaClient, giteaClient } from './client.ts';
import { record, text } from './convert.ts';
import { giteaRequests } from './requests.ts';
import { withScopes } from './scopes.ts';
import { giteaStatuses } from './statuses.ts';

/** Public servers of Gitea and Forgejo. */
const PUBLIC_HOSTS: ReadonlySet<string> = new Set(['gitea.com', 'codeberg.org']);

/**
 * Gitea and Forgejo: pull requests by the API; files and commits by Git, which moves a branch from exactly the commit that
 * was read. The contents API knows no expected head: it would only notice a change of the very files it writes.
 */
export const giteaForge: ForgeDefinition = {
  id: 'gitea',
  displayName: 'Gitea and Forgejo',
  words: { pullRequest: 'pull request' },
  matches: (address, env) => {
    const host = hostOf(address);
    const own = env.GITEA_ACTIONS === 'true' ? hostOf({ kind: 'url', url: `${env.GITHUB_SERVER_URL}/x` }) : undefined;
    return host !== undefined && (PUBLIC_HOSTS.has(host) || host === own);
  },
  connect: connectGitea,
};

function hostOf(address: RepositoryAddress): string | undefined {
  const parsed = address.kind === 'url' ? parseRepositoryUrl(address.url) : undefined;
  return parsed?.kind === 'url' && parsed.url.host !== '' ? parsed.url.host : undefined;
}

/** @throws ToolError input when the address is none of a server's repositories */
async function connectGitea(
  address: RepositoryAddress,
  access: ForgeAccess,
  plainGit: (access: ForgeAccess) => Promise<Forge>,
): Promise<Forge> {
  const { base, owner, name } = placeOf(address, access.forgeUrl);
  const { host, token, ca } = access;
  const reached = { host, base, token, ...(ca === undefined ? {} : { ca }) };
  const client = giteaClient(reached);
  const author = access.author ?? (await authorOf(client, token));
  const git = await plainGit({ ...access, ...(author === undefined ? {} : { author }) });
  const repository = withScopes(git.repository);
  const page = `${base}/${owner}/${name}`;
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
  return {
    ...git,
    id: 'gitea',
    words: giteaForge.words,
    repository,
    requests: giteaRequests({
      client,
      path,
      repository,
      log: host.log,
    }),
    statuses: giteaStatuses(giteaClient({ ...reached, lastWords: true }), path),
    links: {
      commit: (revision) => `${page}/commit/${revision}`,
      file: (path, revision, line) =>
        `${page}/src/commit/${revision}/${encodeURI(path)}${line === undefined ? '' : `#L${line}`}`,
    },
  };
}

interface Place {
  readonly base: string;
  readonly owner: string;
  readonly name: string;
}

function placeOf(address: RepositoryAddress, forgeUrl: string | undefined): Place {
  const parsed = address.kind === 'url' ? parseRepositoryUrl(address.url) : undefined;
  const parts =
    parsed?.kind === 'url'
      ? parsed.url.path
          .replace(/\.git\/?$/, '')
          .split('/')
          .filter((part) => part !== '')
      : [];
  const [owner, name] = parts.slice(-2);
  if (parsed?.kind !== 'url' || parsed.url.protocol === 'file' || owner === undefined || name === undefined) {
    throw new ToolError('input', 'forge: gitea needs the address of a repository on a server', {
      hint: 'For example https://git.example.com/acme/config.git.',
    });
  }
  const { protocol, host, port } = parsed.url;
  const above = parts
    .slice(0, -2)
    .map((part) => `/${part}`)
    .join('');
  const web =
    protocol === 'ssh' ? `https://${host}` : `${protocol}://${host}${port === undefined ? '' : `:${port}`}${above}`;
  return { base: (forgeUrl ?? web).replace(/\/+$/, ''), owner, name };
}

/** Whoever the token belongs to; without the right to ask that, the default of plain Git. */
async function authorOf(client: GiteaClient, token: string | undefined): Promise<Author | undefined> {
  if (token === undefined) return undefined;
  const answer = await client.send('GET', '/user', undefined, [401, 403, 404]);
  const user = record(answer.json);
  const [email, login] = [text(user.email), text(user.login)];
  return answer.status === 200 && email !== '' && login !== ''
    ? { name: text(user.full_name) || login, email }
    : undefined;
}
