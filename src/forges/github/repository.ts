import type { Author, Forge, ForgeAccess, RepositoryRole } from '../forge-client.ts';
import type { GithubClient } from './client.ts';
import { canCommitByApi, commitByApi } from './commit.ts';
import { readHead } from './head.ts';
import { authorOf } from './identity.ts';
import { isActionsJob } from './job-token.ts';
import type { Place } from './place.ts';

export interface RepositoryOptions {
  readonly client: GithubClient;
  readonly place: Place;
  readonly access: ForgeAccess;
  readonly token: () => Promise<string | undefined>;
  /** The same repository through Git, with a token that lives. */
  readonly git: (author: Author | undefined) => Promise<Forge>;
}

/** The head is read and commits are made by the API, as far as it can do exactly that; all else is Git's. */
export async function githubRepository(options: RepositoryOptions): Promise<RepositoryRole & Pick<Forge, 'close'>> {
  const { client, place, access, token } = options;
  const reading = renewed(options, async () => access.author);
  const pushing = access.author === undefined ? renewed(options, () => identityOf(options)) : reading;
  const role = roleOf(reading.get);
  return {
    ...role,
    head: async (branch) => {
      const known = (await token()) === undefined ? undefined : await readHead(client, place, branch);
      return known ?? role.head(branch);
    },
    commit: async (branch, change, expected, parent) => {
      const request = { branch, change, expected, ...(parent === undefined ? {} : { parent }) };
      const isByApi = access.author === undefined && (await token()) !== undefined && canCommitByApi(request);
      return isByApi
        ? commitByApi({ client, place, host: access.host, reading: role }, request)
        : (await pushing.get()).repository.commit(branch, change, expected, parent);
    },
    close: async () => {
      await reading.close();
      await pushing.close();
    },
  };
}

async function identityOf({ client, access, token }: RepositoryOptions): Promise<Author | undefined> {
  const value = await token();
  if (value === undefined) return undefined;
  const isJobToken = access.app === undefined && value.startsWith('ghs_') && isActionsJob(access.host.env);
  return authorOf(client, isJobToken);
}

/** One connection per token: the token of an app lives for an hour, and waiting for a merge may take longer. */
function renewed({ git, token }: RepositoryOptions, author: () => Promise<Author | undefined>) {
  const opened = new Map<string | undefined, Promise<Forge>>();
  return {
    get: async (): Promise<Forge> => {
      const value = await token();
      const forge = opened.get(value) ?? author().then(git);
      opened.set(value, forge);
      // One that could not be opened is tried again.
      forge.catch(() => opened.delete(value));
      return forge;
    },
    close: async () => {
      for (const forge of opened.values()) await (await forge.catch(() => undefined))?.close();
    },
  };
}

function roleOf(git: () => Promise<Forge>): RepositoryRole {
  const repository = async () => (await git()).repository;
  return {
    head: async (branch) => (await repository()).head(branch),
    readFiles: async (wanted, revision) => (await repository()).readFiles(wanted, revision),
    commit: async (branch, change, expected, parent) => (await repository()).commit(branch, change, expected, parent),
    deleteBranch: async (branch, expected) => (await repository()).deleteBranch(branch, expected),
    log: async (query) => (await repository()).log(query),
    changedPaths: async (revision) => (await repository()).changedPaths(revision),
    relation: async (revision, wanted) => (await repository()).relation(revision, wanted),
  };
}
