import { ToolError } from '../../errors.ts';
import type { DeploymentDraft, DeploymentRole } from '../forge-client.ts';
import type { GitlabClient } from './client.ts';
import { record, text } from './convert.ts';

const STATES = { success: 'success', failure: 'failed', error: 'failed', inactive: 'canceled' } as const;

/**
 * Deployments (https://docs.gitlab.com/api/deployments/). A job with `environment:` is a deployment itself, of which GitLab
 * keeps the state (https://docs.gitlab.com/ci/environments/): there is nothing to be told then.
 */
export function gitlabDeployments(
  client: () => Promise<GitlabClient>,
  env: Readonly<Record<string, string | undefined>>,
): DeploymentRole {
  return {
    begin: async (draft) => (env.CI_ENVIRONMENT_NAME === draft.environment ? undefined : begin(await client(), draft)),
    update: async (id, state) => {
      if (state === 'running') return;
      const api = await client();
      await api.call('update a deployment', (sdk) => sdk.deployments.edit(api.project, Number(id), STATES[state]));
    },
  };
}

async function begin(client: GitlabClient, draft: DeploymentDraft): Promise<string> {
  const { environment, revision, branch, environmentUrl } = draft;
  const made = record(
    await client.call('create a deployment', (sdk) =>
      sdk.deployments.create(client.project, environment, revision, branch, false, { status: 'running' }),
    ),
  );
  if (typeof made.id !== 'number') throw new ToolError('protocol', 'GitLab answered something that is no deployment');
  const { id, external_url: url } = record(made.environment);
  if (environmentUrl !== undefined && typeof id === 'number' && text(url) !== environmentUrl) {
    await client.call('set the address of an environment', (sdk) =>
      sdk.environments.edit(client.project, id, { externalUrl: environmentUrl }),
    );
  }
  return String(made.id);
}
