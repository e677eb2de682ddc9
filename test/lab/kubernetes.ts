import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { moduleFiles } from './building.ts';
import { certificates, kubeconfigText } from './certificates.ts';
import { PARTS } from './parts.ts';
import { LabError, type Place } from './place.ts';
import { NODE, nodeStage, podStages } from './pods.ts';
import { ready, start } from './processes.ts';

export const kubeconfigOf = ({ state }: Place) => join(state, 'kubeconfig');

/** etcd, the API server, its controllers and scheduler, and kwok in the place of nodes. */
export async function startKubernetes(place: Place): Promise<void> {
  const pki = await certificates(place);
  const server = `https://127.0.0.1:${place.port('kube-apiserver')}`;
  writeFileSync(kubeconfigOf(place), kubeconfigText(pki, server, 'argocd'), { mode: 0o600 });
  mkdirSync(join(place.state, 'tmp'), { recursive: true });
  await startEtcd(place);
  await startApiServer(place, pki);
  await startControllers(place, pki);
  await startNodes(place, pki);
}

async function startEtcd(place: Place): Promise<void> {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const [client, peer] = [url(place.port('etcd')), url(place.port('etcd-peer'))];
  const peers = ['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `lab=${peer}`];
  const data = ['--name', 'lab', '--data-dir', join(place.state, 'etcd'), '--log-level', 'warn'];
  await start(place, {
    name: 'etcd',
    program: place.binary('etcd'),
    // The data live as long as the lab, so they need not survive the machine.
    args: [...data, '--unsafe-no-fsync', '--listen-client-urls', client, '--advertise-client-urls', client, ...peers],
    ports: ['etcd', 'etcd-peer'],
  });
  await ready(place, 'etcd', 30, async () => (await fetch(`${client}/health`)).ok);
}

async function startApiServer(place: Place, pki: string): Promise<void> {
  const files = { cert: join(pki, 'server.crt'), key: join(pki, 'server.key'), ca: join(pki, 'ca.crt') };
  const listens = ['--bind-address', '127.0.0.1', '--secure-port', String(place.port('kube-apiserver'))];
  // The address in Endpoints may not be loopback; nothing in the lab calls it.
  const advertises = ['--advertise-address', '192.0.2.1', '--endpoint-reconciler-type', 'none'];
  const tls = ['--tls-cert-file', files.cert, '--tls-private-key-file', files.key, '--client-ca-file', files.ca];
  const accounts = ['--service-account-issuer', 'https://kubernetes.default.svc'];
  const keys = ['--service-account-key-file', join(pki, 'accounts.pub')];
  const signing = ['--service-account-signing-key-file', join(pki, 'accounts.key')];
  const network = ['--service-cluster-ip-range', '10.96.0.0/16', '--kubelet-preferred-address-types', 'InternalIP'];
  // Pods need no token volume, and nobody here would take the taint of a new node away.
  const admission = ['--disable-admission-plugins', 'ServiceAccount,TaintNodesByCondition'];
  const more = ['--authorization-mode', 'RBAC', '--allow-privileged', '--profiling=false'];
  await start(place, {
    name: 'kube-apiserver',
    program: place.binary('kube-apiserver'),
    args: [
      ...['--etcd-servers', `http://127.0.0.1:${place.port('etcd')}`, ...listens, ...advertises, ...tls],
      ...[...accounts, ...keys, ...signing, ...network, ...admission, ...more],
    ],
    ports: ['kube-apiserver'],
  });
  await ready(place, 'kube-apiserver', 120, async () => (await kubectl(place, ['get', '--raw', '/readyz'])) === 'ok');
}

async function startControllers(place: Place, pki: string): Promise<void> {
  const common = (name: 'kube-controller-manager' | 'kube-scheduler') => [
    ...['--kubeconfig', kubeconfigOf(place), '--bind-address', '127.0.0.1', '--secure-port', String(place.port(name))],
    ...['--cert-dir', join(place.state, 'tmp'), '--leader-elect=false', '--profiling=false'],
    ...['--kube-api-qps', '200', '--kube-api-burst', '400'],
  ];
  const keys = ['--service-account-private-key-file', join(pki, 'accounts.key'), '--root-ca-file', join(pki, 'ca.crt')];
  // On a busy machine the node must not be taken for dead.
  const off = ['--controllers', '*,-node-ipam-controller,-node-lifecycle-controller'];
  const [manager, scheduler] = ['kube-controller-manager', 'kube-scheduler'] as const;
  await start(place, {
    name: manager,
    program: place.binary(manager),
    args: [...common(manager), ...keys, ...off],
    ports: [manager],
  });
  await start(place, {
    name: scheduler,
    program: place.binary(scheduler),
    args: common(scheduler),
    ports: [scheduler],
  });
}

async function startNodes(place: Place, pki: string): Promise<void> {
  const kwok = PARTS.find(({ name }) => name === 'kwok');
  if (kwok === undefined) throw new Error('kwok is no part');
  const crds = join(await moduleFiles(place, kwok, ['kustomize/crd/bases']), 'kustomize/crd/bases');
  await kubectl(place, ['apply', '--server-side', '--force-conflicts', '-f', crds]);
  for (const name of ['stages', 'clusterlogs']) await established(place, `${name}.kwok.x-k8s.io`);
  const log = join(place.state, 'tmp', 'pod.log');
  writeFileSync(log, '2026-01-01T00:00:00Z stderr F panic: no database\n');
  const kubelet = place.port('kwok');
  await apply(place, [NODE, nodeStage(kubelet), ...podStages(), podLogs(log)]);
  const tls = ['--tls-cert-file', join(pki, 'server.crt'), '--tls-private-key-file', join(pki, 'server.key')];
  const own = ['--node-ip', '127.0.0.1', '--node-port', String(kubelet), '--server-address', `127.0.0.1:${kubelet}`];
  const what = ['--manage-all-nodes=true', '--enable-crds', 'Stage,ClusterLogs'];
  await start(place, {
    name: 'kwok',
    program: place.binary('kwok'),
    args: ['--kubeconfig', kubeconfigOf(place), ...what, ...own, ...tls],
    ports: ['kwok'],
  });
}

/** What `kubectl logs` and the logs of Argo CD show of every pod. */
function podLogs(logsFile: string): object {
  const metadata = { name: 'every-pod' };
  return { apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'ClusterLogs', metadata, spec: { logs: [{ logsFile }] } };
}

/** Waits until the API server serves that kind. */
export async function established(place: Place, name: string): Promise<void> {
  const path = '{.status.conditions[?(@.type=="Established")].status}';
  for (let tries = 0; tries < 300; tries++) {
    // An object that has no conditions yet is an error to kubectl, not an empty answer.
    if ((await kubectl(place, ['get', 'crd', name, '-o', `jsonpath=${path}`]).catch(() => '')) === 'True') return;
    await sleep(100);
  }
  throw new LabError(`The API server does not serve ${name}.`);
}

/** Server-side apply, under a name of its own so that a second one takes nobody's fields away. */
export async function apply(place: Place, objects: readonly object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await kubectl(place, ['apply', '--server-side', '--force-conflicts', '--field-manager=lab', '-f', '-'], list);
}

export function kubectl(place: Place, args: readonly string[], input = ''): Promise<string> {
  return runKubectl(place.binary('kubectl'), kubeconfigOf(place), args, input);
}

/** @throws LabError with what kubectl said */
export function runKubectl(program: string, config: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, ['--kubeconfig', config, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? done(stdout)
        : reject(new LabError(`kubectl ${args.slice(0, 4).join(' ')}: ${stderr.trim().slice(0, 600)}`)),
    );
  });
}
