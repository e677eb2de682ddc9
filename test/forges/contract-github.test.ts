import { READER, startGithubServer, TOKEN } from '../support/github-server.ts';
import type { PullState } from '../support/github-server-state.ts';
import { describeForge } from './contract.ts';
import {
  onlooker,
  type RequestsStage,
  type SeenDeployment,
  type SeenRequest,
  type Stage,
  type StatusesStage,
} from './contract-stage.ts';

type Server = Awaited<ReturnType<typeof startGithubServer>>;

describeForge('GitHub', async (files): Promise<Stage> => {
  const server = await startGithubServer({ files });
  return {
    forge: 'github',
    url: server.url,
    repository: onlooker(server.repository),
    tokens: { writer: TOKEN, reader: READER, nobody: 'github_pat_canary_NOBODY' },
    protect: async () => {
      const sentence = 'GH006: Protected branch update failed for refs/heads/main.';
      server.state.rules.protectedBranches.set('main', sentence);
      return /GH006: Protected branch/;
    },
    requests: requestsOf(server),
    statuses: statusesOf(server),
    end: async () => {
      await server.close();
      return server.problems();
    },
  };
});

function requestsOf(server: Server): RequestsStage {
  const { state } = server;
  return {
    colleague: 'reader',
    all: async () => state.pulls.map(seen),
    close: async (number) => server.closeByPerson(number),
    merge: async (number, way) => server.mergeByPerson(number, way),
    checks: async (checks) => {
      if (checks === 'passed') server.passChecks();
      else state.rules.mergeState = checks === 'pending' ? 'blocked' : 'unknown';
    },
    forbid: async (method) => {
      state.rules.methods = state.rules.methods.filter((one) => one !== method);
      return /squash merges are not allowed/i;
    },
  };
}

const DEPLOYED: Readonly<Record<string, SeenDeployment['state']>> = {
  in_progress: 'running',
  success: 'success',
  failure: 'failure',
  inactive: 'inactive',
};

function statusesOf({ state: { words } }: Server): StatusesStage {
  return {
    many: 130,
    all: async (revision) =>
      words.statuses
        .filter(({ sha }) => sha === revision)
        .map(({ context, description }) => ({ context, description: description ?? '' })),
    byOthers: async (sha, context, state) =>
      void words.statuses.push({ sha, context, state, description: null, url: null }),
    deployments: async () =>
      words.deployments.map(({ environment, sha: revision, statuses }) => {
        const { state = '', environmentUrl: url = '' } = statuses.at(-1) ?? {};
        return { environment, revision, state: DEPLOYED[state] ?? 'failure', url };
      }),
  };
}

function seen({ number, state, mergeCommit, title, body, draft, head, ...rest }: PullState): SeenRequest {
  const { labels, reviewers, assignees, comments } = rest;
  const shown = mergeCommit === undefined ? state : 'merged';
  return { number, state: shown, title, body, draft, branch: head, labels, reviewers, assignees, comments };
}
