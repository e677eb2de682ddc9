import type { Host } from '../../host.ts';
import type {
  Forge,
  ForgeAccess,
  ForgeDefinition,
  RepositoryAddress,
  RequestsRole,
  StatusesRole,
} from '../forge-client.ts';
import { appTokens } from './app-token.ts';
import { githubClient } from './client.ts';
import { explained, isForeignJobToken } from './job-token.ts';
import { isOnGithub, type Place, placeOf, tokenInAddress } from './place.ts';
import { githubRepository } from './repository.ts';
import { githubRequests } from './requests.ts';
import { githubStatuses } from './statuses.ts';

type PlainGit = (access: ForgeAccess) => Promise<Forge>;

/**
 * GitHub, github.com and Enterprise Server. Commits by `createCommitOnBranch`, which GitHub signs and which moves a branch
 * from exactly the commit that was read; what that cannot say (executable files, another author, a branch made anew) goes by
 * a Git push of the same strictness. Files and history are read by Git.
 */
export const githubForge: ForgeDefinition = {
  id: 'github',
  displayName: 'GitHub',
  words: { pullRequest: 'pull request' },
  matches: isOnGithub,
  connect: connectGithub,
};

/** @throws ToolError input (address, private key), denied and missing (the app's token) */
async function connectGithub(address: RepositoryAddress, access: ForgeAccess, plainGit: PlainGit): Promise<Forge> {
  const place = placeOf(address, access.forgeUrl);
  const { host, app, ca } = access;
  const trust = ca === undefined ? {} : { ca };
  const fixed = tokenInAddress(address) ?? access.token;
  const token = app === undefined ? async () => fixed : appTokens({ host, app, place, ...trust });
  const authorization = async () => bearer(await token());
  const reached = { host, place, authorization, ...trust };
  const client = await githubClient(reached);
  const git = gitByToken(access, token, plainGit);
  const { close, ...repository } = await githubRepository({ client, place, access, token, git });
  const requests = githubRequests({ client, place, repository, log: host.log });
  const wordsToken = app === undefined ? token : appTokens({ host, app, place, purpose: 'words', ...trust });
  const wordsAuthorization = async () => bearer(await wordsToken());
  const statuses = githubStatuses({
    client: once(() => githubClient({ ...reached, authorization: wordsAuthorization, lastWords: true })),
    place,
    log: host.log,
  });
  const current = await token();
  const isForeign = app === undefined && isForeignJobToken(host.env, current, place);
  return {
    id: 'github',
    location: client.location,
    words: githubForge.words,
    repository: isForeign ? explained(repository, place, host.env) : repository,
    requests: isForeign ? explained<RequestsRole>(requests, place, host.env) : requests,
    statuses: isForeign ? explainedStatuses(statuses, place, host.env) : statuses,
    links: linksOf(place),
    close,
  };
}

function explainedStatuses({ deployment, ...role }: StatusesRole, place: Place, env: Host['env']): StatusesRole {
  const rights = 'Commit statuses and Deployments';
  return {
    ...explained<StatusesRole>(role, place, env, rights),
    ...(deployment === undefined ? {} : { deployment: explained(deployment, place, env, rights) }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function bearer(token: string | undefined): string | undefined {
  return token === undefined || token === '' ? undefined : `Bearer ${token}`;
}

/** The repository through Git with a token that lives; a new one where the token of an app was made anew. */
function gitByToken(access: ForgeAccess, token: () => Promise<string | undefined>, plainGit: PlainGit) {
  const { token: _, ...rest } = access;
  return async (author: ForgeAccess['author']): Promise<Forge> => {
    const value = await token();
    return plainGit({
      ...rest,
      ...(value === undefined ? {} : { token: value }),
      ...(author === undefined ? {} : { author }),
    });
  };
}

function linksOf({ web, owner, name }: Place): NonNullable<Forge['links']> {
  const page = `${web}/${owner}/${name}`;
  const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  return {
    commit: (revision) => `${page}/commit/${revision}`,
    file: (path, revision, line) => `${page}/blob/${revision}/${encoded(path)}${line === undefined ? '' : `#L${line}`}`,
  };
}
