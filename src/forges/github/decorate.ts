import { ToolError } from '../../errors.ts';
import type { Log } from '../../host.ts';
import type { RequestDraft } from '../forge-client.ts';
import type { GithubClient } from './client.ts';
import type { Place } from './place.ts';

export interface DecorateOptions {
  readonly client: GithubClient;
  readonly place: Place;
  readonly log: Log;
}

type Decoration = Pick<RequestDraft, 'labels' | 'reviewers' | 'assignees'>;

/** Labels, reviewers and assignees, each by a call of its own. What cannot be set is a warning: it only decorates. */
export async function decorate(
  { client, place, log }: DecorateOptions,
  number: number,
  { labels, reviewers, assignees }: Decoration,
): Promise<void> {
  const repository = { owner: place.owner, repo: place.name };
  const issue = { ...repository, issue_number: number };
  const pull = { ...repository, pull_number: number };
  await attempt(log, 'labels', labels, () =>
    seen(client, number, pull, () =>
      client.attempt('add labels', [422], (octokit) =>
        octokit.rest.issues.addLabels({ ...issue, labels: [...labels] }),
      ),
    ),
  );
  await attempt(log, 'reviewers', reviewers, () =>
    seen(client, number, pull, () =>
      client.attempt('ask for reviews', [422], (octokit) =>
        octokit.rest.pulls.requestReviewers({ ...pull, ...reviewersOf(reviewers) }),
      ),
    ),
  );
  await attempt(log, 'assignees', assignees, async () => {
    const { assignees: set } = await client.call('assign', (octokit) =>
      octokit.rest.issues.addAssignees({ ...issue, assignees: [...assignees] }),
    );
    // Those that may not be assigned are passed over in silence.
    const names = (set ?? []).map(({ login }) => login.toLowerCase());
    const missing = assignees.filter((name) => !names.includes(name.toLowerCase()));
    if (missing.length > 0) log.warning(`GitHub did not assign ${missing.join(', ')}: they may not be assigned here.`);
  });
}

/** A team is written `acme/platform`; the API wants its own name only. */
function reviewersOf(names: readonly string[]) {
  const teams = names.filter((name) => name.includes('/')).map((name) => name.slice(name.indexOf('/') + 1));
  const people = names.filter((name) => !name.includes('/'));
  return {
    ...(people.length === 0 ? {} : { reviewers: people }),
    ...(teams.length === 0 ? {} : { team_reviewers: teams }),
  };
}

/** Right after a request was opened, another part of GitHub may not know it yet and answers 422: once more, after a look. */
async function seen(
  client: GithubClient,
  number: number,
  pull: { readonly owner: string; readonly repo: string; readonly pull_number: number },
  send: () => Promise<object>,
): Promise<void> {
  if (!('refused' in (await send()))) return;
  await client.call(`read pull request ${number}`, (octokit) => octokit.rest.pulls.get(pull));
  const second = (await send()) as { readonly refused?: { readonly reason: string } };
  if (second.refused !== undefined) throw new ToolError('data', second.refused.reason);
}

async function attempt(
  log: Log,
  what: string,
  names: readonly string[],
  action: () => Promise<unknown>,
): Promise<void> {
  if (names.length === 0) return;
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ToolError) || ['interrupted', 'terminated', 'deadline'].includes(error.code)) throw error;
    log.warning(`The ${what} ${names.join(', ')} could not be set: ${error.message}`);
  }
}
