import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runKubectl } from '../kubernetes.ts';
import { isOnPath, LabError, type Place } from '../place.ts';
import type { ArgocdAccess, LabAccess } from '../up.ts';

/** The servers that scenarios are played on: a lab of ours, or any other cluster. */
export interface Bed {
  /** As `/api/version` says it. */
  readonly version: string;
  readonly url: string;
  /** The namespace of Argo CD. */
  readonly namespace: string;
  readonly token: string;
  /** A person who can log in; undefined where only a token is known. */
  readonly login: { readonly username: string; readonly password: string } | undefined;
  /** The `argocd` client; undefined where there is none to compare with. */
  readonly client: string | undefined;
  readonly gitea: { readonly url: string; readonly token: string } | undefined;
  /** Of a lab of ours: its processes may be ended and started. */
  readonly place: Place | undefined;
  /** Address under which Argo CD reaches the Git servers of this machine. */
  readonly gitHost: string;
  /** Tokens of the roles that `PROJECT` has. */
  readonly gateToken: string;
  readonly deployerToken: string;
  kubectl(args: readonly string[], input?: string): Promise<string>;
  call(method: string, path: string, body?: object, token?: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The Argo CD project of all scenarios. Its role `gate` is the least that a gate needs. */
export const PROJECT = 'drawbridge-lab';

const GATE = { name: 'gate', policies: [`p, proj:${PROJECT}:gate, applications, get, ${PROJECT}/*, allow`] };
const DEPLOYER = { name: 'deployer', policies: [`p, proj:${PROJECT}:deployer, applications, *, ${PROJECT}/*, allow`] };

/** A project that lets everything into every namespace, so that only its roles and windows decide. */
export function project(namespace: string, name: string, more: object = {}): object {
  const spec = {
    sourceRepos: ['*'],
    sourceNamespaces: ['lab-team-*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    ...more,
  };
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name, namespace }, spec };
}

/** The bed of a lab that is up with Argo CD. */
export async function bedOf(place: Place, access: LabAccess, { url, password, client }: ArgocdAccess): Promise<Bed> {
  const login = { username: 'admin', password };
  const session = await ask(url, 'POST', '/api/v1/session', login, undefined);
  return openBed({
    url,
    namespace: 'argocd',
    token: String(session.body.token),
    login,
    client,
    gitea: { url: access.gitea.url, token: access.gitea.token },
    place,
    gitHost: '127.0.0.1',
    kubectl: (args, input) => runKubectl(access.kubectl, access.kubeconfig, args, input),
  });
}

/**
 * The bed that the environment names: KUBECONFIG, ARGOCD_SERVER, and ARGOCD_AUTH_TOKEN of an administrator.
 * @throws LabError naming what is missing
 */
export async function foreignBed(environment: NodeJS.ProcessEnv): Promise<Bed> {
  const {
    KUBECONFIG = '',
    ARGOCD_SERVER = '',
    ARGOCD_AUTH_TOKEN,
    ARGOCD_NAMESPACE = 'argocd',
    LAB_GIT_HOST,
  } = environment;
  if (!ARGOCD_AUTH_TOKEN) {
    throw new LabError(
      'ARGOCD_AUTH_TOKEN is not set: give the token of an administrator, who makes a project and its roles.',
    );
  }
  const { GITEA_URL, GITEA_TOKEN } = environment;
  return openBed({
    url: ARGOCD_SERVER.includes('://') ? ARGOCD_SERVER : `https://${ARGOCD_SERVER}`,
    namespace: ARGOCD_NAMESPACE,
    token: ARGOCD_AUTH_TOKEN,
    login: undefined,
    client: (await isOnPath('argocd')) ? 'argocd' : undefined,
    gitea: GITEA_URL && GITEA_TOKEN ? { url: GITEA_URL, token: GITEA_TOKEN } : undefined,
    place: undefined,
    gitHost: LAB_GIT_HOST || '127.0.0.1',
    kubectl: (args, input) => runKubectl('kubectl', KUBECONFIG, args, input),
  });
}

type Unopened = Omit<Bed, 'version' | 'gateToken' | 'deployerToken' | 'call'>;

async function openBed(given: Unopened): Promise<Bed> {
  const call: Bed['call'] = (method, path, body, token = given.token) => ask(given.url, method, path, body, token);
  const version = String((await call('GET', '/api/version')).body.Version).replace(/^v|\+.*$/g, '');
  const made = project(given.namespace, PROJECT, { roles: [GATE, DEPLOYER] });
  await given.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(made));
  const bed = { ...given, call, version };
  return { ...bed, gateToken: await roleToken(bed, 'gate'), deployerToken: await roleToken(bed, 'deployer') };
}

/** A token of that role; `seconds` until it expires, 0 for never. */
export async function roleToken(bed: Pick<Bed, 'call'>, role: string, seconds = 0): Promise<string> {
  const path = `/api/v1/projects/${PROJECT}/roles/${role}/token`;
  // The server's own copy of a project that was just made may be some moments behind.
  for (let tries = 0; tries < 20; tries++) {
    const { body } = await bed.call('POST', path, seconds > 0 ? { expiresIn: seconds } : {});
    if (typeof body.token === 'string') return body.token;
    await sleep(300);
  }
  throw new LabError(
    `Argo CD gives no token for the role ${role} of project ${PROJECT}: is the given one an administrator's?`,
  );
}

async function ask(
  url: string,
  method: string,
  path: string,
  body: object | undefined,
  token: string | undefined,
): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const init = { method, headers, signal: AbortSignal.timeout(30_000) };
  const response = await fetch(`${url}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: asObject(text) };
}

function asObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { message: text };
  }
}

/** Makes a port of loopback reachable under another address of this machine. */
export async function publish(host: string, port: number): Promise<Server | undefined> {
  if (host === '127.0.0.1') return undefined;
  const server = createServer((socket) => {
    const inner = connect(port, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) end.on('error', () => end.destroy());
  });
  server.listen(port, host);
  await new Promise((done) => server.once('listening', done));
  return server;
}
