import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runKubectl } from '../kubernetes.ts';
import { isOnPath, LabError, type Place } from '../place.ts';
import type { LabAccess } from '../up.ts';
import type { Bed } from './bed.ts';

/** A cluster that scenarios of Flux and of plain Kubernetes are played on. */
export interface ClusterBed {
  /** As `kubectl version` says it, such as 1.34.4. */
  readonly version: string;
  /** Of an administrator. */
  readonly kubeconfig: string;
  /** Of a service account that may do no more than a gate needs. */
  readonly gateKubeconfig: string;
  readonly kubectlProgram: string;
  /** Flux's own client; undefined where there is none to compare with. */
  readonly client: string | undefined;
  /** Where Receivers are called; undefined where that is not known. */
  readonly receiver: string | undefined;
  readonly gitea: Bed['gitea'];
  readonly place: Place | undefined;
  /** Address under which the cluster reaches servers of this machine. */
  readonly gitHost: string;
  kubectl(args: readonly string[], input?: string): Promise<string>;
}

const ACCOUNT = 'drawbridge-gate';
const READ = ['get', 'list', 'watch'];
const SOURCES = ['gitrepositories', 'ocirepositories', 'helmrepositories', 'buckets'];
const toolkit = (name: string) => `${name}.toolkit.fluxcd.io`;

/** What a gate needs: it reads, and it asks sources to look at once. Nothing else. */
const RULES = [
  { apiGroups: [toolkit('source'), toolkit('kustomize'), toolkit('helm')], resources: ['*'], verbs: READ },
  { apiGroups: [toolkit('source')], resources: SOURCES, verbs: ['patch'] },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'], verbs: READ },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: READ },
  { apiGroups: [''], resources: ['pods', 'services', 'events', 'persistentvolumeclaims'], verbs: READ },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
];

type Unopened = Omit<ClusterBed, 'version' | 'gateKubeconfig'>;

/** The bed of a lab that is up. */
export function clusterBedOf(place: Place, { kubeconfig, kubectl, gitea, flux }: LabAccess): Promise<ClusterBed> {
  return openClusterBed({
    kubeconfig,
    kubectlProgram: kubectl,
    client: flux?.client,
    receiver: flux?.receiver,
    gitea: { url: gitea.url, token: gitea.token },
    place,
    gitHost: '127.0.0.1',
    kubectl: (args, input) => runKubectl(kubectl, kubeconfig, args, input),
  });
}

/** The cluster that KUBECONFIG names. */
export async function foreignClusterBed(environment: NodeJS.ProcessEnv): Promise<ClusterBed> {
  const { KUBECONFIG = '', GITEA_URL, GITEA_TOKEN, LAB_FLUX_RECEIVER, LAB_GIT_HOST } = environment;
  return openClusterBed({
    kubeconfig: KUBECONFIG,
    kubectlProgram: 'kubectl',
    client: (await isOnPath('flux')) ? 'flux' : undefined,
    receiver: LAB_FLUX_RECEIVER || undefined,
    gitea: GITEA_URL && GITEA_TOKEN ? { url: GITEA_URL, token: GITEA_TOKEN } : undefined,
    place: undefined,
    gitHost: LAB_GIT_HOST || '127.0.0.1',
    kubectl: (args, input) => runKubectl('kubectl', KUBECONFIG, args, input),
  });
}

async function openClusterBed(given: Unopened): Promise<ClusterBed> {
  const said = JSON.parse(await given.kubectl(['version', '--output', 'json']));
  const version = String(said.serverVersion.gitVersion).replace(/^v/, '');
  await given.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(gateAccount()));
  return { ...given, version, gateKubeconfig: await kubeconfigWith(given, await tokenOf(given)) };
}

function gateAccount(): object {
  const name = ACCOUNT;
  const rbac = 'rbac.authorization.k8s.io';
  const subjects = [{ kind: 'ServiceAccount', name, namespace: 'default' }];
  const items = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'default' } },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules: RULES },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects,
    },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}

async function tokenOf({ kubectl }: Unopened, account = ACCOUNT): Promise<string> {
  const token = (await kubectl(['create', 'token', account, '-n', 'default', '--duration', '4h'])).trim();
  if (token !== '') return token;
  throw new LabError(`The cluster gives no token for the service account ${account}.`);
}

/** A kubeconfig of that cluster for somebody with a token. It is deleted when this process ends. */
export async function kubeconfigWith({ kubectl }: Pick<Unopened, 'kubectl'>, token: string): Promise<string> {
  const config = JSON.parse(await kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']));
  const file = join(tmpdir(), `lab-gate-${process.pid}-${Math.random().toString(36).slice(2)}.json`);
  config.users = config.users.map(({ name }: { name: string }) => ({ name, user: { token } }));
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  process.once('exit', () => rmSync(file, { force: true }));
  return file;
}
