import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** An error of the lab: what is wrong, and the next step. */
export class LabError extends Error {}

export const run = promisify(execFile);

/** Every process that listens; the position is the distance from `LAB_PORT_BASE`. */
const PORTS = [
  'etcd',
  'etcd-peer',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'argocd-server',
  'argocd-repo-server',
  'argocd-redis',
  'argocd-repo-server-metrics',
  'argocd-application-controller-metrics',
  'argocd-server-metrics',
  'argocd-applicationset-metrics',
  'argocd-applicationset-probe',
  'argocd-applicationset-webhook',
  'gitea',
  'argocd-server-tls',
  'argocd-server-tls-metrics',
  'flux-artifacts',
  'flux-events',
  'flux-receiver',
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
] as const;

export type PortName = (typeof PORTS)[number];

/** Where one lab lives. Several run side by side from the same binaries, each with its own state folder. */
export interface Place {
  /** What is built once: `bin/`, `crds/` and `argocd-<version>/`. */
  readonly cache: string;
  /** What one lab writes while it lives: certificates, data, logs, process ids. */
  readonly state: string;
  readonly ports: Ports;
  port(name: PortName): number;
  binary(name: string): string;
}

/** The folder of what is built: `DRAWBRIDGE_LAB`, else `drawbridge-lab` in the user's cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { DRAWBRIDGE_LAB, LAB_DIR, XDG_CACHE_HOME } = environment;
  return DRAWBRIDGE_LAB || LAB_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'drawbridge-lab');
}

/** The place that the environment names: `LAB_STATE`, else `run` in the cache folder; ports as `portsOf` gives them. */
export async function findPlace(environment: NodeJS.ProcessEnv = process.env): Promise<Place> {
  const cache = cacheFolder(environment);
  const state = environment.LAB_STATE || join(cache, 'run');
  const ports = await portsOf(state, environment.LAB_PORT_BASE);
  return { cache, state, ports, port: (name) => ports[name], binary: (name) => join(cache, 'bin', name) };
}

/** Makes the state folder, and keeps the ports for as long as the lab lives. */
export function keepPorts({ state, ports }: Place): void {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  writeFileSync(join(state, 'ports.json'), `${JSON.stringify(ports, null, 1)}\n`, { mode: 0o600 });
}

export type Ports = Readonly<Record<PortName, number>>;

/** Those of the lab in that folder, else `base` and the numbers after it, else free ones. */
async function portsOf(state: string, base: string | undefined): Promise<Ports> {
  const file = join(state, 'ports.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Ports;
  const numbers = base ? countedFrom(base) : await freePorts(PORTS.length);
  return Object.fromEntries(PORTS.map((name, index) => [name, numbers[index] ?? 0])) as Ports;
}

function countedFrom(base: string): readonly number[] {
  const first = Number(base);
  if (!Number.isInteger(first) || first < 1024 || first + PORTS.length > 65_536) {
    throw new LabError(
      `LAB_PORT_BASE is ${JSON.stringify(base)}: give a port number from 1024 to 65000, or leave it out.`,
    );
  }
  return PORTS.map((_, index) => first + index);
}

/** Ports that nobody listens on at this moment, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((done) => server.once('listening', done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** True where somebody listens on that port of loopback. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/**
 * Refuses at once, with everything that is missing.
 * @throws LabError naming each program and what installs it on Debian
 */
export async function need(programs: readonly string[]): Promise<void> {
  const missing = (await Promise.all(programs.map(async (name) => ((await isOnPath(name)) ? [] : [name])))).flat();
  if (missing.length === 0) return;
  const lines = missing.map((name) => `  ${name}: ${INSTALLED_BY[name] ?? `install the package that carries ${name}`}`);
  throw new LabError(`The lab needs programs that are not on PATH:\n${lines.join('\n')}`);
}

/** What a lab needs to run, beside what is built. */
export const RUN_PROGRAMS = ['git', 'openssl'];
/** What Argo CD needs beside them. */
export const ARGOCD_PROGRAMS = ['redis-server'];

const INSTALLED_BY: Readonly<Record<string, string>> = {
  go: 'Go 1.26 or newer, from go.dev or the system (only to build, and at the first start of each Argo CD)',
  git: 'apt-get install git',
  openssl: 'apt-get install openssl',
  gcc: 'apt-get install gcc libc6-dev (only to build Gitea, whose SQLite is C)',
  'redis-server': 'apt-get install redis-server (for Argo CD)',
};

export async function isOnPath(name: string): Promise<boolean> {
  return run('sh', ['-c', 'command -v "$1"', 'sh', name]).then(
    () => true,
    () => false,
  );
}
