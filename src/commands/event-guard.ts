import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';

/**
 * Refuses to use a write token for an event that a stranger can start. `pull_request_target`, `issue_comment` and the
 * `workflow_run` of a fork run with the secrets of the repository although somebody else wrote what they work on
 * (https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/).
 * @throws ToolError denied
 */
export async function refuseUntrustedEvent(host: Host, command: string, allowed: boolean): Promise<void> {
  if (allowed) return;
  const event = await untrustedEvent(host);
  if (event === undefined) return;
  throw new ToolError('denied', `${command} was started by ${event}, which strangers can cause`, {
    hint: 'Run it on a push or a manual start instead; allow-untrusted-event: true runs it all the same.',
  });
}

/** In words, when strangers could have caused it. */
export async function untrustedEvent(host: Host): Promise<string | undefined> {
  return (await untrustedGitHubEvent(host)) ?? untrustedGitLabEvent(host.env);
}

async function untrustedGitHubEvent(host: Host): Promise<string | undefined> {
  const { GITHUB_ACTIONS, GITHUB_EVENT_NAME: name } = host.env;
  if (GITHUB_ACTIONS !== 'true' || name === undefined) return undefined;
  if (
    ['pull_request_target', 'issue_comment', 'issues', 'discussion', 'discussion_comment', 'fork', 'watch'].includes(
      name,
    )
  ) {
    return `the event ${name}`;
  }
  const payload = await eventPayload(host);
  if (name === 'workflow_run' && isForkOf(payload.workflow_run?.head_repository, payload.repository)) {
    return 'the workflow run of a fork';
  }
  if (name.startsWith('pull_request') && isForkOf(payload.pull_request?.head?.repo, payload.repository)) {
    return 'a pull request from a fork';
  }
  return undefined;
}

interface RepositoryIdentity {
  readonly full_name?: unknown;
}

interface EventPayload {
  readonly repository?: RepositoryIdentity;
  readonly workflow_run?: { readonly head_repository?: RepositoryIdentity | null };
  readonly pull_request?: { readonly head?: { readonly repo?: RepositoryIdentity | null } };
}

/** An absent head repository is a deleted fork. */
function isForkOf(head: RepositoryIdentity | null | undefined, base: RepositoryIdentity | undefined): boolean {
  return typeof head?.full_name !== 'string' || head.full_name !== base?.full_name;
}

async function eventPayload(host: Host): Promise<EventPayload> {
  const path = host.env.GITHUB_EVENT_PATH;
  const bytes = path === undefined ? undefined : await host.files.read(path);
  if (bytes === undefined) return {};
  try {
    const payload: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof payload === 'object' && payload !== null ? payload : {};
  } catch {
    return {};
  }
}

function untrustedGitLabEvent(env: Host['env']): string | undefined {
  if (env.CI_PIPELINE_SOURCE !== 'merge_request_event') return undefined;
  const source = env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID;
  return source !== undefined && source !== env.CI_PROJECT_ID ? 'a merge request from a fork' : undefined;
}
