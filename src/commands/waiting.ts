import type { DeliveryEngine, Target, Verdict, VerdictKind, Wanted } from '../engines/delivery-engine.ts';
import { type ProgressEvent, watch } from '../engines/watch.ts';
import { EXIT_CODE_OF_ERROR } from '../errors.ts';
import type { Relation, Revision } from '../forges/forge-client.ts';
import type { Host } from '../host.ts';
import { EXIT_CODE, type Result, type TargetOutcome } from '../outcome.ts';
import { crowdLine, MANY } from '../reporting/crowd.ts';
import { targetRecord } from '../reporting/json.ts';
import { changeLine, heartBeatLine, type ProgressState, verdictLine } from '../reporting/progress.ts';
import type { WaitingInputs } from './engine-options.ts';
import { nudgeFlux } from './flux-nudge.ts';
import { withLiveTable } from './live-progress.ts';
import { type Subject, telling } from './telling.ts';
import { named, worstVerdict } from './verdict-words.ts';
import { short } from './words.ts';

export interface WaitRequest {
  readonly engine: DeliveryEngine;
  readonly targets: readonly Target[];
  readonly wanted: Wanted;
  readonly relation: (revision: Revision) => Promise<Relation>;
  /** Paths that the revision changes; absent where no repository tells. */
  readonly changedFiles?: () => Promise<readonly string[]>;
  /** Which is told how the wait goes, where the inputs ask for that. */
  readonly forge?: Subject['forge'];
}

/** Waits for every target and tells the progress in the log, and to the forge. */
export async function waitFor(
  request: WaitRequest,
  inputs: WaitingInputs,
  host: Host,
): Promise<readonly TargetOutcome[]> {
  const { timeout, stableFor, degradedGrace, appearTimeout, suspended, sync, refresh } = inputs;
  const names = named(request.targets.map(({ name }) => name));
  const { revision } = request.wanted;
  await nudgeFlux(inputs, host);
  const subject = { revision, targets: request.targets.length, ...(request.forge && { forge: request.forge }) };
  return host.log.group(`Waiting for ${short(revision)} on ${names}`, () =>
    telling(subject, inputs, host, (tell) =>
      shown(request.targets, timeout, host, (show) =>
        watch({
          ...request,
          wanted: assertable(request, host),
          options: { stableFor, degradedGrace, appearTimeout, suspended, sync },
          timeout,
          refresh,
          progress: (event) => {
            show(event);
            tell(event);
          },
          host,
        }),
      ),
    ),
  );
}

/** As a table where it can be drawn in place, line by line otherwise. */
function shown<T>(
  targets: readonly Target[],
  timeout: number,
  host: Host,
  body: (show: (event: ProgressEvent) => void) => Promise<T>,
): Promise<T> {
  const { live } = host.log;
  return live === undefined
    ? body(teller(timeout, targets.length, host))
    : withLiveTable(live, targets, timeout, host, body);
}

/** Images that no observation will ever show cannot be waited for. */
function assertable({ engine, wanted }: WaitRequest, { log }: Host): Wanted {
  if (engine.showsImages !== false || wanted.images.length === 0) return wanted;
  log.info(
    `The engine ${engine.id} shows no images, so that only the revision is waited for, not ${wanted.images.join(', ')}.`,
  );
  return { ...wanted, images: [] };
}

/** Milliseconds between two signs of life of many targets. */
const CROWD_BEAT = 25_000;

/** Prints what is worth a line; several states in a row that read the same are one. */
function teller(timeout: number, count: number, host: Host): (event: ProgressEvent) => void {
  const told = new Map<string, ProgressState>();
  const latest = new Map<string, Verdict>();
  let beatAt = 0;
  return ({ kind, target, seconds, verdict }) => {
    const elapsed = seconds * 1000;
    const time = { elapsed, remaining: Math.max(0, timeout - elapsed) };
    const { observation, phase } = verdict;
    const state = observation === undefined ? undefined : { phase, observation };
    latest.set(target.name, verdict);
    if (kind === 'verdict') return host.log.info(verdictLine(target, verdict, time));
    if (kind === 'heartbeat' && latest.size < MANY) return host.log.info(heartBeatLine(state, target, time));
    if (kind === 'heartbeat') {
      // All of them give a sign of life at about the same time: one line is enough.
      if (elapsed >= beatAt) host.log.info(crowdLine([...latest.values()], Math.max(count, latest.size), time));
      beatAt = elapsed >= beatAt ? elapsed + CROWD_BEAT : beatAt;
      return;
    }
    const line = state === undefined ? undefined : changeLine(told.get(target.name), state, time);
    if (line === undefined || state === undefined) return;
    told.set(target.name, state);
    host.log.info(line);
  };
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
