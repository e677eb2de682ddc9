import { setTimeout as sleep } from 'node:timers/promises';
import type { FileContents } from '../../../support/bare-repository.ts';
import type { ClusterBed } from '../cluster-bed.ts';
import { type ClusterGate, notLive, type Rival, runClusterGate } from '../cluster-gate.ts';
import type { Repository } from '../gate.ts';
import { IMAGE } from '../manifests.ts';
import type { GateResult } from '../running.ts';
import type { Expected, Row } from '../scenario.ts';
import { applyObject, openRepository } from '../stage.ts';
import { gitRepository, helmRelease, kustomization } from './objects.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object of a foreign API, of which scenarios read what they need
export type Shown = any;

/** Where one scenario of Flux is played: a namespace with its source, what is made of it, and the rows that it makes. */
export interface FluxStage {
  readonly bed: ClusterBed;
  /** The namespace. */
  readonly name: string;
  readonly rows: readonly Row[];
  repository(files: FileContents): Promise<Repository>;
  apply(object: object): Promise<void>;
  /** Makes repository, source and the Kustomization `app`, and waits until the first commit is live. */
  begin(files: FileContents, spec?: object): Promise<Repository>;
  /** The same with the HelmRelease `web` of the chart in the repository. */
  beginRelease(files: FileContents, spec?: object): Promise<Repository>;
  patch(object: string, spec: object): Promise<void>;
  /** Asks for a look at once, as `flux reconcile` does. */
  nudge(object: string): Promise<void>;
  /** Waits until that object shows what the test wants. */
  until(object: string, what: string, test: (object: Shown) => boolean, seconds?: number): Promise<void>;
  gate(gate: FluxGate): Promise<GateResult>;
  close(): Promise<void>;
}

export interface FluxGate extends Omit<ClusterGate, 'command' | 'rivals' | 'truth'> {
  readonly revision: string;
  readonly repository?: Repository;
  /** `Kustomization/app`, in the namespace of the stage; not given: it is found. */
  readonly target?: string | undefined;
  readonly args?: readonly string[];
  /** Instead of `wait --engine flux ...`. */
  readonly command?: readonly string[];
  readonly kubeconfig?: string;
  /** The tag that must be on all pods, and ready, at the moment of a verdict of success. */
  readonly live?: string;
  /** Flux is asked to look by nobody but the gate. */
  readonly alone?: boolean;
}

export function openFluxStage(bed: ClusterBed, name: string, scenario: string, expected: Expected): FluxStage {
  const rows: Row[] = [];
  const closers: (() => Promise<void> | void)[] = [];
  const apply = (object: object) => applyObject(bed, object);
  const namespaced = once(() => apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const stage: FluxStage = {
    bed,
    name,
    rows,
    repository: (files) => openRepository(bed, files, closers),
    apply: async (object) => {
      await namespaced();
      await apply(object);
    },
    begin: async (files, spec = {}) => {
      const repository = await stage.repository(files);
      await stage.apply(gitRepository(name, repository.url));
      await stage.apply(kustomization(name, spec));
      await stage.until('Kustomization/app', 'the first commit is live', isLiveAt(repository.head()));
      return repository;
    },
    beginRelease: async (files, spec = {}) => {
      const repository = await stage.repository(files);
      await stage.apply(gitRepository(name, repository.url));
      await stage.apply(helmRelease(name, spec));
      await stage.until('HelmRelease/web', 'the first release is live', isReady);
      return repository;
    },
    patch: (object, spec) => patch(bed, name, object, { spec }),
    nudge: (object) => {
      const annotations = { 'reconcile.fluxcd.io/requestedAt': new Date().toISOString() };
      return patch(bed, name, object, { metadata: { annotations } });
    },
    until: (object, what, test, seconds = 60) => until(bed, name, object, what, test, seconds),
    gate: async (gate) => {
      const whole = wholeGate(bed, name, gate);
      const [row, result] = await runClusterGate('Flux', whole, gate.title ?? scenario, gate.expected ?? expected);
      rows.push(row);
      return result;
    },
    close: () => clear(bed, name, closers),
  };
  return stage;
}

function once(make: () => Promise<void>): () => Promise<void> {
  let made: Promise<void> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function wholeGate(bed: ClusterBed, namespace: string, gate: FluxGate): ClusterGate {
  const { revision, repository, target, args = [], command, live, alone, kubeconfig = bed.gateKubeconfig } = gate;
  const named = target === undefined ? [] : ['--targets', qualified(target, namespace)];
  const at = repository === undefined ? [] : ['--config-repository', repository.url];
  const wait = ['wait', '--engine', 'flux', '--kubeconfig', kubeconfig, '--revision', revision, ...named, ...at];
  const isCompared = !alone && target !== undefined && command === undefined;
  return {
    ...gate,
    command: [...(command ?? wait), ...args],
    rivals: isCompared ? rivalsOf(bed, namespace, target, args) : [],
    ...(live === undefined
      ? {}
      : { truth: () => notLive(bed, { namespace, image: `${IMAGE}:${live}` }).catch((error) => String(error)) }),
  };
}

const qualified = (target: string, namespace: string) => target.replace('/', `/${namespace}/`);

/** `flux reconcile` of the same object, and the condition that `flux get` shows as Ready, with the same deadline. */
function rivalsOf(bed: ClusterBed, namespace: string, target: string, args: readonly string[]): readonly Rival[] {
  const timeout = args.includes('--timeout') ? (args[args.indexOf('--timeout') + 1] ?? '90s') : '90s';
  const [kind = '', name = ''] = target.split('/');
  const at = ['--kubeconfig', bed.kubeconfig, '--namespace', namespace];
  const reconcile = ['reconcile', kind.toLowerCase(), name, '--with-source', '--timeout', timeout, ...at];
  const wait = ['wait', target, '--for=condition=Ready', `--timeout=${timeout}`, ...at];
  return [
    { name: '`flux reconcile`', program: bed.client, args: reconcile },
    { name: 'Ready', program: bed.kubectlProgram, args: wait },
  ];
}

async function patch({ kubectl }: ClusterBed, namespace: string, object: string, change: object): Promise<void> {
  await kubectl(['patch', object, '-n', namespace, '--type=merge', '-p', JSON.stringify(change)]);
}

const condition = (object: Shown, type: string) =>
  object.status?.conditions?.find((one: Shown) => one.type === type) ?? {};

export const isReady = (object: Shown) =>
  condition(object, 'Ready').status === 'True' && object.status.observedGeneration === object.metadata.generation;

export const reasonOf = (object: Shown): string => condition(object, 'Ready').reason ?? '';

export const isChecking = (object: Shown) => /health checks/.test(condition(object, 'Reconciling').message ?? '');

export function isLiveAt(revision: string): (object: Shown) => boolean {
  return (object) => isReady(object) && String(object.status.lastAppliedRevision).endsWith(revision);
}

export function isTrying(revision: string): (object: Shown) => boolean {
  return (object) => String(object.status?.lastAttemptedRevision).endsWith(revision) && isChecking(object);
}

async function until(
  { kubectl }: ClusterBed,
  namespace: string,
  object: string,
  what: string,
  test: (object: Shown) => boolean,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let shown: Shown;
  while (Date.now() < end) {
    shown = await kubectl(['get', object, '-n', namespace, '-o', 'json']).then(JSON.parse, () => undefined);
    if (shown !== undefined && test(shown)) return;
    await sleep(250);
  }
  throw new Error(
    `${object}: ${what} was not reached in ${seconds} s; it shows ${JSON.stringify(shown?.status?.conditions)}`,
  );
}

/** Flux is told to let go first: a namespace that is deleted takes its controllers' answers along otherwise. */
async function clear(bed: ClusterBed, name: string, closers: (() => Promise<void> | void)[]): Promise<void> {
  const kinds = ['kustomizations', 'helmreleases', 'gitrepositories', 'helmcharts', 'helmrepositories'];
  const flags = ['-n', name, '--all', '--ignore-not-found', '--wait=false'];
  await bed.kubectl(['delete', kinds.join(','), ...flags]).catch(() => '');
  await bed.kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
  for (const closer of closers.reverse()) await closer();
}
