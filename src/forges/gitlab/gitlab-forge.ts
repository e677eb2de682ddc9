import type { Author, Forge, ForgeAccess, ForgeDefinition, RepositoryAddress } from '../forge-client.ts';
import { type GitlabClient, gitlabClient } from './client.ts';
import { authorOf, warnOfExpiry } from './identity.ts';
import { isJobToken, jobAuthor, jobTokenRepository, jobTokenRequests } from './job-token.ts';
import { isOnGitlab, isOverSsh, isRunnerPassword, type Place, placeOf, tokenOf } from './place.ts';
import { gitlabRequests } from './requests.ts';
import { gitlabStatuses, jobTokenStatuses } from './statuses.ts';

type PlainGit = (access: ForgeAccess) => Promise<Forge>;

/**
 * GitLab, gitlab.com and self-managed: merge requests by the API; files and commits by Git, which moves a branch from
 * exactly the commit that was read. The Commits API knows no expected head of a branch, only `last_commit_id` for each file
 * that it updates, so it would commit beside a change of a neighbouring file that nobody has looked at
 * (https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions).
 */
export const gitlabForge: ForgeDefinition = {
  id: 'gitlab',
  displayName: 'GitLab',
  words: { pullRequest: 'merge request' },
  matches: isOnGitlab,
  connect: connectGitlab,
};

/** @throws ToolError input when the address is none of a server's projects */
async function connectGitlab(address: RepositoryAddress, access: ForgeAccess, plainGit: PlainGit): Promise<Forge> {
  const { host } = access;
  const place = placeOf(address, host.env, access.forgeUrl);
  const token = tokenOf(address, access.token);
  if (token !== undefined) host.log.secret(token);
  if (isJobToken(token, host.env) || isRunnerPassword(address, token)) {
    return connectByJobToken(place, address, access, plainGit);
  }
  const ca = access.ca ?? (await runnerCertificate(access, place));
  const reached = { host, place, token, ...(ca === undefined ? {} : { ca }) };
  const client = await gitlabClient(reached);
  const author = await introduced(client, access, token);
  const git = await plainGit(withAuthor(access, author));
  const { repository } = git;
  const requests = gitlabRequests({ client, repository, log: host.log });
  let lasting: Promise<GitlabClient> | undefined;
  const lastingClient = () => {
    lasting ??= gitlabClient({ ...reached, lastWords: true });
    return lasting;
  };
  const statuses = gitlabStatuses({ client: lastingClient, env: host.env });
  return { ...git, id: 'gitlab', words: gitlabForge.words, requests, statuses, links: linksOf(place) };
}

/**
 * The certificate authority of a self-managed server, which GitLab's runner puts into a file for its jobs
 * (https://docs.gitlab.com/runner/configuration/tls-self-signed/); Git reads the same file.
 */
async function runnerCertificate({ host }: ForgeAccess, { web }: Place): Promise<string | undefined> {
  const { CI_SERVER_URL: server, CI_SERVER_TLS_CA_FILE: file } = host.env;
  if (file === undefined || file === '' || server?.replace(/\/+$/, '') !== web) return undefined;
  const bytes = await host.files.read(file);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

async function connectByJobToken(
  place: Place,
  address: RepositoryAddress,
  access: ForgeAccess,
  plainGit: PlainGit,
): Promise<Forge> {
  const { env } = access.host;
  const git = await plainGit(withAuthor(access, access.author ?? jobAuthor(env)));
  return {
    ...git,
    id: 'gitlab',
    words: gitlabForge.words,
    // Over ssh it is a key that decides, and the token is not used.
    repository: isOverSsh(address) ? git.repository : jobTokenRepository(git.repository, place, env),
    requests: jobTokenRequests(place),
    statuses: jobTokenStatuses(place, env),
    links: linksOf(place),
  };
}

/** Commits carry the name of the token's own user, unless another one is given. */
async function introduced(
  client: GitlabClient,
  { host, author }: ForgeAccess,
  token: string | undefined,
): Promise<Author | undefined> {
  if (token === undefined) return author;
  const [own] = await Promise.all([author ?? authorOf(client), warnOfExpiry(client, host)]);
  return own;
}

function withAuthor(access: ForgeAccess, author: Author | undefined): ForgeAccess {
  return { ...access, ...(author === undefined ? {} : { author }) };
}

/** https://docs.gitlab.com/user/project/repository/files/ */
function linksOf({ web, project }: Place): NonNullable<Forge['links']> {
  const page = `${web}/${project}/-`;
  const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  return {
    commit: (revision) => `${page}/commit/${revision}`,
    file: (path, revision, line) => `${page}/blob/${revision}/${encoded(path)}${line === undefined ? '' : `#L${line}`}`,
  };
}
