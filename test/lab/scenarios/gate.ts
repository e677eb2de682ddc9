import type { BareRepository } from '../../support/bare-repository.ts';
import type { Fault } from '../../support/git-server.ts';
import { type Bed, PROJECT } from './bed.ts';
import { IMAGE } from './manifests.ts';
import { execute, type GateResult, runCli, unlike, without } from './running.ts';
import type { Expected, Row } from './scenario.ts';

/** A repository that is read over HTTP. */
export interface Repository extends BareRepository {
  readonly url: string;
  fault(fault: Fault): void;
}

export interface Gate {
  readonly revision: string;
  readonly target: string;
  readonly repository?: Repository;
  readonly args?: readonly string[];
  readonly token?: string;
  /** Instead of the server itself. */
  readonly server?: string;
  /** Variables to log in with, instead of a token. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Done while the gate waits. */
  readonly during?: () => Promise<void>;
  /** Instead of `wait --revision ...`. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  /** The tag that must be on all pods, and ready, at the moment of a verdict of success. */
  readonly live?: string;
  /** Called with what was printed, for more questions. */
  readonly check?: (result: GateResult) => string | Promise<string>;
  /** Instead of the scenario's own. */
  readonly expected?: Expected;
  readonly title?: string;
}

/** Starts both gates at the same moment, holds the answers against what is expected and what is true, and makes a row. */
export async function runGate(bed: Bed, gate: Gate, scenario: string, expected: Expected): Promise<[Row, GateResult]> {
  const ours = runDrawbridge(bed, gate);
  const other = runArgocd(bed, gate, expected);
  const during = (gate.during?.() ?? Promise.resolve()).then(() => '', String);
  const result = await ours;
  const problem = (await judge(bed, gate, expected, result)) || (await during);
  const row = {
    scenario,
    version: bed.version,
    expected: `${expected.verdict} ${expected.exit}`,
    verdict: `${result.verdict} ${result.exit}`,
    seconds: result.seconds,
    other: await other,
    problem,
  };
  return [row, result];
}

async function judge(bed: Bed, gate: Gate, expected: Expected, result: GateResult): Promise<string> {
  const problem = unlike(expected, result);
  if (problem !== '') return problem;
  if (result.exit === 0 && gate.live !== undefined && !(await isLive(bed, gate)))
    return `${gate.live} is not live: a false green`;
  return (await gate.check?.(result)) ?? '';
}

/** The truth, asked of Kubernetes itself: every pod of the Deployment has that tag, and is ready. */
async function isLive(bed: Bed, { live = '', target, namespace = target }: Gate): Promise<boolean> {
  const { spec, status, metadata } = JSON.parse(
    await bed.kubectl(['get', 'deployment', 'web', '-n', namespace, '-o', 'json']),
  );
  const image = spec.template.spec.containers[0].image;
  const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
  const seen = status.observedGeneration === metadata.generation;
  return image === `${IMAGE}:${live}` && seen && counts.every((count) => count === spec.replicas);
}

const DEFAULTS = ['--timeout', '90s', '--stable-for', '2s', '--degraded-grace', '4s', '--appear-timeout', '8s'];

async function runDrawbridge(bed: Bed, gate: Gate): Promise<GateResult> {
  const repository = gate.repository === undefined ? [] : ['--config-repository', addressFor(bed, gate.repository)];
  const wait = [
    'wait',
    '--revision',
    gate.revision,
    '--targets',
    gate.target,
    '--argocd-project',
    PROJECT,
    ...repository,
  ];
  const server = ['--argocd-server', gate.server ?? bed.url, '--format', 'json'];
  const args = [...(gate.command ?? wait), ...without(DEFAULTS, gate.args ?? []), ...server, ...(gate.args ?? [])];
  return runCli(args, { ...(gate.credentials ?? { ARGOCD_AUTH_TOKEN: gate.token ?? bed.gateToken }), ...gate.env });
}

/** Plain HTTP is for loopback only, so a repository that is served elsewhere is read from its folder. */
function addressFor(bed: Bed, { url, path }: Repository): string {
  return bed.gitHost === '127.0.0.1' ? url : path;
}

/** `argocd app wait --sync --health` of the same release, with the same token and the same deadline. */
async function runArgocd(bed: Bed, gate: Gate, expected: Expected): Promise<string> {
  const { target, token, args = [], command } = gate;
  if (bed.client === undefined || command !== undefined) return '';
  const value = (flag: string): string | undefined => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const timeout = String(Number.parseInt(value('--timeout') ?? '90', 10));
  const flags = ['--sync', '--health', '--timeout', timeout, '--server', new URL(bed.url).host];
  const plain = bed.url.startsWith('http:') ? ['--plaintext'] : ['--grpc-web'];
  const own = value('--application-namespace');
  const where = own === undefined ? [] : ['--app-namespace', own];
  const began = Date.now();
  const env = { ARGOCD_BINARY_NAME: 'argocd', ARGOCD_AUTH_TOKEN: token ?? bed.gateToken };
  const { code } = await execute(bed.client, ['app', 'wait', target, ...flags, ...plain, ...where], env);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  return `${code} after ${seconds} s${code === 0 ? await whatIsWrong(bed, gate, expected) : ''}`;
}

/** A success that the plain client told: of a change that never lands, or before it had landed. */
async function whatIsWrong(bed: Bed, gate: Gate, { verdict }: Expected): Promise<string> {
  if (verdict !== 'landed') return ', wrong';
  const early = gate.live !== undefined && !(await isLive(bed, gate).catch(() => false));
  return early ? ', too early' : '';
}
