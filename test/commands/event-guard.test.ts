import { describe, expect, it } from '@jest/globals';
import { refuseUntrustedEvent } from '../../src/commands/event-guard.ts';
import type { Host } from '../../src/host.ts';

const OWN = { full_name: 'acme/shop' };
const FORK = { full_name: 'stranger/shop' };

/** As much of a Host as the guard may touch: the environment, and the event file. */
function hostWith(env: Record<string, string>, payload?: unknown): Host {
  const read = async (path: string) =>
    path === '/event.json' && payload !== undefined ? new TextEncoder().encode(JSON.stringify(payload)) : undefined;
  return { env: { GITHUB_EVENT_PATH: '/event.json', ...env }, files: { read } } as unknown as Host;
}

function github(name: string, payload: object): Host {
  return hostWith({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name }, { repository: OWN, ...payload });
}

function gitlab(source: string, project: string): Host {
  return hostWith({ CI_PIPELINE_SOURCE: source, CI_PROJECT_ID: '7', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: project });
}

describe('a token that can write is not used for an event that a stranger can cause', () => {
  it.each([
    ['pull_request_target', github('pull_request_target', { pull_request: { head: { repo: OWN } } })],
    ['a pull request from a fork', github('pull_request', { pull_request: { head: { repo: FORK } } })],
    ['a pull request from a fork that is gone', github('pull_request', { pull_request: { head: { repo: null } } })],
    [
      'a review on a pull request from a fork',
      github('pull_request_review', { pull_request: { head: { repo: FORK } } }),
    ],
    ['the workflow run of a fork', github('workflow_run', { workflow_run: { head_repository: FORK } })],
    ['a comment', github('issue_comment', {})],
    ['an issue', github('issues', {})],
    [
      'a pull request whose event file is missing',
      hostWith({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' }),
    ],
    ['a merge request from a fork on GitLab', gitlab('merge_request_event', '9')],
  ])('%s', async (_title, host) => {
    await expect(refuseUntrustedEvent(host, 'bump', false)).rejects.toMatchObject({ code: 'denied' });
    await expect(refuseUntrustedEvent(host, 'bump', true)).resolves.toBeUndefined();
  });

  it.each([
    ['a push', github('push', {})],
    ['a manual start', github('workflow_dispatch', {})],
    ['a pull request from the repository itself', github('pull_request', { pull_request: { head: { repo: OWN } } })],
    ['the workflow run of the repository itself', github('workflow_run', { workflow_run: { head_repository: OWN } })],
    ['a merge request of the project itself', gitlab('merge_request_event', '7')],
    ['a push on GitLab', gitlab('push', '9')],
    ['a command line outside of any CI system', hostWith({})],
  ])('but for %s it is', async (_title, host) => {
    await expect(refuseUntrustedEvent(host, 'bump', false)).resolves.toBeUndefined();
  });
});
