import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argocdUrl, initialPassword, startArgocd } from './argocd.ts';
import { requireBuilt } from './building.ts';
import { receiverUrl, startFlux } from './flux.ts';
import { type GiteaAccess, startGitea } from './gitea.ts';
import { kubeconfigOf, startKubernetes } from './kubernetes.ts';
import type { Wanted } from './parts.ts';
import { ARGOCD_PROGRAMS, keepPorts, LabError, need, type Place, RUN_PROGRAMS } from './place.ts';
import { list, stop } from './processes.ts';

/** How a lab that is up is reached; `lab.json` in its state folder. */
export interface LabAccess {
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly gitea: GiteaAccess;
  readonly argocd?: ArgocdAccess;
  readonly flux?: FluxAccess;
}

export interface ArgocdAccess {
  readonly version: string;
  readonly url: string;
  readonly password: string;
  /** The client of the same version. */
  readonly client: string;
}

export interface FluxAccess {
  /** Where its Receivers are called. */
  readonly receiver: string;
  /** Absent where it is not built. */
  readonly client?: string;
}

/**
 * Starts what does not run yet. A lab has one version of Argo CD in its life; another one needs another state folder. Flux can
 * come to it later.
 */
export async function up(place: Place, wanted: Wanted): Promise<LabAccess> {
  refuseOther(place, wanted);
  await requireBuilt(place, wanted);
  await need(programsFor(wanted));
  keepPorts(place);
  const gitea = startGitea(place);
  gitea.catch(() => {});
  await startKubernetes(place);
  const access: LabAccess = {
    ...readAccess(place),
    ...(await startedArgocd(place, wanted)),
    ...(await startedFlux(place, wanted)),
    kubeconfig: kubeconfigOf(place),
    kubectl: place.binary('kubectl'),
    gitea: await gitea,
  };
  writeFileSync(accessFile(place), `${JSON.stringify(access, null, 1)}\n`, { mode: 0o600 });
  writeFileSync(join(place.state, 'lab.env'), shellText(access), { mode: 0o600 });
  return access;
}

/** The programs of the system that such a lab calls. */
export function programsFor({ argocd }: Wanted): readonly string[] {
  return argocd === undefined ? RUN_PROGRAMS : [...RUN_PROGRAMS, ...ARGOCD_PROGRAMS];
}

async function startedArgocd(place: Place, { argocd: version }: Wanted): Promise<Pick<LabAccess, 'argocd'>> {
  if (version === undefined) return {};
  await startArgocd(place, version);
  const client = join(place.state, 'argocd', 'bin', 'argocd');
  return { argocd: { version, url: argocdUrl(place), password: await initialPassword(place), client } };
}

async function startedFlux(place: Place, { flux }: Wanted): Promise<Pick<LabAccess, 'flux'>> {
  if (!flux) return {};
  await startFlux(place);
  const client = place.binary('flux');
  return { flux: { receiver: receiverUrl(place), ...(existsSync(client) ? { client } : {}) } };
}

const accessFile = (place: Place) => join(place.state, 'lab.json');

/** How the lab in that place is reached; undefined where none was started. */
export function readAccess(place: Place): LabAccess | undefined {
  const file = accessFile(place);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabAccess) : undefined;
}

function refuseOther(place: Place, { argocd: version }: Wanted): void {
  const present = readAccess(place)?.argocd?.version;
  if (present === undefined || version === undefined || present === version) return;
  throw new LabError(
    `The lab in ${place.state} is one of Argo CD ${present}. End it with "npm run lab -- down", or give another LAB_STATE.`,
  );
}

/** For `set -a; . lab.env`: the names that Drawbridge and the usual clients read. */
function shellText({ kubeconfig, argocd, flux, gitea }: LabAccess): string {
  const values = {
    KUBECONFIG: kubeconfig,
    GITEA_URL: gitea.url,
    GITEA_TOKEN: gitea.token,
    GITEA_READER_TOKEN: gitea.readerToken,
    ...(argocd && { ARGOCD_SERVER: argocd.url, ARGOCD_USERNAME: 'admin', ARGOCD_PASSWORD: argocd.password }),
    ...(flux && { LAB_FLUX_RECEIVER: flux.receiver }),
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
