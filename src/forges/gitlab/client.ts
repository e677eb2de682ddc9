import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { sdkFetch } from '../sdk-fetch.ts';
import type { Place } from './place.ts';
import { errorOf, isRefusal, type Refusal } from './refusal.ts';
import { gitlabRequester } from './requester.ts';

/** What a call gave, or the refusal that its caller knows what to do with. */
export type Tried<T> = { readonly value: T } | { readonly refused: Refusal };

type Sdk = Awaited<ReturnType<typeof createSdk>>;

export interface GitlabClient {
  /** For people, without credentials. */
  readonly location: string;
  /** `group/sub-group/name`, as every call wants it. */
  readonly project: string;
  /** @throws ToolError denied, missing, temporary (also: whether a write took effect is not known), protocol */
  call<T>(what: string, action: (sdk: Sdk) => Promise<T>): Promise<T>;
  /** As `call`; these statuses come back as a value. */
  attempt<T>(what: string, expected: readonly number[], action: (sdk: Sdk) => Promise<T>): Promise<Tried<T>>;
}

export interface GitlabAccess {
  readonly host: Host;
  readonly place: Place;
  readonly token: string | undefined;
  readonly ca?: string;
  /** See `SdkFetchOptions`. */
  readonly lastWords?: boolean;
}

/** GitLab's REST API (https://docs.gitlab.com/api/rest/) by gitbeaker on our transport; its errors become ours. */
export async function gitlabClient(access: GitlabAccess): Promise<GitlabClient> {
  const { web, project } = access.place;
  const location = `${web}/${project}`;
  const sdk = await createSdk(access);
  const attempt: GitlabClient['attempt'] = async (what, expected, action) => {
    const tried = await exchange(() => action(sdk));
    if ('value' in tried || expected.includes(tried.refused.status)) return tried;
    throw errorOf(tried.refused, what, location);
  };
  return {
    location,
    project,
    attempt,
    call: async (what, action) => {
      const tried = await attempt(what, [], action);
      if ('value' in tried) return tried.value;
      throw errorOf(tried.refused, what, location);
    },
  };
}

/**
 * A bearer token may be a personal, project, group or OAuth one (https://docs.gitlab.com/api/rest/authentication/). The
 * SDK's own time limit is off: the transport has one.
 */
async function createSdk({ host, place, token, ca, lastWords = false }: GitlabAccess) {
  const gitbeaker = await import('./gitbeaker.ts');
  const fetch = sdkFetch(host, { origin: new URL(place.web).origin, lastWords, ...(ca === undefined ? {} : { ca }) });
  const options = {
    host: place.web,
    requesterFn: gitlabRequester(fetch),
    queryTimeout: null,
    ...(token === undefined ? {} : { oauthToken: token }),
  };
  return {
    commits: new gitbeaker.Commits(options),
    deployments: new gitbeaker.Deployments(options),
    environments: new gitbeaker.Environments(options),
    notes: new gitbeaker.MergeRequestNotes(options),
    requests: new gitbeaker.MergeRequests(options),
    trains: new gitbeaker.MergeTrains(options),
    metadata: new gitbeaker.Metadata(options),
    tokens: new gitbeaker.PersonalAccessTokens(options),
    projects: new gitbeaker.Projects(options),
    users: new gitbeaker.Users(options),
  };
}

async function exchange<T>(action: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await action() };
  } catch (error) {
    if (error instanceof ToolError && isRefusal(error.cause)) return { refused: error.cause };
    throw error;
  }
}
