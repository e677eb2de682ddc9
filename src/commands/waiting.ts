import type { DeliveryEngine, Target, Verdict, VerdictKind, Wanted } from '../engines/delivery-engine.ts';
import { type ProgressEvent, watch } from '../engines/watch.ts';
import { EXIT_CODE_OF_ERROR, ToolError } from '../errors.ts';
import type { Relation, Revision } from '../forges/forge-client.ts';
import { normaliseRepositoryUrl } from '../forges/repository-url.ts';
import type { Host } from '../host.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Result, type TargetOutcome } from '../outcome.ts';
import { targetRecord } from '../reporting/json.ts';
import { changeLine, heartBeatLine, type ProgressState, verdictLine } from '../reporting/progress.ts';
import { readCertificate } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { short } from './words.ts';

/** The inputs of `wait` that `deliver` has as well. */
export type WaitingInputs = Pick<InputValues<'deliver'>, keyof InputValues<'deliver'> & keyof InputValues<'wait'>>;

/** @throws ToolError input (server address, half a login), io (certificate file) */
export async function openEngine(
  inputs: WaitingInputs,
  { host, connectEngine }: CommandContext,
): Promise<DeliveryEngine> {
  const ca = inputs.caCertificate === undefined ? undefined : await readCertificate(host, inputs.caCertificate);
  const credentials = credentialsOf(inputs);
  const options = {
    server: inputs.argocdServer,
    normaliseRepository: normaliseRepositoryUrl,
    ...(credentials === undefined ? {} : { credentials }),
    ...(inputs.argocdProject === undefined ? {} : { project: inputs.argocdProject }),
    ...(inputs.applicationNamespace === undefined ? {} : { applicationNamespace: inputs.applicationNamespace }),
    ...(ca === undefined ? {} : { ca }),
  };
  return connectEngine(inputs.engine, options, host);
}

function credentialsOf({ argocdToken, argocdUsername, argocdPassword }: WaitingInputs) {
  if (argocdToken !== undefined) return { kind: 'token', token: argocdToken } as const;
  if (argocdUsername === undefined && argocdPassword === undefined) return undefined;
  if (argocdUsername !== undefined && argocdPassword !== undefined) {
    return { kind: 'password', username: argocdUsername, password: argocdPassword } as const;
  }
  throw new ToolError('input', 'argocd-username and argocd-password belong together; one of them is missing', {
    hint: 'A token (ARGOCD_AUTH_TOKEN) of a project role is enough, and safer.',
  });
}

export interface WaitRequest {
  readonly engine: DeliveryEngine;
  readonly targets: readonly Target[];
  readonly wanted: Wanted;
  readonly relation: (revision: Revision) => Promise<Relation>;
}

/** Waits for every target and tells the progress in the log. */
export async function waitFor(
  request: WaitRequest,
  inputs: WaitingInputs,
  host: Host,
): Promise<readonly TargetOutcome[]> {
  const { timeout, stableFor, degradedGrace, appearTimeout, suspended, sync, refresh } = inputs;
  const names = request.targets.map(({ name }) => name).join(', ');
  return host.log.group(`Waiting for ${short(request.wanted.revision)} on ${names}`, () =>
    watch({
      ...request,
      options: { stableFor, degradedGrace, appearTimeout, suspended, sync },
      timeout,
      refresh,
      progress: teller(timeout, host),
      host,
    }),
  );
}

/** Prints what is worth a line; several states in a row that read the same are one. */
function teller(timeout: number, host: Host): (event: ProgressEvent) => void {
  const told = new Map<string, ProgressState>();
  return ({ kind, target, seconds, verdict }) => {
    const elapsed = seconds * 1000;
    const time = { elapsed, remaining: Math.max(0, timeout - elapsed) };
    const { observation, phase } = verdict;
    const state = observation === undefined ? undefined : { phase, observation };
    if (kind === 'verdict') return host.log.info(verdictLine(target, verdict, time));
    if (kind === 'heartbeat') return host.log.info(heartBeatLine(state, target, time));
    const line = state === undefined ? undefined : changeLine(told.get(target.name), state, time);
    if (line === undefined || state === undefined) return;
    told.set(target.name, state);
    host.log.info(line);
  };
}

/** From worst to best; the worst of all targets is the verdict of the run. */
const WORST_FIRST: readonly VerdictKind[] = [
  'failed',
  'unreachable',
  'timedOut',
  'waiting',
  'blocked',
  'superseded',
  'landed',
];

export function worstVerdict(targets: readonly TargetOutcome[]): Verdict | undefined {
  const verdicts = targets.map(({ verdict }) => verdict);
  return [...verdicts].sort((a, b) => WORST_FIRST.indexOf(a.kind) - WORST_FIRST.indexOf(b.kind))[0];
}

const RESULT_OF: Readonly<Record<VerdictKind, Result>> = {
  landed: 'ok',
  failed: 'failed',
  superseded: 'superseded',
  blocked: 'blocked',
  timedOut: 'timed-out',
  waiting: 'timed-out',
  unreachable: 'unreachable',
};

/** Result and exit code of a run whose worst verdict this is. */
export function resultOf(verdict: Verdict): { readonly result: Result; readonly exitCode: number } {
  const result = RESULT_OF[verdict.kind];
  if (verdict.kind === 'unreachable') return { result, exitCode: EXIT_CODE_OF_ERROR[verdict.code ?? 'temporary'] };
  const exitCodes = {
    landed: EXIT_CODE.ok,
    failed: EXIT_CODE.failed,
    superseded: EXIT_CODE.superseded,
    blocked: EXIT_CODE.blocked,
  };
  return {
    result,
    exitCode: verdict.kind in exitCodes ? exitCodes[verdict.kind as keyof typeof exitCodes] : EXIT_CODE.timedOut,
  };
}

/** The outputs `verdict` and `targets`. */
export function waitOutputs(targets: readonly TargetOutcome[]): Readonly<Record<string, string>> {
  return { verdict: worstVerdict(targets)?.kind ?? 'landed', targets: JSON.stringify(targets.map(targetRecord)) };
}

const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  landed: 'is live and healthy',
  failed: 'failed',
  superseded: 'was superseded',
  blocked: 'is blocked',
  timedOut: 'did not become live in time',
  waiting: 'did not become live in time',
  unreachable: 'could not be followed',
};

export function waitHeadline(revision: Revision, targets: readonly TargetOutcome[]): string {
  const verdict = worstVerdict(targets);
  if (verdict === undefined) return `Nothing to wait for at ${short(revision)}`;
  const which = targets.filter((one) => one.verdict.kind === verdict.kind).map(({ target }) => target.name);
  const phase = verdict.kind === 'timedOut' ? ` (it got as far as: ${verdict.phase})` : '';
  return `${short(revision)} ${VERDICT_WORDS[verdict.kind]} on ${which.join(', ')}${phase}`;
}
