import { ToolError } from '../../errors.ts';
import type { Log } from '../../host.ts';
import type { RequestDraft } from '../forge-client.ts';
import type { GitlabClient } from './client.ts';
import { list, type MergeRequest, mergeRequestOf, record, text } from './convert.ts';

export interface DecorateOptions {
  readonly client: GitlabClient;
  readonly log: Log;
}

type Decoration = Pick<RequestDraft, 'labels' | 'reviewers' | 'assignees'>;

/**
 * Labels, reviewers and assignees are added in one call; what cannot be set is a warning: it only decorates. The lists of
 * people replace what is there (https://docs.gitlab.com/api/merge_requests/#update-mr), so that those who are there already
 * are named again.
 */
export async function decorate(
  options: DecorateOptions,
  merge: MergeRequest,
  { labels, reviewers, assignees }: Decoration,
): Promise<void> {
  const { client, log } = options;
  const names = [...labels, ...reviewers, ...assignees];
  if (names.length === 0) return;
  try {
    const reviewerIds = await withIds(options, 'reviewer', merge.reviewerIds, reviewers);
    const assigneeIds = await withIds(options, 'assignee', merge.assigneeIds, assignees);
    const changes = {
      ...(labels.length === 0 ? {} : { addLabels: labels.join(',') }),
      ...(reviewerIds.length === merge.reviewerIds.length ? {} : { reviewerIds: [...reviewerIds] }),
      ...(assigneeIds.length === merge.assigneeIds.length ? {} : { assigneeIds: [...assigneeIds] }),
    };
    if (Object.keys(changes).length === 0) return;
    const { number } = merge.request;
    const answer = mergeRequestOf(
      await client.call(`update merge request ${number}`, (sdk) => sdk.requests.edit(client.project, number, changes)),
    );
    warnOfMissing(log, answer, labels, [...reviewerIds, ...assigneeIds]);
  } catch (error) {
    if (!(error instanceof ToolError) || ['interrupted', 'terminated', 'deadline'].includes(error.code)) throw error;
    log.warning(`Labels, reviewers or assignees (${names.join(', ')}) could not be set: ${error.message}`);
  }
}

/** The API wants numbers. Names that GitLab does not know are told and left out. */
async function withIds(
  { client, log }: DecorateOptions,
  role: string,
  present: readonly number[],
  names: readonly string[],
): Promise<readonly number[]> {
  const ids = new Set(present);
  for (const name of names) {
    const found = list(await client.call(`find user ${name}`, (sdk) => sdk.users.all({ username: name })));
    const user = found.map(record).find(({ username }) => text(username).toLowerCase() === name.toLowerCase());
    if (typeof user?.id === 'number') ids.add(user.id);
    else log.warning(`GitLab knows no user ${name}, so the ${role} is left out.`);
  }
  return [...ids];
}

/** Without a licence for more, GitLab keeps one reviewer and one assignee and passes over the others in silence. */
function warnOfMissing(log: Log, answer: MergeRequest, labels: readonly string[], ids: readonly number[]): void {
  const set = [...answer.reviewerIds, ...answer.assigneeIds];
  if (ids.some((id) => !set.includes(id))) {
    log.warning('GitLab did not take every reviewer and assignee: more than one of each needs its Premium tier.');
  }
  const has = new Set(answer.request.labels.map((label) => label.toLowerCase()));
  const missing = labels.filter((label) => !has.has(label.trim().toLowerCase()));
  if (missing.length > 0) log.warning(`GitLab did not set the labels ${missing.join(', ')}.`);
}
