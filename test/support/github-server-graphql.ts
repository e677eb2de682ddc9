import {
  type Addition,
  commitFiles,
  type GithubState,
  mergePull,
  moveBranch,
  type PullState,
  type TokenOwner,
  tipOf,
} from './github-server-state.ts';

interface GraphqlError {
  readonly type?: string;
  readonly message: string;
}

type Input = Readonly<Record<string, unknown>>;

/** @returns the body of the answer, whose status is 200 whatever happened */
export function answerGraphql(state: GithubState, owner: TokenOwner, body: unknown): object {
  const { query, variables = {} } = Object(body) as { readonly query?: string; readonly variables?: { input?: Input } };
  if (query === '{ viewer { login databaseId } }') {
    return { data: { viewer: { login: owner.login, databaseId: owner.id } } };
  }
  const { reference } = Object(variables) as { readonly reference?: string };
  if (query?.startsWith('query (') === true)
    return { data: { repository: { ref: referenceOf(state, query, reference) } } };
  const field = /^mutation .*? \{ (\w+)/.exec(query ?? '')?.[1] ?? '';
  const result = run(state, owner, field, variables.input ?? {});
  return Array.isArray(result) ? { data: { [field]: null }, errors: result } : { data: { [field]: result } };
}

/** A branch by its full name, or the default one. */
function referenceOf(state: GithubState, query: string, reference?: string): object | null {
  const branch = query.includes('defaultBranchRef') ? 'main' : (reference ?? '').replace('refs/heads/', '');
  const oid = tipOf(state, branch);
  return oid === undefined ? null : { name: branch, target: { oid } };
}

function run(state: GithubState, owner: TokenOwner, field: string, input: Input): object | GraphqlError[] {
  if (!owner.canWrite) return [{ type: 'FORBIDDEN', message: 'Resource not accessible by personal access token' }];
  if (field === 'createCommitOnBranch') return createCommit(state, owner, input);
  const pull = state.pulls.find(({ number }) => `PR_${number}` === input.pullRequestId);
  if (pull === undefined) return [{ type: 'NOT_FOUND', message: 'Could not resolve to a node with the global id' }];
  const expected = input.expectedHeadOid;
  if (expected !== undefined && expected !== tipOf(state, pull.head)) {
    return [
      { type: 'UNPROCESSABLE', message: 'Expected head sha does not match the current head of the pull request' },
    ];
  }
  if (field === 'disablePullRequestAutoMerge') {
    delete pull.autoMerge;
    return { clientMutationId: null };
  }
  return field === 'enqueuePullRequest' ? enqueue(state, pull) : enable(state, pull, input);
}

function createCommit(state: GithubState, owner: TokenOwner, input: Input): object | GraphqlError[] {
  const { branch, expectedHeadOid, message, fileChanges } = input as {
    readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string };
    readonly expectedHeadOid: string;
    readonly message: { readonly headline: string; readonly body?: string };
    readonly fileChanges: { readonly additions?: readonly Addition[]; readonly deletions?: unknown };
  };
  const strange =
    fileChanges.deletions !== undefined ||
    fileChanges.additions?.some(({ contents }) => Buffer.from(contents, 'base64').toString('base64') !== contents) ||
    ('body' in message && typeof message.body !== 'string');
  if (strange) state.problems.push('createCommitOnBranch: lists that are not used are left out; contents are base64');
  if (branch.repositoryNameWithOwner !== `${state.owner}/${state.name}`) {
    return [
      {
        type: 'NOT_FOUND',
        message: `Could not resolve to a Repository with the name '${branch.repositoryNameWithOwner}'.`,
      },
    ];
  }
  const rule = state.rules.protectedBranches.get(branch.branchName);
  if (rule !== undefined) return [{ type: 'UNPROCESSABLE', message: rule }];
  const tip = tipOf(state, branch.branchName);
  if (tip === undefined) return [{ type: 'NOT_FOUND', message: `No such branch: ${branch.branchName}` }];
  const stale = `Expected branch to point to "${expectedHeadOid}" but it did not.  Pull and try again.`;
  if (tip !== expectedHeadOid) return [{ type: 'STALE_DATA', message: stale }];
  const text = message.body === undefined ? message.headline : `${message.headline}\n\n${message.body}`;
  const made = commitFiles(state, owner, tip, text, fileChanges.additions ?? []);
  if (!moveBranch(state, branch.branchName, made, tip)) return [{ type: 'STALE_DATA', message: stale }];
  return { commit: { oid: made } };
}

function enable(state: GithubState, pull: PullState, input: Input): object | GraphqlError[] {
  const { rules } = state;
  if (!rules.autoMergeAllowed)
    return [{ type: 'UNPROCESSABLE', message: 'Auto merge is not allowed for this repository' }];
  if (rules.mergeQueue) {
    return [{ type: 'UNPROCESSABLE', message: 'The merge strategy for this branch is set by the merge queue' }];
  }
  if (rules.mergeState === 'clean' || rules.mergeState === 'unstable') {
    return [{ type: 'UNPROCESSABLE', message: `Pull request Pull request is in ${rules.mergeState} status` }];
  }
  const method = String(input.mergeMethod).toLowerCase();
  if (!rules.methods.includes(method)) {
    return [{ type: 'UNPROCESSABLE', message: `Merge method ${method} merging is not allowed on this repository` }];
  }
  const [title, message] = [String(input.commitHeadline ?? ''), String(input.commitBody ?? '')];
  pull.autoMerge = { method, title, message };
  return { clientMutationId: null };
}

function enqueue({ rules }: GithubState, pull: PullState): object | GraphqlError[] {
  if (!rules.mergeQueue) return [{ type: 'UNPROCESSABLE', message: 'There is no merge queue for this branch' }];
  if (pull.queued) return [{ type: 'UNPROCESSABLE', message: 'The pull request is already in the merge queue' }];
  pull.queued = true;
  return { clientMutationId: null };
}

/** The checks have passed: what is armed or queued is merged, as GitHub would by itself. */
export function passChecks(state: GithubState): void {
  const bot: TokenOwner = { login: 'octo', id: 1, canWrite: true };
  state.rules.mergeState = 'clean';
  for (const pull of state.pulls.filter((one) => one.state === 'open')) {
    const { autoMerge, queued } = pull;
    if (autoMerge !== undefined) {
      mergePull(state, bot, pull, autoMerge.method, `${autoMerge.title}\n\n${autoMerge.message}`);
    } else if (queued) {
      mergePull(state, bot, pull, 'merge', `Merge pull request #${pull.number}`);
    }
  }
}
