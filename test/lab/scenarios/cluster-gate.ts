import type { ClusterBed } from './cluster-bed.ts';
import { execute, type GateResult, runCli, unlike, without } from './running.ts';
import type { Expected, Row } from './scenario.ts';

/** A usual client that says whether the same thing has landed. */
export interface Rival {
  readonly name: string;
  readonly program: string | undefined;
  readonly args: readonly string[];
}

export interface ClusterGate {
  /** From `wait` or `deliver` on. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly rivals?: readonly Rival[];
  /** Done while the gate waits. */
  readonly during?: () => Promise<void>;
  /** Asked of Kubernetes itself at the moment of a success: what is not as it should be, or nothing. */
  readonly truth?: () => Promise<string>;
  /** Called with what was printed, for more questions. */
  readonly check?: (result: GateResult) => string | Promise<string>;
  readonly expected?: Expected;
  readonly title?: string;
}

const DEFAULTS = ['--timeout', '90s', '--stable-for', '2s', '--degraded-grace', '4s', '--appear-timeout', '8s'];

/** Milliseconds for which the others are waited for after the verdict. */
const PATIENCE = 15_000;

/** Starts the gate and its rivals at the same moment, holds the answers against what is true, and makes a row. */
export async function runClusterGate(
  version: string,
  gate: ClusterGate,
  scenario: string,
  expected: Expected,
): Promise<[Row, GateResult]> {
  const { command, env = {}, rivals = [] } = gate;
  const ours = runCli([...command, ...without(DEFAULTS, command), '--format', 'json'], env);
  const late = new AbortController();
  const others = rivals.map((rival) => runRival(rival, gate, expected, late.signal));
  const during = (gate.during?.() ?? Promise.resolve()).then(() => '', String);
  const result = await ours;
  const problem = (await judge(gate, expected, result)) || (await during);
  const timer = setTimeout(() => late.abort(), PATIENCE);
  const row = {
    scenario,
    version,
    expected: `${expected.verdict} ${expected.exit}`,
    verdict: `${result.verdict} ${result.exit}`,
    seconds: result.seconds,
    other: (await Promise.all(others)).filter((text) => text !== '').join('; '),
    problem,
  };
  clearTimeout(timer);
  return [row, result];
}

async function judge(gate: ClusterGate, expected: Expected, result: GateResult): Promise<string> {
  // Asked first: what is live changes from one moment to the next.
  const lie = result.exit === 0 ? await gate.truth?.() : undefined;
  if (lie) return `${lie}: a false green`;
  return unlike(expected, result) || ((await gate.check?.(result)) ?? '');
}

async function runRival(
  { name, program, args }: Rival,
  gate: ClusterGate,
  expected: Expected,
  late: AbortSignal,
): Promise<string> {
  if (program === undefined) return '';
  const began = Date.now();
  const { code } = await execute(program, args, {}, late);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (late.aborted && code !== 0) return `${name}: nothing after ${seconds} s`;
  return `${name}: ${code} after ${seconds} s${code === 0 ? await whatIsWrong(gate, expected) : ''}`;
}

/** A success that another client told: of a change that never lands, or before it had landed. */
async function whatIsWrong({ truth }: ClusterGate, { verdict }: Expected): Promise<string> {
  if (verdict !== 'landed') return ', wrong';
  return (await truth?.().catch(String)) ? ', too early' : '';
}

/** How a workload is named and what it runs. */
export interface Workload {
  readonly namespace: string;
  readonly kind?: string;
  readonly name?: string;
  readonly image: string;
}

/** What keeps that workload from being rolled out with that image, as the cluster says it; empty when it is. */
export async function notLive({ kubectl }: Pick<ClusterBed, 'kubectl'>, workload: Workload): Promise<string> {
  const { namespace, kind = 'Deployment', name = 'web', image } = workload;
  const object = JSON.parse(await kubectl(['get', kind, name, '-n', namespace, '-o', 'json']));
  const shown = object.spec.template.spec.containers[0].image;
  if (shown !== image) return `${kind}/${name} has ${shown}, not ${image}`;
  const { status = {}, spec, metadata } = object;
  if (kind === 'Job') return status.succeeded > 0 ? '' : `${kind}/${name} has not succeeded`;
  if (status.observedGeneration !== metadata.generation) return `${kind}/${name} is not seen by its controller yet`;
  const wanted = kind === 'DaemonSet' ? status.desiredNumberScheduled : spec.replicas;
  const counts = COUNTS[kind] ?? COUNTS.Deployment ?? [];
  const isWhole = counts.every((count) => (status[count] ?? 0) === wanted);
  return isWhole ? '' : `${kind}/${name} is not rolled out: ${JSON.stringify(status)}`;
}

const COUNTS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['replicas', 'updatedReplicas', 'availableReplicas'],
  StatefulSet: ['replicas', 'updatedReplicas', 'readyReplicas'],
  DaemonSet: ['updatedNumberScheduled', 'numberAvailable'],
};
