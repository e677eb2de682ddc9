import {
  addMerge,
  type GitlabState,
  headOf,
  type MergeState,
  mergeNow,
  needsRebase,
  type TokenOwner,
  textsOf,
  tipOf,
} from './gitlab-server-state.ts';
import { statusRoutes } from './gitlab-server-statuses.ts';

export interface ApiRequest {
  readonly method: string;
  /** Below `/api/v4/`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly owner: TokenOwner;
}

export interface ApiAnswer {
  readonly status: number;
  readonly json?: unknown;
  /** In place of JSON. */
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** Names that may stand in the query or the body; required ones end with `!`. */
  readonly takes: readonly string[];
  readonly answer: (state: GitlabState, request: ApiRequest, match: RegExpExecArray) => ApiAnswer;
}

const LIST = ['per_page', 'page'];
const MERGE = 'merge_requests/(\\d+)';

/** Below the project, but for those that begin with a slash. */
const ROUTES: readonly Route[] = [
  { method: 'GET', pattern: /^\/user$/, takes: [], answer: (_, { owner }) => ok(userOf(owner)) },
  { method: 'GET', pattern: /^\/users$/, takes: ['username!'], answer: findUser },
  {
    method: 'GET',
    pattern: /^\/personal_access_tokens\/self$/,
    takes: [],
    answer: (_, { owner }) => ok({ id: 1, name: 'bump', expires_at: owner.expiresAt, active: true }),
  },
  { method: 'GET', pattern: /^\/metadata$/, takes: [], answer: ({ rules }) => ok({ version: rules.version }) },
  { method: 'GET', pattern: /^$/, takes: [], answer: ({ rules }) => ok(projectOf(rules)) },
  {
    method: 'GET',
    pattern: /^merge_requests$/,
    takes: ['source_branch', 'state', 'scope', 'order_by', 'sort', ...LIST],
    answer: listMerges,
  },
  {
    method: 'POST',
    pattern: /^merge_requests$/,
    takes: ['source_branch!', 'target_branch!', 'title!', 'description'],
    answer: createMerge,
  },
  {
    method: 'GET',
    pattern: route(MERGE),
    takes: [],
    answer: onMerge((state, merge) => ok(details(state, merge, true))),
  },
  {
    method: 'PUT',
    pattern: route(MERGE),
    takes: ['title', 'description', 'state_event', 'add_labels', 'reviewer_ids', 'assignee_ids'],
    answer: onMerge(edit),
  },
  {
    method: 'GET',
    pattern: route(`${MERGE}/notes`),
    takes: LIST,
    answer: onMerge((state, merge, request) =>
      page(
        state,
        request,
        merge.notes.map((body, id) => ({ id, body })),
      ),
    ),
  },
  {
    method: 'POST',
    pattern: route(`${MERGE}/notes`),
    takes: ['body!'],
    answer: onMerge((_, merge, { body }) => {
      merge.notes.push(String(body.body));
      return { status: 201, json: { id: merge.notes.length, body: body.body } };
    }),
  },
  {
    method: 'PUT',
    pattern: route(`${MERGE}/merge`),
    takes: [
      'sha!',
      'squash',
      'merge_commit_message',
      'squash_commit_message',
      'auto_merge',
      'merge_when_pipeline_succeeds',
    ],
    answer: onMerge(accept),
  },
  {
    method: 'POST',
    pattern: route(`merge_trains/${MERGE}`),
    takes: ['sha!', 'squash', 'when_pipeline_succeeds'],
    answer: onMerge((state, merge, { body }) => {
      if (!state.rules.trains) return { status: 404, json: { message: '404 Not Found' } };
      merge.armed = body;
      return { status: 201, json: [{ id: 1, status: 'idle' }] };
    }),
  },
  { method: 'GET', pattern: /^repository\/commits\/([0-9a-f]{40})\/merge_requests$/, takes: LIST, answer: broughtBy },
  ...statusRoutes(page),
];

function route(path: string): RegExp {
  return new RegExp(`^${path}$`);
}

/** Answers what GitLab would; what GitLab does not know is a problem that the test must not pass over. */
export function answerApi(state: GitlabState, request: ApiRequest): ApiAnswer {
  const prefix = `projects/${encodeURIComponent(state.project)}`;
  const isOfProject = request.path === prefix || request.path.startsWith(`${prefix}/`);
  if (request.path.startsWith('projects/') && !isOfProject) return missing('404 Project Not Found');
  const path = isOfProject ? request.path.slice(prefix.length + 1) : `/${request.path}`;
  for (const one of ROUTES.filter(({ method }) => method === request.method)) {
    const match = one.pattern.exec(path);
    if (match === null) continue;
    checkNames(state, request, one.takes);
    return denial(request) ?? one.answer(state, request, match);
  }
  state.problems.push(`${request.method} ${request.path}: no such call`);
  return missing('404 Not Found');
}

function checkNames(
  { rules, problems }: GitlabState,
  { method, path, query, body }: ApiRequest,
  takes: readonly string[],
) {
  const given = [...query.keys(), ...Object.keys(body)];
  const known = takes.map((name) => name.replace('!', ''));
  for (const name of given) {
    const isNew = name === 'auto_merge' && !isSince(rules.version, 17, 11);
    if (!known.includes(name) || isNew) problems.push(`${method} ${path}: unknown parameter ${name}`);
  }
  for (const name of takes.filter((one) => one.endsWith('!'))) {
    if (!given.includes(name.slice(0, -1))) problems.push(`${method} ${path}: ${name.slice(0, -1)} is missing`);
  }
}

function isSince(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return first > major || (first === major && second >= minor);
}

/** A job token may read a little and is otherwise told that there is nothing; a token without the scope is told which. */
function denial({ owner, method }: ApiRequest): ApiAnswer | undefined {
  if (owner.kind === 'job') return method === 'GET' ? unauthorized() : missing('404 Not Found');
  if (owner.scope !== 'api') {
    const error_description = 'The request requires higher privileges than provided by the access token.';
    return { status: 403, json: { error: 'insufficient_scope', error_description, scope: 'api' } };
  }
  return owner.role === 'reporter' && method !== 'GET'
    ? { status: 403, json: { message: '403 Forbidden' } }
    : undefined;
}

export function unauthorized(): ApiAnswer {
  return { status: 401, json: { message: '401 Unauthorized' } };
}

function missing(message: string): ApiAnswer {
  return { status: 404, json: { message } };
}

function ok(json: unknown): ApiAnswer {
  return { status: 200, json };
}

function userOf({ id, username }: TokenOwner) {
  return {
    id,
    username,
    name: 'Release Bot',
    email: 'real@example.test',
    commit_email: `${username}@noreply.example.test`,
  };
}

function findUser({ users }: GitlabState, { query }: ApiRequest): ApiAnswer {
  const name = query.get('username') ?? '';
  const id = users.get(name.toLowerCase());
  return ok(id === undefined ? [] : [{ id, username: name.toLowerCase() }]);
}

function projectOf(rules: GitlabState['rules']) {
  return {
    id: 7,
    merge_method: rules.mergeMethod,
    squash_option: rules.squashOption,
    only_allow_merge_if_pipeline_succeeds: rules.needsPipeline,
    ...(rules.trains ? { merge_trains_enabled: true } : {}),
  };
}

function onMerge(answer: (state: GitlabState, merge: MergeState, request: ApiRequest) => ApiAnswer): Route['answer'] {
  return (state, request, match) => {
    const merge = state.merges.find(({ iid }) => iid === Number(match[1]));
    return merge === undefined ? missing('404 Not found') : answer(state, merge, request);
  };
}

/** Offset pages with `Link`, as long lists come. */
function page(state: GitlabState, request: ApiRequest, entries: readonly unknown[]): ApiAnswer {
  const number = Number(request.query.get('page') ?? 1);
  const size = Number(request.query.get('per_page') ?? 20);
  if (size > 100) state.problems.push(`${request.path}: no more than 100 are given at once`);
  const next = new URLSearchParams(request.query);
  next.set('page', String(number + 1));
  const url = `${state.origin}${state.below}/api/v4/${request.path}?${next}`;
  const headers: Record<string, string> = {
    'x-page': String(number),
    'x-per-page': String(size),
    ...(number * size < entries.length ? { link: `<${url}>; rel="next"`, 'x-next-page': String(number + 1) } : {}),
  };
  return { status: 200, json: entries.slice((number - 1) * size, number * size), headers };
}

function details(state: GitlabState, merge: MergeState, takesStatus: boolean) {
  const open = merge.state === 'opened';
  const status = (takesStatus && merge.statuses.length > 1 ? merge.statuses.shift() : merge.statuses[0]) ?? 'mergeable';
  const draft = /^draft:/i.test(merge.title);
  return {
    id: 1000 + merge.iid,
    iid: merge.iid,
    web_url: `${state.origin}${state.below}/${state.project}/-/merge_requests/${merge.iid}`,
    state: merge.state,
    title: merge.title,
    description: merge.description === '' ? null : merge.description,
    draft,
    source_branch: merge.source,
    target_branch: merge.target,
    source_project_id: merge.fork ? 8 : 7,
    target_project_id: 7,
    sha: headOf(state, merge),
    labels: merge.labels,
    reviewers: merge.reviewers.map((id) => ({ id })),
    assignees: merge.assignees.map((id) => ({ id })),
    prepared_at: open && status === 'preparing' ? null : '2026-01-01T00:00:00.000Z',
    detailed_merge_status: open ? (draft ? 'draft_status' : status) : 'not_open',
    merge_status: 'unchecked',
    merge_when_pipeline_succeeds: merge.armed !== undefined,
    squash: merge.squash,
    merge_error: merge.mergeError,
    head_pipeline: merge.pipeline === undefined ? null : { id: 1, status: merge.pipeline },
    merge_commit_sha: merge.mergeCommit,
    squash_commit_sha: merge.squashCommit,
    merged_at: merge.mergedAt,
  };
}

function listMerges(state: GitlabState, request: ApiRequest): ApiAnswer {
  const [branch, wanted] = [request.query.get('source_branch'), request.query.get('state')];
  const found = state.merges.filter(
    (merge) => (branch === null || merge.source === branch) && (wanted === null || merge.state === wanted),
  );
  return page(
    state,
    request,
    found.toReversed().map((merge) => details(state, merge, false)),
  );
}

function createMerge(state: GitlabState, { body }: ApiRequest): ApiAnswer {
  const [source, target] = [String(body.source_branch), String(body.target_branch)];
  const gone = [source, target].filter((branch) => tipOf(state, branch) === undefined);
  if (gone.length > 0) return { status: 400, json: { message: { base: [`The branch ${gone[0]} does not exist.`] } } };
  const same = state.merges.find(
    (one) => one.state === 'opened' && one.source === source && one.target === target && !one.fork,
  );
  if (same !== undefined) {
    const text = `Another open merge request already exists for this source branch: !${same.iid}`;
    return { status: 409, json: { message: [text] } };
  }
  const merge = addMerge(state, {
    source,
    target,
    title: String(body.title),
    description: String(body.description ?? ''),
  });
  return { status: 201, json: details(state, merge, false) };
}

function edit(state: GitlabState, merge: MergeState, { body }: ApiRequest): ApiAnswer {
  if (typeof body.title === 'string') merge.title = body.title;
  if (typeof body.description === 'string') merge.description = body.description;
  if (typeof body.add_labels === 'string')
    merge.labels = [...new Set([...merge.labels, ...body.add_labels.split(',')])];
  const most = state.rules.free ? 1 : 100;
  if (Array.isArray(body.reviewer_ids)) merge.reviewers = body.reviewer_ids.slice(0, most);
  if (Array.isArray(body.assignee_ids)) merge.assignees = body.assignee_ids.slice(0, most);
  if (body.state_event === 'close') Object.assign(merge, { lastHead: headOf(state, merge), state: 'closed' });
  return ok(details(state, merge, false));
}

/** The order of the checks is GitLab's: the right, whether it can be merged at all, the head. */
function accept(state: GitlabState, merge: MergeState, { body, owner }: ApiRequest): ApiAnswer {
  const { rules } = state;
  if (!rules.mayMerge.includes(owner.role)) return unauthorized();
  const refusal = rules.mergeRefusals.shift();
  if (refusal !== undefined) return { status: refusal, json: { message: `${refusal} refused` } };
  const status = merge.statuses[0] ?? 'mergeable';
  const auto = body.auto_merge === true || body.merge_when_pipeline_succeeds === true;
  const isRunning = merge.pipeline !== undefined && ['created', 'pending', 'running'].includes(merge.pipeline);
  const canWait = isSince(rules.version, 17, 7) && status !== 'mergeable' && status !== 'conflict';
  const arms = auto && (isRunning || canWait);
  if (merge.state !== 'opened' || (!arms && status !== 'mergeable')) {
    return { status: 405, json: { message: '405 Method Not Allowed' } };
  }
  const head = headOf(state, merge);
  if (body.sha !== head) {
    return { status: 409, json: { message: `SHA does not match HEAD of source branch: ${head}` } };
  }
  if (!arms && needsRebase(state, merge)) return { status: 422, json: { message: 'Branch cannot be merged' } };
  if (arms) Object.assign(merge, { armed: body, squash: body.squash === true });
  else if (rules.mergesLater) merge.state = 'locked';
  else mergeNow(state, merge, textsOf(body));
  return ok(details(state, merge, false));
}

function broughtBy(state: GitlabState, request: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const revision = match[1] ?? '';
  const found = state.merges.filter((merge) => {
    if (merge.state !== 'merged') return false;
    const source = state.repository.git('log', '-1', '--format=%T', merge.lastHead ?? '');
    return revision === merge.lastHead || state.repository.git('log', '-1', '--format=%T', revision) === source;
  });
  return page(
    state,
    request,
    found.map((merge) => details(state, merge, false)),
  );
}
