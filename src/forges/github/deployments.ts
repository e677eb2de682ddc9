import { ToolError } from '../../errors.ts';
import type { DeploymentDraft, DeploymentRole, DeploymentState } from '../forge-client.ts';
import { shortLine } from '../newest-statuses.ts';
import type { GithubClient } from './client.ts';
import type { Place } from './place.ts';
import { isLost } from './refusal.ts';
import { withRight } from './rights.ts';

export interface DeploymentsOptions {
  readonly client: () => Promise<GithubClient>;
  readonly place: Place;
}

const LONGEST_DESCRIPTION = 140;
const STATES = {
  running: 'in_progress',
  success: 'success',
  failure: 'failure',
  error: 'error',
  inactive: 'inactive',
} as const;

/** https://docs.github.com/en/rest/deployments */
export function githubDeployments({ client, place }: DeploymentsOptions): DeploymentRole {
  const repository = { owner: place.owner, repo: place.name };
  const update: DeploymentRole['update'] = async (id, state, draft) => {
    const api = await client();
    await withRight('deployments', () =>
      api.call('write the status of a deployment', (octokit) =>
        octokit.rest.repos.createDeploymentStatus({ ...repository, ...statusOf(id, state, draft) }),
      ),
    );
  };
  return {
    update,
    async begin(draft) {
      const api = await client();
      const id = await withRight('deployments', () => create(api, repository, draft));
      // Without that word it is only queued, and can be ended all the same.
      await update(id, 'running', draft).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      });
      return id;
    },
  };
}

/** Success makes the earlier ones to the same environment inactive, as GitHub does for deployments of its own. */
function statusOf(id: string, state: DeploymentState, { description, environmentUrl, logUrl }: DeploymentDraft) {
  return {
    deployment_id: Number(id),
    state: STATES[state],
    description: shortLine(description, LONGEST_DESCRIPTION),
    auto_inactive: true,
    ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
    ...(logUrl === undefined ? {} : { log_url: logUrl }),
  };
}

/** With a sentence in place of an id, it merged something; which is never asked for. */
interface Made {
  readonly id?: number;
  readonly message?: string;
}

interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** Merges nothing and waits for no checks: this records what happens, it starts nothing. */
async function create(client: GithubClient, repository: Repository, draft: DeploymentDraft): Promise<string> {
  const { environment, revision, description } = draft;
  try {
    const made = await client.call<Made>('create a deployment', (octokit) =>
      octokit.rest.repos.createDeployment({
        ...repository,
        ...{ ref: revision, environment, auto_merge: false, required_contexts: [] },
        description: shortLine(description, LONGEST_DESCRIPTION),
      }),
    );
    if (made.id !== undefined) return String(made.id);
    throw new ToolError('protocol', `${client.location} made no deployment: ${made.message ?? 'it merged instead'}`);
  } catch (error) {
    const made = isLost(error) ? await madeAfterAll(client, repository, draft) : undefined;
    if (made === undefined) throw error;
    return made;
  }
}

/** The answer got lost; the newest one of this revision with these words is the one. */
async function madeAfterAll(client: GithubClient, repository: Repository, draft: DeploymentDraft) {
  const { revision: sha, environment } = draft;
  const found = await client.call('list deployments', (octokit) =>
    octokit.rest.repos.listDeployments({ ...repository, sha, environment, per_page: 10 }),
  );
  const wanted = shortLine(draft.description, LONGEST_DESCRIPTION);
  const own = found.find(({ description }) => description === wanted);
  return own === undefined ? undefined : String(own.id);
}
