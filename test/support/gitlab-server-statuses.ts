import type { ApiAnswer, ApiRequest } from './gitlab-server-routes.ts';
import type { GitlabState } from './gitlab-server-state.ts';

export interface StatusState {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  status: string;
  description: string | null;
  target_url: string | null;
}

export interface DeploymentState {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  status: string;
}

/** What was said about commits, oldest first. */
export interface GitlabWords {
  readonly statuses: StatusState[];
  readonly deployments: DeploymentState[];
  /** Addresses by environment, whose number is its place from 1. */
  readonly environments: Map<string, string | null>;
}

export function createWords(): GitlabWords {
  return { statuses: [], deployments: [], environments: new Map() };
}

type Answers = (state: GitlabState, request: ApiRequest, match: RegExpExecArray) => ApiAnswer;

interface StatusRoute {
  readonly method: string;
  readonly pattern: RegExp;
  readonly takes: readonly string[];
  readonly answer: Answers;
}

const SHA = '([0-9a-f]{40})';

export function statusRoutes(
  list: (state: GitlabState, request: ApiRequest, entries: readonly unknown[]) => ApiAnswer,
): readonly StatusRoute[] {
  const listStatuses: Answers = (state, request, match) => {
    const own = state.words.statuses.filter(({ sha }) => sha === match[1]);
    return list(state, request, own);
  };
  return [
    {
      method: 'GET',
      pattern: new RegExp(`^repository/commits/${SHA}/statuses$`),
      takes: ['all', 'per_page', 'page'],
      answer: listStatuses,
    },
    {
      method: 'POST',
      pattern: new RegExp(`^statuses/${SHA}$`),
      takes: ['state!', 'name', 'description', 'target_url'],
      answer: createStatus,
    },
    {
      method: 'POST',
      pattern: /^deployments$/,
      takes: ['environment!', 'sha!', 'ref!', 'tag!', 'status!'],
      answer: createDeployment,
    },
    { method: 'PUT', pattern: /^deployments\/(\d+)$/, takes: ['status!'], answer: updateDeployment },
    { method: 'PUT', pattern: /^environments\/(\d+)$/, takes: ['external_url'], answer: updateEnvironment },
  ];
}

/** One under way is updated, and cannot become what it is already; after its end a new one begins. */
function createStatus({ words }: GitlabState, { body }: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const { state = '', name = 'default', description = null, target_url: url = null } = body as Record<string, string>;
  const sha = match[1] ?? '';
  const open = words.statuses.find((one) => one.sha === sha && one.name === name && isOpen(one.status));
  if (open?.status === state) {
    const message = `Cannot transition status via :run from :${state} (Reason(s): Status cannot transition via "run")`;
    return { status: 400, json: { message } };
  }
  const own = open ?? { id: words.statuses.length + 1, sha, name, status: '', description, target_url: url };
  if (open === undefined) words.statuses.push(own);
  Object.assign(own, { status: state, description, target_url: url });
  return { status: 201, json: own };
}

function isOpen(status: string): boolean {
  return status === 'pending' || status === 'running';
}

function environmentJson({ environments }: GitlabWords, name: string) {
  return { id: [...environments.keys()].indexOf(name) + 1, name, external_url: environments.get(name) ?? null };
}

function createDeployment({ words }: GitlabState, { body }: ApiRequest): ApiAnswer {
  const [environment, sha, ref] = [String(body.environment), String(body.sha), String(body.ref)];
  if (!words.environments.has(environment)) words.environments.set(environment, null);
  const made = { id: 40 + words.deployments.length, environment, sha, ref, status: String(body.status) };
  words.deployments.push(made);
  return { status: 201, json: { ...made, environment: environmentJson(words, environment) } };
}

function updateDeployment({ words }: GitlabState, { body }: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const own = words.deployments.find(({ id }) => id === Number(match[1]));
  if (own === undefined) return { status: 404, json: { message: '404 Not found' } };
  if (!isOpen(own.status)) return { status: 400, json: { message: { status: ['cannot transition'] } } };
  own.status = String(body.status);
  return { status: 200, json: { ...own, environment: environmentJson(words, own.environment) } };
}

function updateEnvironment({ words }: GitlabState, { body }: ApiRequest, match: RegExpExecArray): ApiAnswer {
  const name = [...words.environments.keys()][Number(match[1]) - 1];
  if (name === undefined) return { status: 404, json: { message: '404 Not found' } };
  words.environments.set(name, String(body.external_url));
  return { status: 200, json: environmentJson(words, name) };
}
