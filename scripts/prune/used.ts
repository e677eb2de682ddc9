/** One operation, and what of its answer is read or written: `head.repo.id`, where a list counts as its entries. */
export interface UsedOperation {
  readonly method: 'get' | 'post' | 'patch' | 'put';
  readonly path: string;
  readonly answer: readonly string[];
}

const REPOSITORY = '/repos/{owner}/{repo}';
const BRANCHES = ['head', 'base'].flatMap((side) =>
  ['ref', 'sha', 'repo.id', 'repo.full_name'].map((field) => `${side}.${field}`),
);
const LISTED = [
  'number',
  'node_id',
  'html_url',
  'state',
  'title',
  'body',
  'draft',
  'merged_at',
  'merge_commit_sha',
  ...BRANCHES,
  'labels.name',
];
const ARMED = ['merge_method', 'commit_title', 'commit_message'].map((field) => `auto_merge.${field}`);
const PULL = [...LISTED, 'merged', 'mergeable', 'mergeable_state', ...ARMED];
const GRANTED = ['statuses', 'deployments', 'checks'].map((right) => `permissions.${right}`);
const STATUS = ['state', 'description', 'target_url', 'context', 'created_at'];
const RUN = ['name', 'status', 'conclusion', 'html_url', 'started_at', 'output.title'];
const CHECKS = ['total_count', ...RUN.map((field) => `check_runs.${field}`)];
const DEPLOYMENT = ['id', 'sha', 'environment', 'description', 'created_at'];
const DEPLOYED = ['id', 'state', 'description', 'environment_url', 'log_url', 'created_at'];

export const OPERATIONS: readonly UsedOperation[] = [
  { method: 'get', path: `${REPOSITORY}/installation`, answer: ['id', 'app_slug', ...GRANTED] },
  {
    method: 'post',
    path: '/app/installations/{installation_id}/access_tokens',
    answer: ['token', 'expires_at'],
  },
  { method: 'post', path: `${REPOSITORY}/git/refs`, answer: ['ref', 'object.sha', 'object.type'] },
  { method: 'get', path: `${REPOSITORY}/pulls`, answer: LISTED },
  { method: 'post', path: `${REPOSITORY}/pulls`, answer: PULL },
  { method: 'get', path: `${REPOSITORY}/pulls/{pull_number}`, answer: PULL },
  { method: 'patch', path: `${REPOSITORY}/pulls/{pull_number}`, answer: PULL },
  { method: 'put', path: `${REPOSITORY}/pulls/{pull_number}/merge`, answer: ['sha', 'merged', 'message'] },
  { method: 'post', path: `${REPOSITORY}/pulls/{pull_number}/requested_reviewers`, answer: LISTED },
  { method: 'post', path: `${REPOSITORY}/issues/{issue_number}/labels`, answer: ['name'] },
  { method: 'post', path: `${REPOSITORY}/issues/{issue_number}/assignees`, answer: ['assignees.login'] },
  { method: 'get', path: `${REPOSITORY}/issues/{issue_number}/comments`, answer: ['body'] },
  { method: 'post', path: `${REPOSITORY}/issues/{issue_number}/comments`, answer: ['body'] },
  { method: 'get', path: `${REPOSITORY}/commits/{ref}/statuses`, answer: STATUS },
  { method: 'post', path: `${REPOSITORY}/statuses/{sha}`, answer: STATUS },
  { method: 'get', path: `${REPOSITORY}/commits/{ref}/check-runs`, answer: CHECKS },
  { method: 'get', path: `${REPOSITORY}/deployments`, answer: DEPLOYMENT },
  { method: 'post', path: `${REPOSITORY}/deployments`, answer: DEPLOYMENT },
  { method: 'get', path: `${REPOSITORY}/deployments/{deployment_id}/statuses`, answer: DEPLOYED },
  { method: 'post', path: `${REPOSITORY}/deployments/{deployment_id}/statuses`, answer: DEPLOYED },
];

/** By type. The arguments, and the inputs that they are made of, are kept whole. */
export const GRAPHQL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Query: ['viewer', 'repository'],
  Mutation: ['createCommitOnBranch', 'enablePullRequestAutoMerge', 'disablePullRequestAutoMerge', 'enqueuePullRequest'],
  User: ['login', 'databaseId'],
  Repository: ['ref', 'defaultBranchRef'],
  Ref: ['name', 'target'],
  GitObject: ['oid'],
  Commit: ['oid'],
  CreateCommitOnBranchPayload: ['commit', 'clientMutationId'],
  EnablePullRequestAutoMergePayload: ['clientMutationId'],
  DisablePullRequestAutoMergePayload: ['clientMutationId'],
  EnqueuePullRequestPayload: ['clientMutationId'],
};
