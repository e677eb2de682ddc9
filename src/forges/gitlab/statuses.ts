import { ToolError } from '../../errors.ts';
import type { CommitStatus, Revision, StatusDraft, StatusesRole, StatusState } from '../forge-client.ts';
import { newestStatuses, shortLine } from '../newest-statuses.ts';
import type { GitlabClient } from './client.ts';
import { list as listOf, record, text } from './convert.ts';
import { gitlabDeployments } from './deployments.ts';
import type { Place } from './place.ts';
import { WANTED_TOKEN } from './refusal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface StatusesOptions {
  /** One whose writes are still sent when the run was cancelled. */
  readonly client: () => Promise<GitlabClient>;
  readonly env: Environment;
}

const LONGEST_DESCRIPTION = 255;

/** Commit statuses (https://docs.gitlab.com/api/commits/#commit-status); those of CI jobs are among them. */
export function gitlabStatuses({ client, env }: StatusesOptions): StatusesRole {
  return {
    list: async (revision) => list(await client(), revision),
    post: async (revision, draft) => post(await client(), revision, draft),
    deployment: gitlabDeployments(client, env),
  };
}

async function list(client: GitlabClient, revision: Revision): Promise<readonly CommitStatus[]> {
  const found = await client.call('list commit statuses', (sdk) =>
    sdk.commits.allStatuses(client.project, revision, { all: true, ...{ perPage: 100 } }),
  );
  const statuses = listOf(found).map(record);
  const newest = statuses.toSorted((a, b) => Number(b.id) - Number(a.id));
  return newestStatuses(newest.map(statusOf));
}

const STATES: Readonly<Record<string, StatusState>> = {
  success: 'success',
  failed: 'failure',
  canceled: 'error',
  canceling: 'error',
  skipped: 'inactive',
  manual: 'inactive',
};

function statusOf(json: Readonly<Record<string, unknown>>): CommitStatus {
  const url = text(json.target_url);
  return {
    kind: 'status',
    context: text(json.name),
    state: STATES[text(json.status)] ?? 'pending',
    description: text(json.description),
    ...(url === '' ? {} : { url }),
  };
}

/**
 * A status that is under way cannot be told to be under way again, with other words
 * (https://gitlab.com/gitlab-org/gitlab/-/issues/25807): that GitLab refuses it is no failure.
 */
async function post(client: GitlabClient, revision: Revision, draft: StatusDraft): Promise<void> {
  const { context, state, description, url } = draft;
  const tried = await client.attempt('write a commit status', [400], (sdk) =>
    sdk.commits.editStatus(client.project, revision, state === 'pending' ? 'running' : GITLAB_STATES[state], {
      name: context,
      description: shortLine(description, LONGEST_DESCRIPTION),
      ...(url === undefined ? {} : { targetUrl: url }),
    }),
  );
  if ('value' in tried || /cannot transition/i.test(tried.refused.reason)) return;
  throw new ToolError('protocol', `${client.location} refused to write a commit status: ${tried.refused.reason}`);
}

const GITLAB_STATES = { success: 'success', failure: 'failed', error: 'failed' } as const;

/** Every call fails at once, but that of a job which is a deployment itself. */
export function jobTokenStatuses({ project }: Place, env: Environment): StatusesRole {
  const refuse = async () => {
    const text = `The token of a CI job (CI_JOB_TOKEN) cannot read or write the statuses and deployments of ${project}`;
    throw new ToolError('denied', text, { hint: `Give ${WANTED_TOKEN} in DRAWBRIDGE_TOKEN, as a masked variable.` });
  };
  const client = async (): Promise<GitlabClient> => refuse();
  return { list: refuse, post: refuse, deployment: gitlabDeployments(client, env) };
}
