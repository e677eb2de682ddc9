import { type ApiAnswer, type ApiRequest, invalid, notFound, ok, page, type Route } from './github-server-answers.ts';
import type { GithubState } from './github-server-state.ts';

export interface StatusState {
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly url: string | null;
}

export interface CheckState {
  readonly sha: string;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
  readonly title: string | null;
}

export interface DeploymentState {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly description: string;
  readonly statuses: DeployedState[];
}

export interface DeployedState {
  readonly state: string;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
}

/** What was said about commits, oldest first. */
export interface GithubWords {
  readonly statuses: StatusState[];
  readonly checks: CheckState[];
  readonly deployments: DeploymentState[];
  /** Permissions that the tokens lack: `statuses: read` and the like. */
  readonly withheld: Set<string>;
}

export function createWords(): GithubWords {
  return { statuses: [], checks: [], deployments: [], withheld: new Set() };
}

export const STATUS_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: /^commits\/([0-9a-f]{40})\/statuses$/, answer: withRight('statuses', listStatuses) },
  { method: 'POST', pattern: /^statuses\/([0-9a-f]{40})$/, answer: withRight('statuses', createStatus) },
  { method: 'GET', pattern: /^commits\/([0-9a-f]{40})\/check-runs$/, answer: withRight('checks', listChecks) },
  { method: 'GET', pattern: /^deployments$/, answer: withRight('deployments', listDeployments) },
  { method: 'POST', pattern: /^deployments$/, answer: withRight('deployments', createDeployment) },
  { method: 'GET', pattern: /^deployments\/(\d+)\/statuses$/, answer: withRight('deployments', listDeployed) },
  { method: 'POST', pattern: /^deployments\/(\d+)\/statuses$/, answer: withRight('deployments', createDeployed) },
];

function withRight(name: string, answer: Route['answer']): Route['answer'] {
  return (state, request, match) => {
    const right = `${name}: ${request.method === 'GET' ? 'read' : 'write'}`;
    if (!state.words.withheld.has(right)) return answer(state, request, match);
    return { status: 403, json: { message: 'Resource not accessible by integration' } };
  };
}

const TIME = '2026-01-01T00:00:00Z';

function statusJson({ state, description, url, context }: StatusState) {
  return { state, description, target_url: url, context, created_at: TIME };
}

/** Newest first. */
function listStatuses(state: GithubState, request: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const own = state.words.statuses.filter(({ sha }) => sha === match[1]);
  return page(state, request, own.toReversed().map(statusJson));
}

function createStatus({ words, repository }: GithubState, { body }: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const { state, context = 'default', description = null, target_url: url = null } = body as Record<string, string>;
  const sha = match[1] ?? '';
  if (!isThere(repository, sha)) return invalid(`No commit found for SHA: ${sha}`);
  if ((description ?? '').length > 140) return invalid('Validation Failed', [{ field: 'description', code: 'custom' }]);
  const made: StatusState = { sha, context, state: state ?? '', description, url };
  words.statuses.push(made);
  return { status: 201, json: statusJson(made) };
}

function isThere(repository: GithubState['repository'], sha: string): boolean {
  try {
    repository.git('cat-file', '-e', `${sha}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

function listChecks(state: GithubState, request: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const own = state.words.checks.filter(({ sha }) => sha === match[1]);
  const runs = own.map(({ name, status, conclusion, title }) => ({
    ...{ name, status, conclusion, html_url: `${state.origin}/runs/${name}`, started_at: TIME, output: { title } },
  }));
  return page(state, request, runs, (check_runs) => ({ total_count: runs.length, check_runs }));
}

function deploymentJson({ id, sha, environment, description }: DeploymentState) {
  return { id, sha, environment, description, created_at: TIME };
}

function listDeployments(state: GithubState, request: ApiRequest): ApiAnswer {
  const [sha, environment] = [request.query.get('sha'), request.query.get('environment')];
  const own = state.words.deployments.filter(
    (one) => (sha === null || one.sha === sha) && (environment === null || one.environment === environment),
  );
  return page(state, request, own.toReversed().map(deploymentJson));
}

/** As GitHub does where nothing is merged and no context is required. */
function createDeployment({ words, repository, problems }: GithubState, { body }: ApiRequest): ApiAnswer {
  const { ref, environment = 'production', description = '', required_contexts: contexts, auto_merge: merges } = body;
  if (!isThere(repository, String(ref))) return invalid(`No ref found for: ${ref}`);
  if (merges !== false) problems.push('a deployment that merges');
  if (!Array.isArray(contexts) || contexts.length > 0)
    return { status: 409, json: { message: 'Conflict: Commit status checks failed for main.' } };
  const made: DeploymentState = {
    id: 100 + words.deployments.length,
    sha: String(ref),
    environment: String(environment),
    description: String(description),
    statuses: [],
  };
  words.deployments.push(made);
  return { status: 201, json: deploymentJson(made) };
}

function deployedJson({ state, description, environmentUrl, logUrl }: DeployedState, id: number) {
  return { id, state, description, environment_url: environmentUrl, log_url: logUrl, created_at: TIME };
}

function deploymentOf({ words }: GithubState, match: RegExpExecArray): DeploymentState | undefined {
  return words.deployments.find(({ id }) => id === Number(match[1]));
}

function listDeployed(state: GithubState, request: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const own = deploymentOf(state, match);
  return own === undefined ? notFound() : page(state, request, own.statuses.map(deployedJson).toReversed());
}

/** Success makes the earlier successes of the same environment inactive. */
function createDeployed(state: GithubState, { body }: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const own = deploymentOf(state, match);
  if (own === undefined) return notFound();
  const { environment_url: environmentUrl = '', log_url: logUrl = '', description = '' } = body;
  const texts = { description: String(description), environmentUrl: String(environmentUrl), logUrl: String(logUrl) };
  if (texts.description.length > 140) return invalid('Validation Failed');
  const made: DeployedState = { state: String(body.state), ...texts };
  own.statuses.push(made);
  if (made.state === 'success' && body.auto_inactive !== false) {
    const others = state.words.deployments.filter((one) => one !== own && one.environment === own.environment);
    for (const { statuses } of others.filter((one) => one.statuses.at(-1)?.state === 'success')) {
      statuses.push({ state: 'inactive', description: '', environmentUrl: '', logUrl: '' });
    }
  }
  return { ...ok(deployedJson(made, own.statuses.length)), status: 201 };
}
