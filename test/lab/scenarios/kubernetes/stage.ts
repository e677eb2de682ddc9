import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterBed } from '../cluster-bed.ts';
import { type ClusterGate, notLive, type Rival, runClusterGate, type Workload } from '../cluster-gate.ts';
import type { GateResult } from '../running.ts';
import type { Expected, Row } from '../scenario.ts';
import type { WorkloadObject } from './workloads.ts';

/** Where one scenario is played: a namespace, what was applied there, and the rows that it makes. */
export interface KubernetesStage {
  readonly bed: ClusterBed;
  /** The namespace. */
  readonly name: string;
  readonly rows: readonly Row[];
  /** As a job does it: `kubectl apply` of one file. Returns the file. */
  apply(...objects: readonly object[]): Promise<string>;
  /** Applies, and waits until it is rolled out. */
  begin(...objects: readonly WorkloadObject[]): Promise<void>;
  /** A gate for what the file holds, and what the usual clients say of its first object. */
  gate(gate: KubernetesGate): Promise<GateResult>;
  close(): Promise<void>;
}

export interface KubernetesGate extends Omit<ClusterGate, 'command' | 'rivals' | 'truth'> {
  /** What is waited for, and must be live at the moment of a verdict of success. */
  readonly object: WorkloadObject;
  /** Given to `--manifests`. */
  readonly file?: string;
  readonly args?: readonly string[];
  /** Of another account, to which the usual clients are not compared. */
  readonly kubeconfig?: string;
}

export function openKubernetesStage(
  bed: ClusterBed,
  name: string,
  scenario: string,
  expected: Expected,
): KubernetesStage {
  const rows: Row[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'lab-applied-'));
  let count = 0;
  const stage: KubernetesStage = {
    bed,
    name,
    rows,
    apply: async (...objects) => {
      const file = join(folder, `${count++}.yaml`);
      writeFileSync(file, objects.map((object) => JSON.stringify(object, null, 1)).join('\n---\n'));
      await inNamespace(bed, name);
      await bed.kubectl(['apply', '-n', name, '-f', file]);
      return file;
    },
    begin: async (...objects) => {
      await stage.apply(...objects);
      for (const object of objects) await rolledOut(bed, workloadOf(object, name));
    },
    gate: async (gate) => {
      const whole = wholeGate(bed, name, gate);
      const [row, result] = await runClusterGate(bed.version, whole, gate.title ?? scenario, gate.expected ?? expected);
      rows.push(row);
      return result;
    },
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await bed.kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
    },
  };
  return stage;
}

async function inNamespace({ kubectl }: ClusterBed, name: string): Promise<void> {
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

function workloadOf({ kind, metadata, spec }: WorkloadObject, namespace: string): Workload {
  return { namespace, kind, name: metadata.name, image: spec.template.spec.containers[0]?.image ?? '' };
}

async function rolledOut(bed: ClusterBed, workload: Workload): Promise<void> {
  const end = Date.now() + 60_000;
  let why = await notLive(bed, workload).catch(String);
  while (why !== '') {
    if (Date.now() > end) throw new Error(`the first one did not get live: ${why}`);
    await sleep(300);
    why = await notLive(bed, workload).catch(String);
  }
}

function wholeGate(bed: ClusterBed, namespace: string, gate: KubernetesGate): ClusterGate {
  const { object, file, args = [], kubeconfig = bed.gateKubeconfig } = gate;
  const files = file === undefined ? [] : ['--manifests', file];
  const at = ['--kubeconfig', kubeconfig, '--namespace', namespace];
  return {
    ...gate,
    command: ['wait', '--engine', 'kubernetes', ...at, ...files, ...args],
    rivals: gate.kubeconfig === undefined ? rivalsOf(bed, namespace, object) : [],
    truth: () => notLive(bed, workloadOf(object, namespace)).catch(String),
  };
}

/** What scripts do: `kubectl rollout status`, and `kubectl wait` for the condition that the kind has. */
function rivalsOf({ kubectlProgram: program, kubeconfig }: ClusterBed, namespace: string, object: WorkloadObject) {
  const { kind, metadata } = object;
  const name = `${kind.toLowerCase()}/${metadata.name}`;
  const more = ['--timeout=90s', '--kubeconfig', kubeconfig, '-n', namespace];
  const rivals: Rival[] = [];
  if (kind !== 'Job') rivals.push({ name: '`rollout status`', program, args: ['rollout', 'status', name, ...more] });
  const condition = CONDITION[kind];
  if (condition !== undefined) {
    rivals.push({ name: '`kubectl wait`', program, args: ['wait', name, `--for=condition=${condition}`, ...more] });
  }
  return rivals;
}

const CONDITION: Readonly<Record<string, string>> = { Deployment: 'Available', Job: 'Complete' };
