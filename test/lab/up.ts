import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argocdUrl, initialPassword, startArgocd } from './argocd.ts';
import { requireBuilt } from './building.ts';
import { type GiteaAccess, startGitea } from './gitea.ts';
import { kubeconfigOf, startKubernetes } from './kubernetes.ts';
import type { ArgocdVersion } from './parts.ts';
import { keepPorts, LabError, need, type Place, RUN_PROGRAMS } from './place.ts';
import { list, stop } from './processes.ts';

/** How a lab that is up is reached; `lab.json` in its state folder. */
export interface LabAccess {
  readonly argocdVersion: string;
  readonly argocdUrl: string;
  readonly argocdPassword: string;
  /** The client of the same version. */
  readonly argocdClient: string;
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly gitea: GiteaAccess;
}

/** Starts what does not run yet. A lab has one version of Argo CD in its life; another one needs another state folder. */
export async function up(place: Place, version: ArgocdVersion): Promise<LabAccess> {
  refuseOther(place, version);
  await requireBuilt(place, version);
  await need(RUN_PROGRAMS);
  keepPorts(place);
  const gitea = startGitea(place);
  gitea.catch(() => {});
  await startKubernetes(place);
  await startArgocd(place, version);
  const access: LabAccess = {
    argocdVersion: version,
    argocdUrl: argocdUrl(place),
    argocdPassword: await initialPassword(place),
    argocdClient: join(place.state, 'argocd', 'bin', 'argocd'),
    kubeconfig: kubeconfigOf(place),
    kubectl: place.binary('kubectl'),
    gitea: await gitea,
  };
  writeFileSync(accessFile(place), `${JSON.stringify(access, null, 1)}\n`, { mode: 0o600 });
  writeFileSync(join(place.state, 'lab.env'), shellText(access), { mode: 0o600 });
  return access;
}

const accessFile = (place: Place) => join(place.state, 'lab.json');

/** How the lab in that place is reached; undefined where none was started. */
export function readAccess(place: Place): LabAccess | undefined {
  const file = accessFile(place);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabAccess) : undefined;
}

function refuseOther(place: Place, version: ArgocdVersion): void {
  const present = readAccess(place)?.argocdVersion;
  if (present === undefined || present === version) return;
  throw new LabError(
    `The lab in ${place.state} is one of Argo CD ${present}. End it with "npm run lab -- down", or give another LAB_STATE.`,
  );
}

/** For `set -a; . lab.env`: the names that Drawbridge and the usual clients read. */
function shellText({ kubeconfig, argocdUrl: url, argocdPassword, gitea }: LabAccess): string {
  const values = {
    KUBECONFIG: kubeconfig,
    ARGOCD_SERVER: url,
    ARGOCD_USERNAME: 'admin',
    ARGOCD_PASSWORD: argocdPassword,
    GITEA_URL: gitea.url,
    GITEA_TOKEN: gitea.token,
    GITEA_READER_TOKEN: gitea.readerToken,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}

/** Ends every process, the ones that others depend on last, and deletes the state unless it is to be kept. */
export async function down(place: Place, keep: boolean): Promise<number> {
  const names = list(place).map(({ name }) => name);
  const isBase = (name: string) => ['etcd', 'kube-apiserver'].includes(name);
  await stop(
    place,
    names.filter((name) => !isBase(name)),
  );
  await stop(
    place,
    names.filter((name) => name === 'kube-apiserver'),
    10,
  );
  await stop(place, names.filter(isBase));
  if (!keep && existsSync(join(place.state, 'ports.json'))) rmSync(place.state, { recursive: true, force: true });
  return names.length;
}
