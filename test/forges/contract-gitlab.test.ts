import { createBareRepository } from '../support/bare-repository.ts';
import { type GitlabServer, startGitlabServer } from '../support/gitlab-server.ts';
import { headOf, type MergeState, mergeNow, passPipeline } from '../support/gitlab-server-state.ts';
import { describeForge } from './contract.ts';
import {
  onlooker,
  type RequestsStage,
  type SeenDeployment,
  type SeenRequest,
  type Stage,
  type StatusesStage,
} from './contract-stage.ts';

const TOKENS = { writer: 'glpat-canary-writer', reader: 'glpat-canary-reader', nobody: 'glpat-canary-nobody' };
const STATUSES = { pending: 'ci_still_running', passed: 'mergeable', undecided: 'checking' } as const;

describeForge('GitLab', async (files): Promise<Stage> => {
  const bare = createBareRepository(files);
  const server = await startGitlabServer({ repository: bare });
  server.token(TOKENS.writer);
  server.token(TOKENS.reader, { role: 'reporter' });
  return {
    forge: 'gitlab',
    url: server.url,
    repository: onlooker(bare),
    tokens: TOKENS,
    protect: async () => {
      const sentence = 'GitLab: You are not allowed to push code to protected branches on this project.';
      bare.hook('update', `[ "$1" = refs/heads/main ] || exit 0; echo "${sentence}" >&2; exit 1`);
      return /not allowed to push code to protected branches/;
    },
    requests: requestsOf(server),
    statuses: statusesOf(server),
    end: async () => {
      await server.close();
      bare.remove();
      return server.problems();
    },
  };
});

function requestsOf({ state, merges, rules }: GitlabServer): RequestsStage {
  const people = new Map([...state.users].map(([name, id]) => [id, name]));
  const mergeOf = (number: number): MergeState => {
    const merge = merges.find(({ iid }) => iid === number);
    if (merge === undefined) throw new Error(`there is no request ${number}`);
    return merge;
  };
  return {
    colleague: 'ann',
    all: async () => merges.map((merge) => seen(merge, people)),
    close: async (number) => {
      const merge = mergeOf(number);
      Object.assign(merge, { lastHead: headOf(state, merge), state: 'closed' });
    },
    merge: async (number, way) => {
      rules.mergeMethod = way === 'rebase' ? 'rebase_merge' : way === 'fast-forward' ? 'ff' : 'merge';
      mergeNow(state, mergeOf(number), { squash: way === 'squash' });
    },
    checks: async (checks) => {
      for (const merge of merges.filter((one) => one.state === 'opened')) {
        if (checks === 'passed') passPipeline(state, merge);
        merge.statuses = [STATUSES[checks]];
        if (checks === 'pending') merge.pipeline = 'running';
      }
    },
    forbid: async () => {
      rules.squashOption = 'never';
      return /does not allow squashing/;
    },
    fastForwardOnly: async () => {
      rules.mergeMethod = 'ff';
    },
  };
}

const DEPLOYED: Readonly<Record<string, SeenDeployment['state']>> = {
  running: 'running',
  success: 'success',
  failed: 'failure',
  canceled: 'inactive',
};

function statusesOf({ state: { words } }: GitlabServer): StatusesStage {
  return {
    many: 130,
    all: async (revision) =>
      words.statuses
        .filter(({ sha }) => sha === revision)
        .map(({ name, description }) => ({ context: name, description: description ?? '' })),
    byOthers: async (sha, name, state) => {
      const status = state === 'failure' ? 'failed' : state;
      words.statuses.push({ id: words.statuses.length + 1, sha, name, status, description: null, target_url: null });
    },
    deployments: async () =>
      words.deployments.map(({ environment, sha: revision, status }) => ({
        ...{ environment, revision, state: DEPLOYED[status] ?? 'failure' },
        url: words.environments.get(environment) ?? '',
      })),
  };
}

function seen(merge: MergeState, people: ReadonlyMap<number, string>): SeenRequest {
  const { iid, state, description, source, labels, notes } = merge;
  const names = (ids: readonly number[]) => ids.map((id) => people.get(id) ?? '');
  const draft = /^draft: /i.test(merge.title);
  return {
    number: iid,
    state: state === 'merged' || state === 'closed' ? state : 'open',
    title: merge.title.replace(/^draft: /i, ''),
    ...{ body: description, draft, branch: source, labels, comments: notes },
    ...{ reviewers: names(merge.reviewers), assignees: names(merge.assignees) },
  };
}
