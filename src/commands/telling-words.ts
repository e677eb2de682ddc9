import type { Phase, VerdictKind } from '../engines/delivery-engine.ts';
import type { ProgressEvent } from '../engines/watch.ts';
import type { DeploymentState, Revision, StatusDraft } from '../forges/forge-client.ts';
import type { TargetOutcome } from '../outcome.ts';
import { safeText } from '../reporting/foreign-text.ts';
import { waitHeadline, worstVerdict } from './verdict-words.ts';

/** How a wait ended, as a forge is told. */
export interface Ending {
  readonly deployment: Exclude<DeploymentState, 'running'>;
  readonly status: Exclude<StatusDraft['state'], 'pending'>;
  readonly words: string;
}

const STATES: Readonly<Record<VerdictKind, Pick<Ending, 'deployment' | 'status'>>> = {
  landed: { deployment: 'success', status: 'success' },
  failed: { deployment: 'failure', status: 'failure' },
  timedOut: { deployment: 'failure', status: 'failure' },
  waiting: { deployment: 'failure', status: 'failure' },
  blocked: { deployment: 'failure', status: 'failure' },
  superseded: { deployment: 'inactive', status: 'error' },
  unreachable: { deployment: 'error', status: 'error' },
};

export function endingOf(revision: Revision, outcomes: readonly TargetOutcome[]): Ending {
  const verdict = worstVerdict(outcomes);
  const headline = waitHeadline(revision, outcomes);
  const reason = verdict === undefined || verdict.kind === 'landed' ? undefined : verdict.reasons[0];
  return {
    ...STATES[verdict?.kind ?? 'landed'],
    words: safeText(reason === undefined ? headline : `${headline}: ${reason}`),
  };
}

/** What broke the wait off proves nothing about the revision. */
export function endingOfError(error: unknown, isCancelled: boolean): Ending {
  if (isCancelled) return { deployment: 'inactive', status: 'error', words: 'cancelled' };
  const reason = error instanceof Error ? error.message : String(error);
  return { deployment: 'error', status: 'error', words: safeText(`not decided: ${reason}`) };
}

const ORDER: readonly Phase[] = ['resolve', 'unseen', 'seen', 'syncing', 'applied', 'rolling', 'settling'];

const WORDS: Readonly<Record<Phase, string>> = {
  resolve: 'waiting for the first answer',
  unseen: 'waiting until it is seen',
  seen: 'seen',
  syncing: 'being applied',
  applied: 'applied',
  rolling: 'rolling out',
  settling: 'live, waiting whether it stays so',
};

/** Follows the slowest of all targets, and has new words only when its phase has changed. */
export function phaseWords(targets: number) {
  const phases = new Map<string, Phase>();
  const decided = new Set<string>();
  let told: Phase = 'resolve';
  return {
    first: WORDS.resolve,
    after({ kind, target, verdict }: ProgressEvent): string | undefined {
      phases.set(target.name, verdict.phase);
      if (kind === 'verdict') decided.add(target.name);
      const open = [...phases].filter(([name]) => !decided.has(name)).map(([, phase]) => phase);
      const known = phases.size < targets ? [...open, 'resolve' as const] : open;
      const slowest = ORDER.find((phase) => known.includes(phase));
      if (slowest === undefined || slowest === told) return undefined;
      told = slowest;
      return targets > 1 ? `${WORDS[slowest]} (${decided.size} of ${targets} decided)` : WORDS[slowest];
    },
  };
}
