import { type ApiAnswer, type ApiRequest, invalid, notFound, ok, page, type Route } from './github-server-answers.ts';
import { closePull, type GithubState, mergePull, type PullState, tipOf } from './github-server-state.ts';
import { STATUS_ROUTES } from './github-server-statuses.ts';

const ROUTES: readonly Route[] = [
  { method: 'POST', pattern: /^git\/refs$/, answer: createReference },
  {
    method: 'GET',
    pattern: /^pulls$/,
    answer: listPulls,
  },
  {
    method: 'POST',
    pattern: /^pulls$/,
    answer: createPull,
  },
  { method: 'GET', pattern: /^pulls\/(\d+)$/, answer: onPull((state, pull) => ok(details(state, pull))) },
  {
    method: 'PATCH',
    pattern: /^pulls\/(\d+)$/,
    answer: onPull((state, pull, { body }) => {
      if (body.state === 'closed') closePull(state, pull);
      Object.assign(pull, body);
      return ok(details(state, pull));
    }),
  },
  {
    method: 'PUT',
    pattern: /^pulls\/(\d+)\/merge$/,
    answer: onPull(merge),
  },
  {
    method: 'POST',
    pattern: /^pulls\/(\d+)\/requested_reviewers$/,
    answer: onPull(requestReviewers),
  },
  {
    method: 'POST',
    pattern: /^issues\/(\d+)\/labels$/,
    answer: onPull((_, pull, { body }) => {
      pull.labels = [...new Set([...pull.labels, ...(body.labels as string[])])];
      return ok(pull.labels.map((name) => ({ name })));
    }),
  },
  {
    method: 'POST',
    pattern: /^issues\/(\d+)\/assignees$/,
    answer: onPull((state, pull, { body }) => {
      const people = [...state.tokens.values()].map(({ login }) => login);
      pull.assignees = (body.assignees as string[]).filter((name) => people.includes(name));
      return { status: 201, json: { assignees: pull.assignees.map((login) => ({ login })) } };
    }),
  },
  {
    method: 'GET',
    pattern: /^issues\/(\d+)\/comments$/,

    answer: onPull((state, pull, request) =>
      page(
        state,
        request,
        pull.comments.map((body) => ({ body })),
      ),
    ),
  },
  {
    method: 'POST',
    pattern: /^issues\/(\d+)\/comments$/,
    answer: onPull((_, pull, { body }) => {
      pull.comments.push(String(body.body));
      return { status: 201, json: { body: body.body } };
    }),
  },
  ...STATUS_ROUTES,
];

/** Answers below `/repos/{owner}/{repo}/`; what GitHub does not know is written down as a problem. */
export function answerRest(state: GithubState, request: ApiRequest): ApiAnswer {
  const route = ROUTES.find(({ method, pattern }) => method === request.method && pattern.test(request.path));
  const match = route?.pattern.exec(request.path);
  if (route === undefined || match === null || match === undefined) {
    state.problems.push(`no such route: ${request.method} ${request.path}`);
    return notFound();
  }
  if (request.method !== 'GET' && !request.owner.canWrite) {
    return { status: 403, json: { message: 'Resource not accessible by personal access token' } };
  }
  return route.answer(state, request, match);
}

function onPull(answer: (state: GithubState, pull: PullState, request: ApiRequest) => ApiAnswer): Route['answer'] {
  return (state, request, match) => {
    const pull = state.pulls.find(({ number }) => number === Number(match[1]));
    return pull === undefined ? notFound() : answer(state, pull, request);
  };
}

function createReference(state: GithubState, { body }: ApiRequest): ApiAnswer {
  const branch = String(body.ref).replace('refs/heads/', '');
  if (tipOf(state, branch) !== undefined) return invalid('Reference already exists');
  try {
    state.repository.git('update-ref', `refs/heads/${branch}`, String(body.sha), '0'.repeat(40));
  } catch {
    return invalid('Object does not exist');
  }
  return { status: 201, json: { ref: body.ref, object: { sha: body.sha, type: 'commit' } } };
}

function summary(state: GithubState, pull: PullState) {
  const repository = { id: 1, full_name: `${state.owner}/${state.name}` };
  return {
    number: pull.number,
    node_id: `PR_${pull.number}`,
    html_url: `${state.origin}/${state.owner}/${state.name}/pull/${pull.number}`,
    state: pull.state,
    title: pull.title,
    body: pull.body === '' ? null : pull.body,
    draft: pull.draft,
    merged_at: pull.mergeCommit === undefined ? null : '2026-01-01T00:00:00Z',
    // Of an open request it is the commit of a trial merge.
    merge_commit_sha: pull.mergeCommit ?? 'f'.repeat(40),
    head: {
      ref: pull.head,
      sha: (pull.state === 'open' ? tipOf(state, pull.head) : pull.lastHead) ?? pull.lastHead ?? '0'.repeat(40),
      repo: pull.fork ? { id: 2, full_name: `person/${state.name}` } : repository,
    },
    base: { ref: pull.base, sha: tipOf(state, pull.base), repo: repository },
    labels: pull.labels.map((name) => ({ name })),
  };
}

function details(state: GithubState, pull: PullState) {
  const { mergeState } = state.rules;
  const { autoMerge } = pull;
  return {
    ...summary(state, pull),
    merged: pull.mergeCommit !== undefined,
    mergeable: mergeState === 'unknown' ? null : mergeState !== 'dirty',
    mergeable_state: pull.draft ? 'draft' : mergeState,
    auto_merge:
      autoMerge === undefined
        ? null
        : { merge_method: autoMerge.method, commit_title: autoMerge.title, commit_message: autoMerge.message },
  };
}

/** A filter without an owner is passed over in silence, as GitHub does. */
function listPulls(state: GithubState, request: ApiRequest): ApiAnswer {
  const wanted = request.query.get('state') ?? 'open';
  const [owner, branch] = (request.query.get('head') ?? '').split(/:(.*)/s);
  const found = state.pulls.filter(
    (pull) =>
      (wanted === 'all' || pull.state === wanted) &&
      (branch === undefined || (pull.head === branch && owner === state.owner)),
  );
  return page(
    state,
    request,
    found.toReversed().map((pull) => summary(state, pull)),
  );
}

function createPull(state: GithubState, { body, owner }: ApiRequest): ApiAnswer {
  const [head, base] = [String(body.head), String(body.base)];
  const [tip, onto] = [tipOf(state, head), tipOf(state, base)];
  const resource = 'PullRequest';
  if (tip === undefined) return invalid('Validation Failed', [{ resource, field: 'head', code: 'invalid' }]);
  if (onto === undefined) return invalid('Validation Failed', [{ resource, field: 'base', code: 'invalid' }]);
  const custom = (message: string) => invalid('Validation Failed', [{ resource, code: 'custom', message }]);
  if (state.pulls.some((one) => one.state === 'open' && one.head === head && one.base === base && !one.fork)) {
    return custom(`A pull request already exists for ${state.owner}:${head}.`);
  }
  if (state.repository.git('rev-list', `${onto}..${tip}`) === '')
    return custom(`No commits between ${base} and ${head}`);
  const pull = addPull(state, { head, base, title: String(body.title), body: String(body.body), author: owner.login });
  pull.draft = body.draft === true;
  return { status: 201, json: details(state, pull) };
}

/** A request as a person would open it; from a fork where asked. */
export function addPull(
  state: GithubState,
  given: Pick<PullState, 'head' | 'base' | 'title' | 'body' | 'author'> & { readonly fork?: boolean },
): PullState {
  const pull: PullState = {
    number: state.pulls.length + 1,
    draft: false,
    state: 'open',
    queued: false,
    labels: [],
    reviewers: [],
    assignees: [],
    comments: [],
    ...given,
    fork: given.fork === true,
  };
  state.pulls.push(pull);
  return pull;
}

function merge(state: GithubState, pull: PullState, { body, owner }: ApiRequest): ApiAnswer {
  const { rules } = state;
  const refuse = (message: string, status = 405) => ({ status, json: { message } });
  const method = String(body.merge_method ?? 'merge');
  if (pull.state !== 'open' || rules.mergeState === 'unknown') return refuse('Pull Request is not mergeable');
  if (body.sha !== tipOf(state, pull.head))
    return refuse('Head branch was modified. Review and try the merge again.', 409);
  if (rules.mergeQueue) return refuse('Changes must be made through the merge queue');
  if (!rules.methods.includes(method)) return refuse(`${method} merges are not allowed on this repository.`);
  if (rules.mergeState === 'blocked') return refuse('Required status check "ci" is expected.');
  const title = String(body.commit_title ?? `Merge pull request #${pull.number}`);
  const sha = mergePull(state, owner, pull, method, `${title}\n\n${body.commit_message ?? ''}`);
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

function requestReviewers(state: GithubState, pull: PullState, { body }: ApiRequest): ApiAnswer {
  const names = [...((body.reviewers as string[]) ?? []), ...((body.team_reviewers as string[]) ?? [])];
  if (names.includes(pull.author)) return invalid('Review cannot be requested from pull request author.');
  pull.reviewers.push(...names);
  return { status: 201, json: summary(state, pull) };
}
