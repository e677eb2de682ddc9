import { createServer, type IncomingMessage, request as requestPlain, type ServerResponse } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dump } from 'js-yaml';

export interface Upstream {
  /** Of the API server behind the agent. */
  readonly server: string;
  readonly ca?: string;
  readonly token?: string;
}

export interface GitlabAgent {
  /** The file that the runner names in the variable KUBECONFIG, for the agents that the job may use. */
  readonly kubeconfig: (agents?: readonly string[]) => string;
  /** The job has ended, and its token with it. */
  readonly endJob: () => void;
  /** What was refused, and why. */
  readonly refused: readonly string[];
  readonly passed: readonly string[];
  readonly close: () => void;
}

const AGENT_ID = 4711;
const JOB_TOKEN = 'glcbt-64_a-token-of-this-job';
const PREFIX = '/-/kubernetes-agent/k8s-proxy';

/**
 * GitLab's agent server: lets requests through to the API server of the cluster below a path of its own, for tokens of the form
 * `ci:<agent id>:<job token>` while that job runs (https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/).
 */
export async function startGitlabAgent(upstream: Upstream): Promise<GitlabAgent> {
  let isRunning = true;
  const [refused, passed]: [string[], string[]] = [[], []];
  const server = createServer((request, response) => {
    const problem = problemOf(request, isRunning);
    if (problem === undefined) {
      passed.push(`${request.method} ${request.url}`);
      return forward(upstream, request, response);
    }
    refused.push(problem);
    const status = { kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 };
    response.writeHead(problem.startsWith('path') ? 404 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...status, message: 'GitLab Agent Server: Unauthorized' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`;
  return {
    kubeconfig: (agents = ['acme/agents:production']) => injected(address, agents),
    endJob: () => {
      isRunning = false;
    },
    refused,
    passed,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function problemOf({ url = '', headers }: IncomingMessage, isRunning: boolean): string | undefined {
  if (!url.startsWith(`${PREFIX}/`)) return `path ${url}`;
  const [type, id, token, ...more] = (headers.authorization ?? '').replace('Bearer ', '').split(':');
  if (type !== 'ci' || more.length > 0) return 'token of another shape';
  if (id !== String(AGENT_ID) || token !== JOB_TOKEN) return 'token of another job or agent';
  return isRunning ? undefined : 'job has ended';
}

/** One cluster, one user for each agent, and no current context. */
function injected(server: string, agents: readonly string[]): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'gitlab', cluster: { server } }],
    users: [{ name: `agent:${AGENT_ID}`, user: { token: `ci:${AGENT_ID}:${JOB_TOKEN}` } }],
    contexts: agents.map((name) => ({
      name,
      context: { cluster: 'gitlab', user: `agent:${AGENT_ID}`, namespace: 'shop' },
    })),
  });
}

function forward({ server, ca, token }: Upstream, request: IncomingMessage, response: ServerResponse): void {
  const { authorization: _, host: __, ...headers } = request.headers;
  const url = `${server}${request.url?.slice(PREFIX.length)}`;
  const send = url.startsWith('https:') ? requestSecure : requestPlain;
  const options = {
    method: request.method,
    headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    agent: false as const,
    ...(ca && { ca }),
  };
  const onward = send(url, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
