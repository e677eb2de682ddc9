import type { CommitStatus, StatusDraft, StatusesRole, StatusState } from '../forge-client.ts';
import { newestStatuses, shortLine } from '../newest-statuses.ts';
import type { GiteaClient } from './client.ts';
import { list, record, text } from './convert.ts';

type Json = Readonly<Record<string, unknown>>;

const PAGE = 50;
/** 5,000 statuses of one commit; more are not read. */
const MOST_PAGES = 100;
const LONGEST_DESCRIPTION = 255;

/**
 * Commit statuses (https://docs.gitea.com/api/#tag/repository/operation/repoListStatuses); Gitea knows no deployments. The
 * times that they are listed by have full seconds, and `sort=highestindex` gives the lowest first, so that the number of each
 * is what tells the newest.
 */
export function giteaStatuses(client: GiteaClient, path: string): StatusesRole {
  return {
    async list(revision) {
      const found: Json[] = [];
      for (let page = 1; page <= MOST_PAGES; page++) {
        const query = `page=${page}&limit=${PAGE}`;
        const { json, hasNext } = await client.send('GET', `${path}/commits/${revision}/statuses?${query}`);
        found.push(...list(json).map(record));
        if (!hasNext) break;
      }
      const newest = found.toSorted((a, b) => Number(b.id) - Number(a.id));
      return newestStatuses(newest.map(statusOf));
    },
    post: async (revision, draft) => {
      await client.send('POST', `${path}/statuses/${revision}`, bodyOf(draft));
    },
  };
}

function bodyOf({ context, state, description, url }: StatusDraft) {
  return { context, state, description: shortLine(description, LONGEST_DESCRIPTION), target_url: url ?? '' };
}

/** `warning` is Gitea's own, and no success. */
const STATES: Readonly<Record<string, StatusState>> = {
  success: 'success',
  failure: 'failure',
  error: 'error',
  warning: 'error',
  skipped: 'inactive',
};

/** Where GitHub says `state`, Gitea says `status`. */
function statusOf({ context, status, description, target_url: url }: Json): CommitStatus {
  return {
    kind: 'status',
    context: text(context),
    state: STATES[text(status)] ?? 'pending',
    description: text(description),
    ...(text(url) === '' ? {} : { url: text(url) }),
  };
}
