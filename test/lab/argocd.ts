import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { moduleFiles } from './building.ts';
import { certificates, kubeconfigText } from './certificates.ts';
import { apply, established, kubectl } from './kubernetes.ts';
import { type ArgocdVersion, PARTS } from './parts.ts';
import { isTaken, LabError, type Place } from './place.ts';
import { ready, start } from './processes.ts';

export const argocdUrl = (place: Place) => `http://127.0.0.1:${place.port('argocd-server')}`;

/** Where Applications may live beside the namespace of Argo CD itself. */
export const TEAM_NAMESPACES = 'lab-team-*';

/** Server, controllers, repo-server and Redis. Resolves when the API answers and the first administrator is there. */
export async function startArgocd(place: Place, version: ArgocdVersion): Promise<void> {
  const folder = await prepare(place, version);
  await startRedis(place, folder);
  await startRepoServer(place, folder);
  await startControllers(place, folder);
  await startServer(place);
  await ready(place, 'argocd-server', 120, async () => (await fetch(`${argocdUrl(place)}/healthz?full=true`)).ok);
  await initialPassword(place);
}

/** Kinds and settings into the cluster; folders and helpers onto the disk. */
async function prepare(place: Place, version: ArgocdVersion): Promise<string> {
  const folder = join(place.state, 'argocd');
  for (const name of ['bin', 'tls', 'ssh', 'gpg/keys', 'gpg/source', 'plugins', 'tmp']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  await writeKubeconfig(place, folder);
  const part = PARTS.find(({ name }) => name === `argocd-${version}`);
  if (part === undefined) throw new LabError(`There is no Argo CD ${version} in the lab.`);
  const files = await moduleFiles(place, part, ['hack', 'manifests/crds', 'manifests/base/config']);
  installHelpers(place, version, folder, files);
  await installKinds(place, files);
  return folder;
}

async function writeKubeconfig(place: Place, folder: string): Promise<void> {
  const server = `https://127.0.0.1:${place.port('kube-apiserver')}`;
  const text = kubeconfigText(await certificates(place), server, 'argocd');
  writeFileSync(join(folder, 'kubeconfig'), text, { mode: 0o600 });
}

/** The repo-server runs `git-verify-wrapper.sh` and others from PATH, and the binary itself as `argocd`, to ask for passwords. */
function installHelpers(place: Place, version: ArgocdVersion, folder: string, files: string): void {
  const bin = join(folder, 'bin');
  for (const name of readdirSync(join(files, 'hack')).filter((one) => one.endsWith('-wrapper.sh'))) {
    copyFileSync(join(files, 'hack', name), join(bin, name));
    chmodSync(join(bin, name), 0o755);
  }
  rmSync(join(bin, 'argocd'), { force: true });
  symlinkSync(place.binary(`argocd-${version}`), join(bin, 'argocd'));
}

async function installKinds(place: Place, files: string): Promise<void> {
  await apply(place, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } }]);
  const yaml = (folder: string, pattern: RegExp) =>
    readdirSync(join(files, folder))
      .filter((name) => pattern.test(name))
      .map((name) => join(files, folder, name));
  const sources = [...yaml('manifests/crds', /-crd\.yaml$/), ...yaml('manifests/base/config', /^argocd-.*\.yaml$/)];
  const flags = ['apply', '--server-side', '--force-conflicts', '-n', 'argocd'];
  await kubectl(place, [...flags, ...sources.flatMap((file) => ['-f', file])]);
  for (const kind of ['applications', 'appprojects', 'applicationsets'])
    await established(place, `${kind}.argoproj.io`);
}

async function startRedis(place: Place, folder: string): Promise<void> {
  const port = String(place.port('argocd-redis'));
  await start(place, {
    name: 'argocd-redis',
    program: 'redis-server',
    args: ['--bind', '127.0.0.1', '--port', port, '--save', '', '--appendonly', 'no', '--dir', join(folder, 'tmp')],
    ports: ['argocd-redis'],
  });
}

const at = (place: Place, name: Parameters<Place['port']>[0]) => `127.0.0.1:${place.port(name)}`;

/** One binary plays every role, told by ARGOCD_BINARY_NAME. */
function environment(place: Place, role: string): Readonly<Record<string, string>> {
  const folder = join(place.state, 'argocd');
  return {
    ARGOCD_BINARY_NAME: role,
    KUBECONFIG: join(folder, 'kubeconfig'),
    PATH: [join(folder, 'bin'), join(place.cache, 'bin'), process.env.PATH].join(':'),
    HOSTNAME: 'argocd-application-controller-0',
    TMPDIR: join(folder, 'tmp'),
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_TLS_DATA_PATH: join(folder, 'tls'),
    ARGOCD_SSH_DATA_PATH: join(folder, 'ssh'),
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_GNUPGHOME: join(folder, 'gpg/keys'),
    ARGOCD_GPG_DATA_PATH: join(folder, 'gpg/source'),
    ARGOCD_PLUGINSOCKFILEPATH: join(folder, 'plugins'),
    ARGOCD_APPLICATION_NAMESPACES: TEAM_NAMESPACES,
    // How often Git is asked. An installation has 120 s, and up to 60 s more by chance.
    ARGOCD_RECONCILIATION_TIMEOUT: process.env.LAB_RECONCILIATION || '120s',
    ARGOCD_RECONCILIATION_JITTER: '0s',
  };
}

async function startRepoServer(place: Place, folder: string): Promise<void> {
  const port = String(place.port('argocd-repo-server'));
  const metrics = [
    '--metrics-address',
    '127.0.0.1',
    '--metrics-port',
    String(place.port('argocd-repo-server-metrics')),
  ];
  const redis = ['--redis', at(place, 'argocd-redis')];
  await start(place, {
    name: 'argocd-repo-server',
    program: join(folder, 'bin', 'argocd'),
    args: ['--address', '127.0.0.1', '--port', port, ...redis, ...metrics],
    env: environment(place, 'argocd-repo-server'),
    ports: ['argocd-repo-server', 'argocd-repo-server-metrics'],
  });
}

async function startControllers(place: Place, folder: string): Promise<void> {
  const program = join(folder, 'bin', 'argocd');
  const repositories = at(place, 'argocd-repo-server');
  const metrics = String(place.port('argocd-application-controller-metrics'));
  const cache = ['--redis', at(place, 'argocd-redis'), '--repo-server', repositories];
  await start(place, {
    name: 'argocd-application-controller',
    program,
    args: [...cache, '--metrics-port', metrics],
    env: environment(place, 'argocd-application-controller'),
    ports: ['argocd-application-controller-metrics'],
  });
  const own = (flag: string, name: Parameters<Place['port']>[0]) => [flag, at(place, name)];
  await start(place, {
    name: 'argocd-applicationset-controller',
    program,
    args: [
      ...['--argocd-repo-server', repositories, ...own('--metrics-addr', 'argocd-applicationset-metrics')],
      ...own('--probe-addr', 'argocd-applicationset-probe'),
      ...own('--webhook-addr', 'argocd-applicationset-webhook'),
    ],
    env: environment(place, 'argocd-applicationset-controller'),
    ports: ['argocd-applicationset-metrics', 'argocd-applicationset-probe', 'argocd-applicationset-webhook'],
  });
}

/** Also called by tests that have ended it. */
export function startServer(place: Place): Promise<void> {
  return startOneServer(place, 'argocd-server', ['--insecure']);
}

/** A second server as installations have it: TLS with a certificate of the lab's own authority, below a path. */
export async function startTlsServer(place: Place, path: string): Promise<{ url: string; authority: string }> {
  const pki = await certificates(place);
  const data = (name: string) => readFileSync(join(pki, name)).toString('base64');
  const metadata = { name: 'argocd-server-tls', namespace: 'argocd' };
  const secret = { 'tls.crt': data('server.crt'), 'tls.key': data('server.key') };
  await apply(place, [{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata, data: secret }]);
  await startOneServer(place, 'argocd-server-tls', ['--rootpath', path]);
  await ready(place, 'argocd-server-tls', 60, () => isTaken(place.port('argocd-server-tls')));
  return { url: `https://${at(place, 'argocd-server-tls')}${path}`, authority: join(pki, 'ca.crt') };
}

async function startOneServer(
  place: Place,
  name: 'argocd-server' | 'argocd-server-tls',
  flags: readonly string[],
): Promise<void> {
  const listens = [...flags, '--address', '127.0.0.1', '--port', String(place.port(name))];
  const metrics = ['--metrics-address', '127.0.0.1', '--metrics-port', String(place.port(`${name}-metrics`))];
  const others = ['--redis', at(place, 'argocd-redis'), '--repo-server', at(place, 'argocd-repo-server')];
  await start(place, {
    name,
    program: join(place.state, 'argocd', 'bin', 'argocd'),
    args: [...listens, ...others, ...metrics, '--dex-server', 'http://127.0.0.1:1'],
    env: environment(place, 'argocd-server'),
    ports: [name, `${name}-metrics`],
  });
}

/** Made by the server at its first start. */
export async function initialPassword(place: Place): Promise<string> {
  const args = ['get', 'secret', 'argocd-initial-admin-secret', '-n', 'argocd', '-o', 'jsonpath={.data.password}'];
  for (let tries = 0; tries < 200; tries++) {
    const found = await kubectl(place, args).catch(() => '');
    if (found !== '') return Buffer.from(found, 'base64').toString();
    await sleep(150);
  }
  throw new LabError('Argo CD made no first administrator; see the log of argocd-server.');
}
